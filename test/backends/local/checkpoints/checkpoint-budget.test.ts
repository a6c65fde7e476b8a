import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CheckpointBudget } from '../../../../src/backends/local/checkpoints/checkpoint-budget.js'

let folder: string
let removed: number[]
let warnings: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-budget-'))
  removed = []
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const directoryOf = (trial: number): string => join(folder, String(trial))

/** A budget for checkpoints of 100 bytes each. */
function budgetOf(bytes: number): CheckpointBudget {
  return new CheckpointBudget({
    bytes,
    directoryOf,
    objective: { metric: 'accuracy', goal: 'max', report: 'accuracy' },
    onRemoved: (trial, size) => removed.push(size === 100 ? trial : Number.NaN),
    onWarning: (text) => warnings.push(text),
  })
}

/** Starts a trial that reports one level, and saves. */
function report(
  budget: CheckpointBudget,
  trial: number,
  level: number,
  accuracy: number,
  decision: 'continue' | 'pause' | 'stop',
): void {
  mkdirSync(join(directoryOf(trial), 'checkpoints'), { recursive: true })
  writeFileSync(join(directoryOf(trial), 'checkpoints', 'model'), Buffer.alloc(100))
  budget.start(0, trial)
  budget.report(0, trial, 0, level, Float64Array.of(accuracy), decision)
}

test('ended trials go first, then paused ones, the least promising first; never what runs', async () => {
  const budget = budgetOf(350)
  report(budget, 0, 3, 0.9, 'continue')
  report(budget, 1, 1, 0.5, 'pause')
  report(budget, 2, 1, 0.4, 'pause')
  report(budget, 3, 3, 0.1, 'pause')
  report(budget, 4, 1, Number.NaN, 'pause')
  report(budget, 5, 9, 0.99, 'stop')
  report(budget, 6, 1, 0, 'pause')
  report(budget, 7, 2, 0.2, 'continue')
  for (const trial of [1, 2, 3, 4, 5]) budget.released(0, trial)
  budget.end(0, 7)
  await budget.settled()
  // 6 was paused, but its process is not gone.
  expect(removed).toEqual([7, 5, 4, 2, 1])
  expect([0, 1, 2, 3, 4, 5, 6, 7].filter((trial) => existsSync(join(directoryOf(trial), 'checkpoints')))).toEqual([
    0, 3, 6,
  ])
  expect(warnings).toEqual([])
})

test('within the budget nothing is removed', async () => {
  const budget = budgetOf(200)
  report(budget, 0, 3, 0.9, 'stop')
  report(budget, 1, 1, 0.5, 'pause')
  budget.released(0, 1)
  await budget.settled()
  expect(removed).toEqual([])
})

test('says when what runs is too much', async () => {
  const budget = budgetOf(150)
  report(budget, 0, 3, 0.9, 'continue')
  report(budget, 1, 1, 0.5, 'continue')
  await budget.settled()
  expect(removed).toEqual([])
  expect(warnings).toEqual(['the checkpoints of running trials alone take 200 bytes, more than the budget of 150'])
})

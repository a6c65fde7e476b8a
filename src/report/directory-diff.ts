/** Two run directories: which runs are equal, where the others part, and what that did to their outcome. */
import type { StopRule } from '../core/stop-rule.js'
import type { RunDirectory } from '../store/run-directory.js'
import type { RunSummary } from '../store/run-set.js'
import { hasResult } from './arms.js'
import { type CellPair, pairRuns, reportedValues } from './pair-runs.js'
import { type Divergence, firstDivergence } from './run-diff.js'
import type { Summary } from './statistics/student.js'

/** A run that is not the same on both sides. */
export interface DifferentRun {
  readonly table: string
  readonly method: string
  readonly workers: number
  readonly budget: StopRule
  readonly seed: number
  /** Where they part; null where one side has no such run although it was planned. */
  readonly divergence: Divergence | null
  readonly missingIn: 'A' | 'B' | null
  /** The reported value of the incumbent at the end; null where there is none. */
  readonly outcome: { readonly a: number | null; readonly b: number | null }
}

/** What differences did to a method on a table. */
export interface Outcome {
  readonly table: string
  readonly method: string
  readonly workers: number
  readonly budget: StopRule
  /** The reported metric; null where the sides report different ones. */
  readonly metric: string | null
  /** Runs that both sides planned, and how many of them differ or are missing on one. */
  readonly runs: number
  readonly different: number
  /** Means over the seeds of which both have a result. */
  readonly a: number | null
  readonly b: number | null
  /** B minus A by seed, equal runs included. */
  readonly difference: Summary | null
}

export interface DirectoryDiff {
  readonly a: string
  readonly b: string
  /** Runs of both sides. */
  readonly common: number
  readonly equal: number
  /** Names under which the two replayed different tables. */
  readonly differentTables: readonly string[]
  /** Planned on one side only. */
  readonly onlyA: number
  readonly onlyB: number
  readonly different: readonly DifferentRun[]
  /** Of the cells that have different runs. */
  readonly outcomes: readonly Outcome[]
}

/** Compares all runs that two directories have in common, event by event. @throws BenchError if there are none */
export function diffDirectories(a: RunDirectory, b: RunDirectory): DirectoryDiff {
  const { cells, differentTables, onlyA, onlyB } = pairRuns(a, b)
  const different: DifferentRun[] = []
  const outcomes: Outcome[] = []
  let common = 0
  for (const pair of cells) {
    const { table, method, workers, budget } = pair.cell
    const cell = { table, method, workers, budget }
    const found: DifferentRun[] = []
    for (const run of pair.pairs) {
      common++
      const divergence = firstDivergence(a.events(run.a), b.events(run.b))
      if (divergence === undefined) continue
      const outcome = { a: resultOf(run.a), b: resultOf(run.b) }
      found.push({ ...cell, seed: run.seed, divergence, missingIn: null, outcome })
    }
    for (const { seed, in: missingIn } of pair.missing)
      found.push({ ...cell, seed, divergence: null, missingIn, outcome: { a: null, b: null } })
    if (found.length === 0) continue
    different.push(...found)
    outcomes.push({ ...cell, ...outcomeOf(pair), different: found.length })
  }
  const diverged = different.filter(({ divergence }) => divergence !== null).length
  return { a: a.path, b: b.path, common, equal: common - diverged, differentTables, onlyA, onlyB, different, outcomes }
}

function outcomeOf(pair: CellPair): Pick<Outcome, 'metric' | 'runs' | 'a' | 'b' | 'difference'> {
  const values = pair.sameMetric ? reportedValues(pair) : undefined
  return {
    metric: pair.sameMetric ? pair.cell.objectives[0]!.report : null,
    runs: pair.pairs.length + pair.missing.length,
    a: values?.a ?? null,
    b: values?.b ?? null,
    difference: values?.difference ?? null,
  }
}

function resultOf(run: RunSummary): number | null {
  return hasResult(run) ? run.best.test : null
}

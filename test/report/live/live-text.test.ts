import { describe, expect, it } from 'vitest'
import type { DirectoryView, RunEntry } from '../../../src/report/live/directory-view.js'
import { secondsLeftOfAll } from '../../../src/report/live/directory-view.js'
import { happeningText } from '../../../src/report/live/happening.js'
import { LiveRun } from '../../../src/report/live/live-run.js'
import { liveText, runBeginsText, runEndedText } from '../../../src/report/live/live-text.js'
import { printable } from '../../../src/core/printable.js'
import { cut } from '../../../src/report/live/cut.js'
import { fitSections } from '../../../src/report/live/sections.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import type { RunSummary } from '../../../src/store/run-set.js'
import { end, report, restart, resume, setup, simulatedJournal, start } from './journals.js'

const entry = (seed: number, state: RunEntry['state'], change: Partial<RunEntry> = {}): RunEntry => ({
  cell: 0,
  seed,
  table: 'toy',
  method: 'asha',
  workers: 2,
  report: 'test_error',
  state,
  ...(state === 'finished' && { summary: summary() }),
  ...change,
})

function summary(): RunSummary {
  const best = { trial: 3, config: {}, resource: 9, validation: 0.3, test: 0.31, row: -1 }
  return {
    cell: 0,
    table: 'toy',
    method: 'asha',
    seed: 0,
    workers: 2,
    trials: 12,
    reports: 40,
    simulatedSeconds: 95,
    busySeconds: 180,
    fullEvaluations: 3,
    reason: 'reports',
    failures: 1,
    inFlight: { trials: 0, seconds: 0 },
    best,
    digest: '00',
  }
}

const config = (lr: number) => ({ learning_rate: lr, model: 'words', batch_size: 32, warmup_ratio: 0.1, dropout: 0.25 })
const events: readonly RunEvent[] = [
  start(0, 0, config(0.003) as never),
  start(0, 1, config(0.01) as never),
  report(11, 0, 1, 0.5),
  report(12, 1, 1, 0.6, 'pause'),
  start(12, 2, config(0.1) as never),
  report(21, 0, 2, 0.4),
  restart(22, 2, 0, 'exit code 1'),
  report(33, 0, 3, 0.45, 'pause'),
  start(33, 3, config(0.2) as never),
  end(34, 3, 'failed', 'exit code 2'),
  resume(34, 0, 3),
  report(41, 0, 4, 0.39),
]

function running(change: Partial<DirectoryView> = {}, itsEvents = events, itsSetup = setup): DirectoryView {
  const run = new LiveRun(itsSetup)
  for (const event of itsEvents) run.take(event)
  return {
    experiment: 'toy-experiment',
    state: 'running',
    writer: { pid: 7, host: 'here' },
    runs: [entry(0, 'finished'), entry(1, 'running'), entry(2, 'waiting')],
    current: { at: 1, run: run.view(45), setup: itsSetup },
    secondsLeft: 150,
    ...change,
  }
}

const advice = 'go on with the command that began it, --out results/toy and --resume'
const shown = (view: DirectoryView, columns = 100, rows?: number): string =>
  liveText(view, { columns, ...(rows !== undefined && { rows }), colors: false, advice }).join('\n')

describe('a run while it goes', () => {
  it('on a wide terminal', () => expect(shown(running(), 100, 40)).toMatchSnapshot())
  it('on a narrow terminal', () => expect(shown(running(), 40, 40)).toMatchSnapshot())
  it('on a low terminal', () => expect(shown(running(), 80, 12)).toMatchSnapshot())
  it('printed whole', () => expect(shown(running())).toMatchSnapshot())

  it('in colours, which NO_COLOR takes away', () => {
    const coloured = liveText(running(), { columns: 80, rows: 24, colors: true, advice }).join('\n')
    expect(coloured).toMatchSnapshot()
    // eslint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(shown(running(), 80, 24))
  })

  it('with several objectives', async () => {
    const journal = await simulatedJournal(
      { type: 'mo-asha-stopping' },
      {
        objectives: [
          { metric: 'error', report: 'test_error' },
          { metric: 'test_error', goal: 'max' },
        ],
      },
    )
    expect(shown(running({}, journal.events, journal.setup), 80, 24)).toMatchSnapshot()
  })

  it('that has not begun, is finished, or was killed', () => {
    const { current: _current, ...none } = running()
    const runs = [entry(0, 'waiting'), entry(1, 'waiting')]
    expect(shown({ ...none, state: 'waiting', runs })).toMatchSnapshot('not begun')
    const finished = [entry(0, 'finished'), entry(1, 'finished', { summary: { ...summary(), failures: 0 } })]
    expect(shown(running({ state: 'finished', runs: finished }), 60)).toMatchSnapshot('finished')
    const killed = [entry(0, 'finished'), entry(1, 'unfinished'), entry(2, 'waiting')]
    expect(shown(running({ state: 'unfinished', runs: killed }), 60)).toMatchSnapshot('killed')
  })

  it('fits, whatever room there is', () => {
    for (const columns of [20, 40, 57, 100])
      for (let rows = 1; rows < 40; rows++) {
        const lines = liveText(running(), { columns, rows, colors: false, advice })
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
      }
  })

  it('lets nothing from outside act on the terminal', () => {
    const hostile = '\u001B[2J\u0007\u009B31m\u202Eevil\nline'
    const itsSetup = { ...setup, resource: hostile, values: [hostile, 'x'] }
    const objectives = [{ metric: hostile, goal: 'min' as const, report: hostile }]
    const bad = [start(0, 0, { [hostile]: hostile } as never), report(1, 0, 1, 0.5), end(2, 0, 'failed', hostile)]
    const view = running({ experiment: hostile }, bad, { ...itsSetup, objectives })
    const runs = view.runs.map((one) => ({ ...one, table: hostile, method: hostile, report: hostile }))
    for (const text of [
      ...liveText({ ...view, runs }, { columns: 100, colors: false, advice }),
      runBeginsText(runs, 0),
    ])
      expect(text).not.toMatch(/[\p{Cc}\u202E]/u)
  })
})

describe('lines', () => {
  it('for what happened', () => {
    const words = { resource: 'epoch', metric: 'error' }
    const run = new LiveRun(setup)
    expect(events.flatMap((event) => run.take(event)).map((one) => happeningText(one, words))).toMatchSnapshot()
    const { runs } = running()
    expect([runBeginsText(runs, 1), runEndedText(runs, 0), runEndedText(runs, 2)]).toEqual([
      'run 2 of 3 begins: toy, asha, seed 1',
      'run 1 of 3 ended: toy, asha, seed 0: test_error 0.31, 12 trials, 1 failed, 1 min 35 s',
      'run 3 of 3 ended: toy, asha, seed 2: no result; its journal is kept',
    ])
    const [first, ...others] = runs
    const cut = { ...first!, summary: { ...first!.summary!, maxCost: 628 } }
    expect(runEndedText([cut, ...others], 0)).toMatch(
      /, 12 trials, 1 failed, 1 min 35 s; ended early by --max-cost 628$/,
    )
  })

  it('are cut with a sign that they were', () => {
    expect(cut('abc', 3)).toBe('abc')
    expect(cut('abcd', 3)).toBe('ab…')
    expect(cut('\u{1F600}\u{1F600}', 2)).toBe('\u{1F600}\u{1F600}')
    expect(printable('a\tb\u001Bc')).toBe('a b\\u{1b}c')
  })
})

it('the time left for all runs counts on budgets, else on the runs before', () => {
  const cell = { seconds: 60 }
  const view = running()
  const left = (cells: object[], runs = view.runs): number | undefined =>
    secondsLeftOfAll(runs, cells as never, { ...view.current!.run, secondsLeft: 10 })
  expect(left([cell])).toBe(70)
  expect(left([{}])).toBe(105)
  expect(left([{}], [entry(1, 'running'), entry(2, 'waiting')])).toBeUndefined()
})

describe('sections that do not all fit', () => {
  const lines = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`)
  const a = { title: 'A', counted: true, lines: lines('a', 5), keep: 'last', order: 2, wish: 2 } as const
  const b = { lines: lines('b', 3), keep: 'all', order: 1, wish: Infinity } as const

  it.each([
    [20, 'A a0 a1 a2 a3 a4 b0 b1 b2'],
    [8, 'A (4 of 5) a1 a2 a3 a4 b0 b1 b2'],
    [5, 'A (1 of 5) a4 b0 b1 b2'],
    [4, 'b0 b1 b2'],
    [2, 'A (1 of 5) a4'],
    [1, ''],
    [-3, ''],
  ])('%i lines', (rows, expected) => {
    expect(fitSections([a, b], rows).join(' ')).toBe(expected)
  })
})

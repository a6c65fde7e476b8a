/** Journals of runs for tests: written by hand, or of a simulated run. */
import type { Experiment } from '../../../src/core/experiment.js'
import { type LiveSetup, announcedRungs } from '../../../src/report/live/live-setup.js'
import { planExperiment } from '../../../src/run/plan.js'
import { simulate } from '../../../src/run/simulate.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import { EVENT_KINDS } from '../../../src/store/run-log.js'
import type { RunSummary } from '../../../src/store/run-set.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import { makeTable } from '../../surrogates/make-table.js'

export const setup: LiveSetup = {
  objectives: [{ metric: 'error', goal: 'min', report: 'test_error' }],
  ranges: undefined,
  values: ['error', 'test_error'],
  resource: 'epoch',
  maxResource: 9,
  rungs: [1, 3],
  stop: { reports: 20 },
  workers: 2,
  pricePerHour: undefined,
}

/** Short forms of events. */
export const start = (time: number, trial: number, config = { lr: trial / 10 }): RunEvent => ({
  event: 'start',
  time,
  trial,
  config,
})
export const report = (
  time: number,
  trial: number,
  resource: number,
  error: number,
  decision: 'continue' | 'pause' | 'stop' = 'continue',
): RunEvent => ({ event: 'report', time, trial, attempt: 0, resource, values: [error, error + 0.01], decision })
export const resume = (time: number, trial: number, from: number): RunEvent => ({
  event: 'resume',
  time,
  trial,
  attempt: 1,
  from,
})
export const end = (time: number, trial: number, state: 'completed' | 'failed', reason = ''): RunEvent => ({
  event: 'end',
  time,
  trial,
  attempt: 0,
  state,
  reason,
})
export const restart = (time: number, trial: number, from: number, reason: string): RunEvent => ({
  event: 'restart',
  time,
  trial,
  attempt: 0,
  from,
  reason,
})

export interface SimulatedJournal {
  readonly setup: LiveSetup
  readonly events: readonly RunEvent[]
  readonly summary: RunSummary
}

/** A run of a method as a local one would have written it. */
export async function simulatedJournal(
  scheduler: Experiment['methods'][string]['scheduler'],
  change: Partial<Experiment> = {},
): Promise<SimulatedJournal> {
  const table = new SurrogateTable(makeTable({ name: 'toy', levels: 9, configurations: 60, repetitions: 1 }))
  const experiment: Experiment = {
    name: 'toy',
    question: 'Which?',
    tables: ['toy'],
    objectives: [{ metric: 'error', report: 'test_error' }],
    methods: { one: { scheduler } },
    workers: 4,
    budget: { fullEvaluations: 8 },
    ...change,
  }
  const { cells } = await planExperiment(experiment, [table], [0], process.cwd())
  const cell = cells[0]!
  const { events: columns, summaries } = await simulate(cell, table, [0])
  const events: RunEvent[] = []
  for (let i = 0; i < columns.kind.length; i++) {
    const [kind, time, trial] = [EVENT_KINDS[columns.kind[i]!]!, columns.time[i]!, columns.trial[i]!]
    const resource = columns.resource[i]!
    const values = columns.values.map((column) => column[i]!)
    if (kind === 'start') events.push(start(time, trial))
    else if (kind === 'resume') events.push(resume(time, trial, resource))
    else if (kind === 'completed' || kind === 'failed') events.push(end(time, trial, kind))
    else if (kind === 'continue' || kind === 'pause' || kind === 'stop')
      events.push({ event: 'report', time, trial, attempt: 0, resource, values, decision: kind })
  }
  return {
    setup: {
      objectives: cell.objectives,
      ranges: cell.ranges,
      values: cell.metrics,
      resource: 'epoch',
      maxResource: cell.maxResource,
      rungs: announcedRungs({ type: String(cell.scheduler.type), options: cell.scheduler.options }, cell.maxResource),
      stop: cell.stop,
      workers: cell.workers,
      pricePerHour: 2,
    },
    events,
    summary: summaries[0]!,
  }
}

/** Whole runs of a scheduler: what they are made of, and what was decided, in order; on any backend, on the program steps.mjs. */
import type { RealTimeBackend } from '../../src/core/backend.js'
import { driveReal } from '../../src/core/drive.js'
import { limitTrials } from '../../src/core/limited-searcher.js'
import type { Objective } from '../../src/core/objective.js'
import { RandomStreams } from '../../src/core/random.js'
import type { Recorder } from '../../src/core/recorder.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { searchers } from '../../src/core/searchers/index.js'
import { Tuner } from '../../src/core/tuner.js'
import type { FreshParts } from '../../src/run/replay-events.js'
import type { RunEvent } from '../../src/store/journal-recorder.js'
import { TableSource } from '../../src/surrogates/table-source.js'
import type { SurrogateTable } from '../../src/surrogates/table.js'
import { tableOf } from '../../src/testing/table-of.js'

export const LEVELS = 4
export const METRICS = ['error', 'size']
const TRIALS = 9

export interface Method {
  readonly scheduler: 'asha-stopping' | 'asha-promotion' | 'mo-asha-stopping' | 'population-based-training'
  readonly workers: number
}

/** Only its configurations count: x from 0 to 1. */
const table = tableOf({ levels: LEVELS, configurations: 41, value: ({ level }) => 1 / level })

/**
 * Scheduler and random searcher as at the beginning of a run: reduction factor 2, or a population of 4 of which half are replaced.
 *
 * @param table whose configurations are drawn, with as many levels as trials have
 */
export function partsOf(
  name: Method['scheduler'] | 'hyperband',
  table: SurrogateTable,
  seed: number,
  maxTrials: number,
): FreshParts {
  const error: Objective = { metric: 'error', goal: 'min', report: 'error' }
  const size: Objective = { metric: 'size', goal: 'min', report: 'size' }
  const objectives = name === 'mo-asha-stopping' ? [error, size] : [error]
  const maxResource = table.levels
  const source = new TableSource(table, {}, table.space)
  const context = { source, objectives, maxResource, random: new RandomStreams(seed) }
  const random = searchers.random.create(searchers.random.options.parse({}), {
    ...context,
    defaultConfig: table.defaultConfig,
  })
  const searcher = limitTrials(random, maxTrials)
  const definition = schedulers[name]
  const population = { populationSize: 4, quantile: 0.5 }
  const options = definition.options.parse(name === 'population-based-training' ? population : { reductionFactor: 2 })
  const scheduler = definition.create(options as never, { ...context, searcher, maxTrials })
  return { scheduler, searcher, objectives, maxResource }
}

/** Those of a method here. */
export function fresh({ scheduler }: Method): FreshParts {
  return partsOf(scheduler, table, 3, TRIALS)
}

export async function run(method: Method, backend: RealTimeBackend): Promise<RunEvent[]> {
  const recorder = new EventList()
  await driveReal(
    new Tuner({ ...fresh(method), diverged: 'stop', backend, recorder, stop: { trials: TRIALS } }),
    backend,
  )
  return recorder.events
}

/** What happened and what was decided, in order, without when. Restarts of programs are left out. */
export function withoutTimes(events: readonly RunEvent[]): string[] {
  return events.filter(({ event }) => event !== 'restart').map((event) => JSON.stringify({ ...event, time: 0 }))
}

/** Which levels were delivered, as `trial@level`. */
export function reached(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.event === 'report' ? [`${event.trial}@${event.resource}`] : []))
}

/**
 * What is wrong with the levels that were delivered: each trial has each once and in order, from the first that it trained. One
 * that began with a copy may begin later than at the level that was asked for, as its donor had gone on.
 */
export function misplaced(events: readonly RunEvent[]): string[] {
  const last = new Map<number, number>()
  const copied = new Map<number, number>()
  return events.flatMap((event) => {
    if (event.event === 'start') {
      last.set(event.trial, event.copy?.resource ?? 0)
      if (event.copy !== undefined) copied.set(event.trial, event.copy.resource)
    }
    if (event.event !== 'report') return []
    const { trial, resource } = event
    const before = last.get(trial)!
    last.set(trial, resource)
    const inOrder = resource === before + 1 || (before === copied.get(trial) && resource > before)
    return inOrder ? [] : [`${trial}@${resource} after ${before}`]
  })
}

/** The events of a run in memory; reports that do not count are left out. */
export class EventList implements Recorder {
  readonly events: RunEvent[] = []
  start: Recorder['start'] = (time, trial, config, copy) =>
    void this.events.push({ event: 'start', time, trial, config, ...(copy && { copy: { ...copy } }) })
  resume: Recorder['resume'] = (time, trial, attempt, from) =>
    void this.events.push({ event: 'resume', time, trial, attempt, from })
  report: Recorder['report'] = (time, trial, attempt, resource, values, decision) =>
    void this.events.push({ event: 'report', time, trial, attempt, resource, values: Array.from(values), decision })
  end: Recorder['end'] = (time, trial, attempt, state, reason) =>
    void this.events.push({ event: 'end', time, trial, attempt, state, reason })
  restart = (time: number, trial: number, attempt: number, from: number, reason: string): void =>
    void this.events.push({ event: 'restart', time, trial, attempt, from, reason })
  ignored: Recorder['ignored'] = () => {}
}

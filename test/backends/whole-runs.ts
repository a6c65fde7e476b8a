/** Whole runs of a scheduler on any backend, on the program steps.mjs: what was decided, in order. */
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
import { tableOf } from '../../src/testing/table-of.js'

export const LEVELS = 4
export const METRICS = ['error', 'size']
const TRIALS = 9

export interface Method {
  readonly scheduler: 'asha-stopping' | 'asha-promotion' | 'mo-asha-stopping'
  readonly workers: number
}

/** Only its configurations count: x from 0 to 1. */
const table = tableOf({ levels: LEVELS, configurations: 41, value: ({ level }) => 1 / level })

/** Scheduler and searcher as at the beginning of a run. */
export function fresh({ scheduler: name }: Method): FreshParts {
  const error: Objective = { metric: 'error', goal: 'min', report: 'error' }
  const size: Objective = { metric: 'size', goal: 'min', report: 'size' }
  const objectives = name === 'mo-asha-stopping' ? [error, size] : [error]
  const context = {
    source: new TableSource(table, {}, table.space),
    objectives,
    maxResource: LEVELS,
    random: new RandomStreams(3),
  }
  const random = searchers.random.create(searchers.random.options.parse({}), {
    ...context,
    defaultConfig: table.defaultConfig,
  })
  const searcher = limitTrials(random, TRIALS)
  const definition = schedulers[name]
  const options = definition.options.parse({ reductionFactor: 2 })
  const scheduler = definition.create(options as never, { ...context, searcher, maxTrials: TRIALS })
  return { scheduler, searcher, objectives, maxResource: LEVELS }
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

class EventList implements Recorder {
  readonly events: RunEvent[] = []
  start: Recorder['start'] = (time, trial, config) => void this.events.push({ event: 'start', time, trial, config })
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

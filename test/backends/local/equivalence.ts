/**
 * The same scheduler, seed and table, once simulated and once on processes that sleep the table's times: the same decisions
 * in the same order?
 *
 * Times are whole ticks, made so that no two events of the simulated run fall on the same tick, whatever the workers: where
 * two do, the later one's training is made a tick longer, until none is left. A real event has thus a tick (100 ms at
 * least) to arrive in before the next one is due. Programs count from the stamp that the backend leaves when it starts
 * them, rounded down to a tick, so that what starting and ending takes does not add up.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LocalBackend } from '../../../src/backends/local/local-backend.js'
import { FaultPlan } from '../../../src/backends/simulated/faults.js'
import { simulationOptions } from '../../../src/backends/simulated/options.js'
import { SimulatedBackend } from '../../../src/backends/simulated/simulated-backend.js'
import { driveReal, driveVirtual } from '../../../src/core/drive.js'
import { RandomStreams, mix, mixedUniform } from '../../../src/core/random.js'
import { type Config, configKey } from '../../../src/core/space.js'
import { Tuner } from '../../../src/core/tuner.js'
import type { FreshParts } from '../../../src/run/replay-events.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import type { SurrogateTable } from '../../../src/surrogates/table.js'
import { tableOf } from '../../../src/testing/table-of.js'
import { EventList, partsOf } from '../whole-runs.js'

/** Sleeps the times of a plan. */
export const program = fileURLToPath(new URL('../../fixtures/programs/sleeper.mjs', import.meta.url))
const LEVELS = 4
const TRIALS = 14
/** These fail, at a level that is drawn. */
const FAILING = [2, 7]
/** Ticks that a program has to start in. */
const STARTUP = 6
/** Clocks of processes, files and timers differ by so much (milliseconds). */
export const CLOCKS = 30

export interface Case {
  readonly scheduler: 'asha-stopping' | 'asha-promotion' | 'hyperband' | 'mo-asha-stopping'
  readonly workers: number
}

export type Verdict = 'equal' | 'different' | 'inconclusive'

/** The simulated run and what made it. */
export interface Planned {
  readonly given: Case
  readonly table: SurrogateTable
  /** Per configuration and level, in ticks. */
  readonly elapsed: readonly (readonly number[])[]
  readonly events: readonly RunEvent[]
}

/** Plans a case: makes times until all events of the simulated run are a tick apart. */
export function plan(given: Case): Planned {
  const key = new RandomStreams(JSON.stringify(given)).key('times')
  const elapsed = Array.from({ length: 2 * TRIALS }, (_, i) => {
    let ticks = 0
    return Array.from({ length: LEVELS }, (_unused, l) => (ticks += 2 + Math.floor(3 * mixedUniform(key, mix(i, l)))))
  })
  for (;;) {
    const table = tableFrom(elapsed)
    const events = simulated(given, table)
    const clash = events.find(
      (event, i) => happens(event) && events.slice(0, i).some((other) => sameTick(other, event)),
    )
    if (clash === undefined) return { given, table, elapsed, events }
    // The level at which it happens: that of a report, or for a failure the one that is not reached any more.
    const last = events.findLast(
      (event) => event.event === 'report' && event.trial === clash.trial && event.time < clash.time,
    )
    const level = clash.event === 'report' ? clash.resource : last?.event === 'report' ? last.resource + 1 : 1
    const times = elapsed[table.indexOf(configOf(events, clash.trial))]!
    for (let l = level; l <= LEVELS; l++) times[l - 1]!++
  }
}

function configOf(events: readonly RunEvent[], trial: number): Config {
  for (const event of events) if (event.event === 'start' && event.trial === trial) return event.config
  throw new Error(`trial ${trial} was never started`)
}

function happens(event: RunEvent): boolean {
  return event.event === 'report' || event.event === 'end'
}

function sameTick(a: RunEvent, b: RunEvent): boolean {
  return happens(a) && a.time === b.time && a.trial !== b.trial
}

function tableFrom(elapsed: readonly (readonly number[])[]): SurrogateTable {
  return tableOf({
    levels: LEVELS,
    configurations: elapsed.length,
    metrics: { error: 'min', size: 'min' },
    startup: STARTUP,
    seconds: ({ configuration, level }) => elapsed[configuration]![level - 1]!,
    value: ({ configuration, level, metric }) =>
      Math.round(1000 * (mixedUniform(11, mix(configuration, metric === 'error' ? 1 : 2)) + 1 / level)) / 1000,
  })
}

/** Scheduler and searcher as at the beginning of the run. */
export function fresh({ scheduler }: Case, table: SurrogateTable): FreshParts {
  return partsOf(scheduler, table, 5, TRIALS)
}

const FAULTS = simulationOptions({ faults: { trials: FAILING } })

function simulated(given: Case, table: SurrogateTable): RunEvent[] {
  const parts = fresh(given, table)
  const metrics = parts.objectives.map(({ metric }) => metric)
  const random = new RandomStreams(5)
  const backend = new SimulatedBackend({
    table,
    workers: given.workers,
    metrics,
    seed: 5,
    random,
    options: FAULTS,
    fixed: {},
  })
  const recorder = new EventList()
  driveVirtual(new Tuner({ ...parts, diverged: 'stop', backend, recorder, stop: { trials: TRIALS } }), backend)
  return recorder.events
}

/** Runs a planned case for real. @param tick milliseconds */
export async function runForReal(
  { given, table, elapsed }: Planned,
  tick: number,
  directory: string,
): Promise<RunEvent[]> {
  const parts = fresh(given, table)
  const metrics = parts.objectives.map(({ metric }) => metric)
  const faults = new FaultPlan(FAULTS.faults, new RandomStreams(5).key('faults'))
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'plan.json')
  const backend = new LocalBackend({
    program: { command: ['node', program], arguments: { plan: path } },
    workers: given.workers,
    resource: 'epoch',
    maxResource: LEVELS,
    metrics,
    directory: join(directory, 'trials'),
    checkpoints: true,
  })
  const rows = elapsed.map((times, i) => {
    const values = times.map((_, l) =>
      Object.fromEntries(metrics.map((name) => [name, table.curve(name)[i * LEVELS + l]!])),
    )
    return [String(table.configuration(i)['x']), { elapsed: times, values }]
  })
  const failures = Object.fromEntries(FAILING.map((trial) => [trial, faults.level(trial, 0, 0, LEVELS)]))
  const origin = Date.now() - backend.now() * 1000
  writeFileSync(
    path,
    JSON.stringify({ origin, tick, clocks: CLOCKS, startup: STARTUP, rows: Object.fromEntries(rows), failures }),
  )
  const recorder = new EventList()
  await driveReal(new Tuner({ ...parts, diverged: 'stop', backend, recorder, stop: { trials: TRIALS } }), backend)
  return recorder.events
}

/** Whether two runs decided the same in the same order; where events came in another order, whose fault that is. */
export function compare(planned: readonly RunEvent[], real: readonly RunEvent[], tick: number): Verdict {
  const at = planned.findIndex((event, i) => real[i] === undefined || textOf(event) !== textOf(real[i]))
  if (at < 0) return real.length === planned.length ? 'equal' : 'different'
  const came = real[at]
  // Nothing more came, or it was the same that happened and another decision.
  if (came === undefined || whatOf(came) === whatOf(planned[at]!)) return 'different'
  // What came was due, so that what was due before it is late; or something was late before, whatever that led to.
  const due = planned.slice(at + 1).find((event) => whatOf(event) === whatOf(came))
  const isDue = due !== undefined && came.time * 1000 >= due.time * tick - CLOCKS
  const wasLate = real.slice(0, at).some(({ time }, i) => time * 1000 >= (planned[i]!.time + 1) * tick - CLOCKS)
  return isDue || wasLate ? 'inconclusive' : 'different'
}

/** What happened, without what was decided. */
function whatOf(event: RunEvent): string {
  return `${event.event} ${event.trial} ${event.event === 'report' ? event.resource : event.event === 'end' ? event.state : ''}`
}

function textOf(event: RunEvent): string {
  const decided =
    event.event === 'start'
      ? configKey(event.config)
      : event.event === 'report'
        ? event.decision
        : event.event === 'resume'
          ? event.from
          : ''
  return `${whatOf(event)} ${decided}`
}

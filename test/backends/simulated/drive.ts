/** Runs a scheduler on a table as one run and gives back what happened, as short texts. */
import { type SimulationOptions, simulationOptions } from '../../../src/backends/simulated/options.js'
import { SimulatedBackend } from '../../../src/backends/simulated/simulated-backend.js'
import { type ConfigSource, SpaceSource } from '../../../src/core/config-source.js'
import { driveVirtual } from '../../../src/core/drive.js'
import type { Accumulation, Goal, Objective } from '../../../src/core/objective.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { Scheduler } from '../../../src/core/scheduler.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import type { Searcher } from '../../../src/core/searcher.js'
import type { Config } from '../../../src/core/space.js'
import type { StopRule } from '../../../src/core/stop-rule.js'
import { Tuner } from '../../../src/core/tuner.js'
import { TableSource } from '../../../src/surrogates/table-source.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import type { TableData } from '../../../src/surrogates/table-data.js'

export interface DriveOptions {
  readonly scheduler?: keyof typeof schedulers | Scheduler
  readonly options?: object
  /** Configurations in this order; default: every one of the table once. */
  readonly configs?: readonly Config[]
  /** Instead of `configs`. */
  readonly searcher?: Searcher
  readonly workers?: number
  readonly seed?: number
  readonly metrics?: readonly string[]
  /** How many of `metrics` are objectives; default 1. */
  readonly objectives?: number
  readonly goal?: Goal
  /** Per objective. */
  readonly accumulates?: readonly (Accumulation | undefined)[]
  readonly simulation?: Parameters<typeof simulationOptions>[0]
  readonly stop?: Omit<StopRule, 'fullEvaluations'>
  readonly pricePerHour?: number
  readonly fixed?: Partial<Config>
  readonly diverged?: 'stop' | 'continue'
  readonly maxFailures?: number
  readonly wallClock?: () => number
}

export interface Driven {
  /** `time trial@level decision` */
  readonly reports: string[]
  /** Everything: `time start trial`, `time resume trial from`, `time trial@level decision`, `time completed trial`, ... */
  readonly all: string[]
  readonly values: number[][]
  readonly tuner: Tuner
  readonly backend: SimulatedBackend
}

export function listSearcher(configs: readonly Config[]): Searcher {
  let at = 0
  return { suggest: () => configs[at++] }
}

export function makeScheduler(
  type: keyof typeof schedulers,
  options: object,
  searcher: Searcher,
  maxResource: number,
  seed = 0,
  goal: Goal = 'min',
  source: ConfigSource = new SpaceSource({}),
): Scheduler {
  return schedulers[type].create(schedulers[type].options.parse(options) as never, {
    searcher,
    source,
    objectives: [{ metric: 'error', goal, report: 'error' }],
    maxResource,
    random: new RandomStreams(seed),
  })
}

/** Options with every default filled in. */
export function filled(simulation: DriveOptions['simulation'] = {}): SimulationOptions {
  return simulationOptions(simulation)
}

function objectiveOf(metric: string, goal: Goal, accumulates: Accumulation | undefined): Objective {
  return accumulates === undefined ? { metric, goal, report: metric } : { metric, goal, report: metric, accumulates }
}

export function drive(data: TableData, given: DriveOptions = {}): Driven {
  const table = new SurrogateTable(data)
  const configs = given.configs ?? Array.from({ length: table.configurations }, (_, i) => table.configuration(i))
  const searcher = given.searcher ?? listSearcher(configs)
  const seed = given.seed ?? 0
  const { scheduler: type = 'fifo' } = given
  const scheduler =
    typeof type === 'string'
      ? makeScheduler(type, given.options ?? {}, searcher, table.levels, seed, given.goal, new TableSource(table))
      : type
  const metrics = given.metrics ?? ['error']
  const backend = new SimulatedBackend({
    table,
    workers: given.workers ?? 1,
    metrics,
    seed,
    random: new RandomStreams(seed),
    options: filled(given.simulation),
    fixed: given.fixed ?? {},
    ...(given.wallClock && { wallClock: given.wallClock }),
  })
  const [reports, all, values]: [string[], string[], number[][]] = [[], [], []]
  const tuner = new Tuner({
    scheduler,
    searcher,
    backend,
    recorder: {
      start: (time, trial) => all.push(`${time} start ${trial}`),
      resume: (time, trial, _attempt, from) => all.push(`${time} resume ${trial} ${from}`),
      report: (time, trial, _attempt, resource, reported, decision) => {
        reports.push(`${time} ${trial}@${resource} ${decision}`)
        all.push(reports.at(-1)!)
        values.push([...reported])
      },
      end: (time, trial, _attempt, state) => all.push(`${time} ${state} ${trial}`),
      ignored: (time, trial, _attempt, resource) => all.push(`${time} ignored ${trial}@${resource}`),
    },
    objectives: metrics
      .slice(0, given.objectives ?? 1)
      .map((metric, i): Objective => objectiveOf(metric, given.goal ?? 'min', given.accumulates?.[i])),
    maxResource: table.levels,
    stop: given.stop ?? {},
    ...(given.pricePerHour !== undefined && { pricePerHour: given.pricePerHour }),
    ...(given.diverged && { diverged: given.diverged }),
    ...(given.maxFailures !== undefined && { maxFailures: given.maxFailures }),
  })
  driveVirtual(tuner, backend)
  return { reports, all, values, tuner, backend }
}

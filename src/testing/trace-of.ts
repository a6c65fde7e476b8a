/** `traceOf`: the golden trace of a scheduler on a table. */
import { z } from 'zod'
import { simulationSchema } from '../backends/simulated/options.js'
import { BenchError, invalid, show } from '../core/errors.js'
import { type Experiment, experimentSchema } from '../core/experiment.js'
import { suggestion } from '../core/nearest-name.js'
import type { Goal } from '../core/objective.js'
import { type SchedulerDefinition, schedulers } from '../core/schedulers/index.js'
import { type SearcherDefinition, searchers } from '../core/searchers/index.js'
import { type StopRule, stopRuleSchema } from '../core/stop-rule.js'
import { parseOr } from '../core/zod-error.js'
import { openTable } from '../run/open-table.js'
import type { Cell, Component } from '../run/cell.js'
import { resolveBudget } from '../run/plan.js'
import { tableContext } from '../run/table-context.js'
import { SurrogateTable } from '../surrogates/table.js'
import { Trace } from './trace.js'

/** A scheduler or searcher: its definition, or a registered name, or either of them as `type` with options. */
export type Traced<D> = D | string | { readonly type: D | string; readonly [option: string]: unknown }

export interface TraceOptions {
  /** How many trials run at a time, default 1. */
  readonly workers?: number
  /** Default: the random searcher. */
  readonly searcher?: Traced<SearcherDefinition>
  /**
   * Metrics that steer. Default: the table's first validation metric with a goal; all of them for a scheduler that
   * ranks by all objectives.
   */
  readonly objectives?: readonly { readonly metric: string; readonly goal?: Goal }[]
  /** When the run ends. Default: as many trials as the table has configurations. */
  readonly budget?: StopRule
  /** What is assumed about the machinery, as in an experiment. */
  readonly simulation?: z.input<typeof simulationSchema>
  /** What becomes of a trial whose objective is not a finite number. Default `stop`. */
  readonly diverged?: 'stop' | 'continue'
  /** Ends the trace after so many seconds. */
  readonly until?: number
  /** Puts the scheduler's explanation below each decision. */
  readonly explain?: boolean
}

const optionsSchema = z.strictObject({
  workers: z.int().positive().default(1),
  searcher: z.unknown().optional(),
  objectives: experimentSchema.shape.objectives.optional(),
  budget: stopRuleSchema.optional(),
  simulation: simulationSchema.prefault({}),
  diverged: z.enum(['stop', 'continue']).default('stop'),
  until: z.number().positive().optional(),
  explain: z.boolean().default(false),
})

/**
 * Runs a scheduler on a table on the simulator and gives what it decided as a text.
 *
 * @param scheduler a definition or a registered name, or `{ type, ...options }` with either as its type
 * @param table a table, or the name of one that ships, or the path of one
 * @example
 * const trace = traceOf({ type: 'asha-stopping', reductionFactor: 4 }, table, 0, { workers: 2 })
 * console.log(String(trace))
 * @throws BenchError for unknown names and wrong options
 */
export function traceOf(
  scheduler: Traced<SchedulerDefinition>,
  table: SurrogateTable | string,
  seed: number,
  options: TraceOptions = {},
): Trace {
  if (!Number.isSafeInteger(seed) || seed < 0) throw invalid('seed', seed, 'must be a whole number from 0 on')
  const checked = parseOr(optionsSchema, options, 'options')
  const on = typeof table === 'string' ? new SurrogateTable(openTable(table)) : table
  const [definition, component] = resolved(scheduler, known(schedulers), 'scheduler')
  const [searcher, searcherComponent] = resolved(options.searcher ?? 'random', known(searchers), 'searcher')
  const { workers, simulation, diverged, until } = checked
  const objectives = checked.objectives ?? defaultObjectives(on, definition)
  const context = tableContext({ objectives } as Pick<Experiment, 'objectives'>, on, simulation)
  const budget = (checked.budget ?? { trials: on.configurations }) as StopRule
  const cell: Cell = {
    index: 0,
    ...context,
    method: 'traced',
    scheduler: component,
    searcher: searcherComponent,
    workers,
    budget,
    stop: resolveBudget(budget, context.fullSeconds),
    simulation,
    diverged,
    pricePerHour: on.data.metadata.pricePerHour,
    maxFailures: undefined,
  }
  const setup = { cell, table: on, seed, scheduler: definition, searcher, ...(until !== undefined && { until }) }
  return new Trace(setup, checked.explain)
}

function known<D>(registry: object): Readonly<Record<string, D>> {
  return registry as Readonly<Record<string, D>>
}

function resolved<D extends { readonly options: z.ZodObject; create(...given: never[]): unknown }>(
  given: Traced<D>,
  registry: Readonly<Record<string, D>>,
  role: string,
): [D, Component<D>] {
  const isDefinition = typeof given === 'object' && 'create' in given && typeof given.create === 'function'
  const spec = isDefinition || typeof given === 'string' ? { type: given as D | string } : given
  const { type, ...options } = spec as { readonly type: D | string }
  if (typeof type === 'string' && !Object.hasOwn(registry, type))
    throw new BenchError(`unknown ${role} ${show(type)}${suggestion(type, Object.keys(registry))}`)
  const definition = typeof type === 'string' ? registry[type]! : type
  if (typeof definition?.create !== 'function')
    throw invalid(role, given, 'must be a definition or { type, ...options }')
  return [definition, { type, options: parseOr(definition.options, options, role) as Record<string, unknown> }]
}

function defaultObjectives(table: SurrogateTable, { objectives }: SchedulerDefinition): { metric: string }[] {
  const curves = Object.entries(table.data.metadata.metrics).filter(
    ([, { kind, goal }]) => kind === 'curve' && goal !== 'none',
  )
  const validation = curves.filter(([, { split }]) => split === 'validation')
  const usable = (validation.length > 0 ? validation : curves).map(([metric]) => ({ metric }))
  if (usable.length === 0)
    throw new BenchError(`the table ${show(table.name)} has no learning curve with a goal; give objectives`)
  return objectives === 'all' ? usable : usable.slice(0, 1)
}

/** From an experiment and its tables to the list of runs, in the order in which results stand. Nothing is run here. */
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { type SimulationOptions, simulationSchema } from '../backends/simulated/options.js'
import { BenchError, invalid, show } from '../core/errors.js'
import { type Experiment, type MethodSpec, type OneOrMany, experimentSchema } from '../core/experiment.js'
import { MAX_HYPERVOLUME_OBJECTIVES } from '../core/pareto/hypervolume.js'
import { suggestion } from '../core/nearest-name.js'
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import { type SchedulerTraits, traitsOf } from '../core/schedulers/traits.js'
import type { SearcherDefinition } from '../core/searchers/definition.js'
import type { Objective, ObjectiveRange } from '../core/objective.js'
import {
  type Config,
  type Space,
  type Value,
  checkConfig,
  checkSpace,
  contains,
  describeDomain,
} from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'
import { parseOr } from '../core/zod-error.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'
import { findScheduler, findSearcher } from './components.js'
import { crossOptions } from './cross.js'
import { meanFullSeconds } from './full-training.js'
import { regretScale } from './regret-scale.js'
import { checkBudgetPrice, checkCostMetric } from './prices.js'

/** What the command line or the caller sets instead of what the experiment says. */
export interface PlanOverrides {
  readonly methods?: readonly string[]
  readonly workers?: readonly number[]
  readonly budget?: StopRule
}

/** All runs of an experiment: every cell once per seed. */
export interface Plan {
  readonly experiment: string
  readonly question: string
  readonly baseline: string
  readonly cells: readonly Cell[]
  readonly seeds: readonly number[]
}

interface PlannedMethod {
  readonly name: string
  readonly scheduler: Cell['scheduler']
  readonly searcher: Cell['searcher']
  readonly traits: SchedulerTraits
  readonly fixed: Cell['fixed']
}

/**
 * Plans an experiment: checks it, crosses its lists, resolves budgets on the tables.
 *
 * @param folder what module paths in the experiment are relative to
 * @throws BenchError with the path to the first fault
 */
export async function planExperiment(
  given: Experiment,
  tables: readonly SurrogateTable[],
  seeds: readonly number[],
  folder: string,
  overrides: PlanOverrides = {},
): Promise<Plan> {
  const experiment = checkExperiment(given)
  const methods: PlannedMethod[] = []
  for (const [name, method] of Object.entries(chosenMethods(experiment, overrides.methods)))
    methods.push(...(await planMethod(name, method, folder)))
  const baseline = experiment.baseline ?? Object.keys(experiment.methods)[0]!
  if (!(baseline in experiment.methods))
    throw new BenchError(
      `experiment.baseline names no method: ${show(baseline)}${suggestion(baseline, Object.keys(experiment.methods))}`,
    )
  const simulation = parseOr(
    simulationSchema,
    experiment.simulation ?? {},
    'experiment.simulation',
  ) as SimulationOptions
  const copying = methods.find(({ traits }) => traits.copies)
  if (copying !== undefined && !simulation.checkpoints)
    throw new BenchError(
      `${copying.name}: its scheduler starts trials from copies of others' checkpoints, but simulation.checkpoints is false; make it true`,
    )
  const cells: Cell[] = []
  for (const table of tables) {
    const context = tableContext(experiment, table, simulation)
    const ofMethods = methods.map((method) => ({ ...method, ...searchedBy(method, experiment, table, context) }))
    for (const budget of budgetsFor(experiment, table.name, overrides.budget)) {
      if (budget.cost !== undefined) checkBudgetPrice(table, context)
      for (const workers of overrides.workers ?? asList(experiment.workers ?? 1))
        for (const { name, fixed, space, defaultConfig, ...method } of ofMethods)
          cells.push({
            index: cells.length,
            ...context,
            fixed,
            space,
            defaultConfig,
            method: name,
            scheduler: method.scheduler,
            searcher: method.searcher,
            workers,
            budget,
            stop: resolveBudget(budget, context.fullSeconds),
            simulation,
            diverged: experiment.diverged ?? 'stop',
            maxFailures: experiment.maxFailures,
            ...(method.traits.assumptions !== undefined && { assumptions: method.traits.assumptions }),
            ...(!method.traits.ranked && { ranked: false as const }),
          })
    }
  }
  const baselineName =
    methods.find(({ name }) => name === baseline || name.startsWith(`${baseline}[`))?.name ?? methods[0]!.name
  return { experiment: experiment.name, question: experiment.question, baseline: baselineName, cells, seeds }
}

/** Checks the shape of an experiment. @throws BenchError */
export function checkExperiment(experiment: Experiment): Experiment {
  if (experiment === null || typeof experiment !== 'object')
    throw invalid('the experiment', experiment, 'must be an object', 'export default defineExperiment({ ... })')
  const checked = parseOr(experimentSchema, experiment, 'experiment') as unknown as Experiment
  for (const table of Object.keys(checked.budgetByTable ?? {}))
    if (!checked.tables.includes(table))
      throw new BenchError(
        `experiment.budgetByTable names a table that is not in tables: ${show(table)}${suggestion(table, checked.tables)}`,
      )
  return checked
}

function chosenMethods(
  experiment: Experiment,
  chosen: readonly string[] | undefined,
): Readonly<Record<string, MethodSpec>> {
  if (chosen === undefined) return experiment.methods
  for (const name of chosen)
    if (!Object.hasOwn(experiment.methods, name))
      throw new BenchError(
        `--methods: ${experiment.name} has no method ${show(name)}${suggestion(name, Object.keys(experiment.methods))}`,
      )
  return Object.fromEntries(Object.entries(experiment.methods).filter(([name]) => chosen.includes(name)))
}

async function planMethod(name: string, method: MethodSpec, folder: string): Promise<PlannedMethod[]> {
  const part = async <D extends SchedulerDefinition | SearcherDefinition>(
    role: 'scheduler' | 'searcher',
    spec: object,
    find: (type: string | D) => Promise<D>,
  ) => {
    const { type: given, ...options } = spec as { type: string } & Record<string, unknown>
    const type = typeof given === 'string' && /^(\.{0,2}\/|file:)/.test(given) ? moduleUrl(given, folder) : given
    const definition = await find(type)
    return { type, definition, combinations: crossOptions(definition.options, options, `methods.${name}.${role}`) }
  }
  const scheduler = await part<SchedulerDefinition>('scheduler', method.scheduler, findScheduler)
  const searcher = await part<SearcherDefinition>('searcher', method.searcher ?? { type: 'random' }, findSearcher)
  return scheduler.combinations.flatMap((a) =>
    searcher.combinations.map((b) => {
      const label = [a.label, b.label].filter((text) => text !== '').join(',')
      return {
        name: label === '' ? name : `${name}[${label}]`,
        scheduler: { type: scheduler.type, options: a.options },
        searcher: { type: searcher.type, options: b.options },
        traits: traitsOf(scheduler.definition, a.options),
        fixed: (method.fixed ?? {}) as Cell['fixed'],
      }
    }),
  )
}

function moduleUrl(path: string, folder: string): string {
  return path.startsWith('file:') ? path : pathToFileURL(resolve(folder, path)).href
}

/** The parts of a cell that follow from the experiment and a table. */
export type TableContext = Pick<
  Cell,
  | 'table'
  | 'objectives'
  | 'ranges'
  | 'regretScale'
  | 'metrics'
  | 'space'
  | 'fixed'
  | 'defaultConfig'
  | 'fullSeconds'
  | 'maxResource'
  | 'pricePerHour'
>

/** What an experiment means on a table. @throws BenchError if a metric, hyperparameter or the default is not there */
export function tableContext(
  experiment: Pick<Experiment, 'objectives' | 'space' | 'fixed' | 'pricePerHour'>,
  table: SurrogateTable,
  simulation: Pick<SimulationOptions, 'startup' | 'lookup'>,
): TableContext {
  const objectives = experiment.objectives.map(({ metric, report, goal, accumulates }): Objective => {
    const described = table.metric(metric)
    const known = goal ?? described.goal
    if (known === 'none')
      throw new BenchError(
        `the table ${show(table.name)} declares no goal for ${show(metric)}; give goal "min" or "max" in the experiment`,
      )
    const reported = table.metric(report ?? metric)
    if (accumulates !== undefined && (described.kind === 'static' || reported.kind === 'static'))
      throw new BenchError(
        `experiment.objectives: ${show(described.kind === 'static' ? metric : report)} has one value per training and ` +
          'does not accumulate; leave accumulates out',
      )
    return { metric, goal: known, report: report ?? metric, ...(accumulates && { accumulates }) }
  })
  const metrics = [...new Set([...objectives.map(({ metric }) => metric), ...objectives.map(({ report }) => report)])]
  const fixed = (experiment.fixed ?? {}) as Record<string, Value>
  const space = searchSpace(experiment, table, fixed)
  const defaultConfig: Config = { ...table.defaultConfig, ...fixed }
  checkConfig(space, defaultConfig, `the default configuration of ${table.name}`)
  const index = table.indexOf(defaultConfig)
  if (index < 0)
    throw new BenchError(
      `the table ${show(table.name)} has no training of its default configuration ${JSON.stringify(defaultConfig)}, which budgets and baselines need`,
    )
  const fullSeconds = meanFullSeconds(table, index, simulation.startup)
  const pricePerHour = experiment.pricePerHour ?? table.data.metadata.pricePerHour
  checkCostMetric(table, { metrics, space, pricePerHour })
  const ranges = rangesOf(objectives, table, pricePerHour)
  const maxResource = table.levels
  const allowed = { objectives, space, fixed, defaultConfig, pricePerHour }
  return {
    table: table.name,
    objectives,
    ranges,
    regretScale: regretScale(table, allowed, simulation.lookup),
    metrics,
    space,
    fixed,
    defaultConfig,
    fullSeconds,
    maxResource,
    pricePerHour,
  }
}

/** What hypervolume is scaled by, where it is measured: with two to four objectives. */
function rangesOf(
  objectives: readonly Objective[],
  table: SurrogateTable,
  usdPerHour: number | undefined,
): ObjectiveRange[] | undefined {
  if (objectives.length < 2 || objectives.length > MAX_HYPERVOLUME_OBJECTIVES) return undefined
  return objectives.map(({ metric, report, goal, accumulates }) => ({
    steering: table.range(metric, goal, { accumulates, usdPerHour }),
    reported: table.range(report, goal, { accumulates, usdPerHour }),
  }))
}

/** What a method searches: the experiment's space, with what the method holds fixed as well. @throws BenchError */
function searchedBy(
  method: PlannedMethod,
  experiment: Pick<Experiment, 'space'>,
  table: SurrogateTable,
  context: TableContext,
): Pick<Cell, 'fixed' | 'space' | 'defaultConfig'> {
  const { fixed, space, defaultConfig } = context
  if (Object.keys(method.fixed).length === 0) return { fixed, space, defaultConfig }
  for (const [name, value] of Object.entries(method.fixed))
    if (name in fixed && fixed[name] !== value)
      throw invalid(`methods.${method.name}.fixed.${name}`, value, `must be the experiment's (${show(fixed[name])})`)
  const all = { ...fixed, ...method.fixed }
  return {
    fixed: all,
    space: searchSpace(experiment, table, all, `methods.${method.name}.fixed`),
    defaultConfig: { ...defaultConfig, ...method.fixed },
  }
}

function searchSpace(
  experiment: Pick<Experiment, 'space'>,
  table: SurrogateTable,
  fixed: Readonly<Record<string, Value>>,
  place = 'experiment.fixed',
): Space {
  const given = experiment.space ?? table.space
  if (experiment.space !== undefined) {
    checkSpace(experiment.space, 'experiment.space')
    const names = Object.keys(table.space)
    for (const name of Object.keys(experiment.space))
      if (!names.includes(name))
        throw new BenchError(
          `experiment.space: the table ${show(table.name)} has no hyperparameter ${show(name)}${suggestion(name, names)}`,
        )
    for (const name of names)
      if (!(name in experiment.space))
        throw new BenchError(`experiment.space lacks the hyperparameter ${show(name)} of the table ${show(table.name)}`)
  }
  const space: Record<string, Space[string]> = { ...given }
  for (const [name, value] of Object.entries(fixed)) {
    if (!(name in given))
      throw new BenchError(
        `${place}: the table ${show(table.name)} has no hyperparameter ${show(name)}${suggestion(name, Object.keys(given))}`,
      )
    if (!contains(given[name]!, value))
      throw invalid(`${place}.${name}`, value, `must be ${describeDomain(given[name]!)}`)
    space[name] = { type: 'constant', value }
  }
  return space
}

function budgetsFor(experiment: Experiment, table: string, override: StopRule | undefined): readonly StopRule[] {
  if (override !== undefined) return [override]
  return asList(experiment.budgetByTable?.[table] ?? experiment.budget)
}

/** Full evaluations become seconds; with seconds as well, the shorter of the two counts. */
export function resolveBudget(budget: StopRule, fullSeconds: number): Cell['stop'] {
  const { fullEvaluations, ...stop } = budget
  if (fullEvaluations === undefined) return stop
  return { ...stop, seconds: Math.min(stop.seconds ?? Infinity, fullEvaluations * fullSeconds) }
}

function asList<T>(value: OneOrMany<T>): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** From an experiment and its tables to the list of runs, in the order in which results stand. Nothing is run here. */
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { type SimulationOptions, simulationSchema } from '../backends/simulated/options.js'
import { BenchError, invalid, show } from '../core/errors.js'
import { type Experiment, type MethodSpec, type OneOrMany, experimentSchema } from '../core/experiment.js'
import { suggestion } from '../core/nearest-name.js'
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import { type SchedulerTraits, traitsOf } from '../core/schedulers/traits.js'
import type { SearcherDefinition } from '../core/searchers/definition.js'
import type { StopRule } from '../core/stop-rule.js'
import { parseOr } from '../core/zod-error.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'
import { findScheduler, findSearcher } from './components.js'
import { crossOptions } from './cross.js'
import { checkBudgetPrice, checkPricePerHour } from './prices.js'
import { type TableContext, searchSpace, tableContext } from './table-context.js'

/** What the command line or the caller sets instead of what the experiment says. */
export interface PlanOverrides {
  readonly methods?: readonly string[]
  readonly workers?: readonly number[]
  readonly budget?: StopRule
  /** Whether trials have prices of their own, so that a budget in dollars needs none of the table. */
  readonly priced?: boolean
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
  checkPricePerHour(experiment, tables)
  const cells: Cell[] = []
  for (const table of tables) {
    const context = tableContext(experiment, table, simulation)
    const ofMethods = methods.map((method) => ({ ...method, ...searchedBy(method, experiment, table, context) }))
    for (const budget of budgetsFor(experiment, table.name, overrides.budget)) {
      if (budget.cost !== undefined && overrides.priced !== true) checkBudgetPrice(table, context)
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

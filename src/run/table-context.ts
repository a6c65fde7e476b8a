/** What an experiment means on one table: objectives, space, default configuration, and what a full training takes. */
import type { SimulationOptions } from '../backends/simulated/options.js'
import { BenchError, invalid, show } from '../core/errors.js'
import type { Experiment } from '../core/experiment.js'
import { suggestion } from '../core/nearest-name.js'
import type { Objective, ObjectiveRange } from '../core/objective.js'
import { MAX_HYPERVOLUME_OBJECTIVES } from '../core/pareto/hypervolume.js'
import {
  type Config,
  type Space,
  type Value,
  checkConfig,
  checkSpace,
  contains,
  describeDomain,
} from '../core/space.js'
import type { SurrogateTable } from '../surrogates/table.js'
import { checkAccumulates } from './accumulating.js'
import type { Cell } from './cell.js'
import { meanFullSeconds } from './full-training.js'
import { checkCostMetric } from './prices.js'
import { regretScale } from './regret-scale.js'

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
    table.metric(report ?? metric)
    if (accumulates !== undefined) for (const one of new Set([metric, report ?? metric])) checkAccumulates(table, one)
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

/** What is searched: the experiment's space or the table's, with what is held fixed. @throws BenchError */
export function searchSpace(
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

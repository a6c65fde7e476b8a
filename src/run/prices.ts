/** Where a plan cannot do without prices, they are known: checked before anything runs. */
import { BenchError, invalid, show } from '../core/errors.js'
import type { Experiment } from '../core/experiment.js'
import { contains } from '../core/space.js'
import { COST, type InstanceFactor } from '../surrogates/instance-factor.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'

/**
 * A type of unknown price has an unknown cost, which reports warn of.
 *
 * @throws BenchError where the metric `cost` is asked for and no price at all is known
 */
export function checkCostMetric(
  table: SurrogateTable,
  { metrics, space, pricePerHour }: Pick<Cell, 'metrics' | 'space' | 'pricePerHour'>,
): void {
  if (!metrics.includes(COST) || table.hasMetric(COST)) return
  table.column(COST, pricePerHour)
  const { instances } = table
  if (instances === undefined || unknownTypes(instances, space).length < drawn(instances, space).length) return
  throw new BenchError(
    `the metric ${show(COST)} needs prices, and the table ${show(table.name)} has none of ` +
      `${drawn(instances, space).join(', ')}; derive it with --prices, or with types whose price is known`,
  )
}

/** @throws BenchError where a budget in dollars meets a price that is not known */
export function checkBudgetPrice(
  table: SurrogateTable,
  { space, pricePerHour }: Pick<Cell, 'space' | 'pricePerHour'>,
): void {
  if (table.instances !== undefined) return refuseUnknownPrices(table, space, 'a budget in dollars')
  if (pricePerHour === undefined)
    throw new BenchError(
      `a budget in dollars needs a price, and neither the experiment nor the table ${show(table.name)} has one; ` +
        'give pricePerHour (US dollars per worker and hour) in the experiment',
    )
}

/** @throws BenchError where a price of the experiment would count nowhere */
export function checkPricePerHour(
  { pricePerHour }: Pick<Experiment, 'pricePerHour'>,
  tables: readonly SurrogateTable[],
): void {
  if (pricePerHour === undefined || tables.some(({ instances }) => instances === undefined)) return
  throw invalid(
    'experiment.pricePerHour',
    pricePerHour,
    `must be left out where the instance types of ${tables.map(({ name }) => show(name)).join(', ')} have prices of their own`,
    'derive the table with --prices for other prices',
  )
}

/** An unknown cost would never use a budget up. */
function refuseUnknownPrices({ name, instances }: SurrogateTable, space: Cell['space'], what: string): void {
  if (instances === undefined) return
  const unknown = unknownTypes(instances, space)
  if (unknown.length > 0)
    throw new BenchError(
      `${what} needs the price of every instance type, and the table ${show(name)} has none of ${unknown.join(', ')}; ` +
        'derive it without them, or with --prices',
    )
}

/** The instance types that can be drawn. */
function drawn({ hyperparameter, names }: InstanceFactor, space: Cell['space']): string[] {
  return names.filter((type) => contains(space[hyperparameter]!, type))
}

/** Those of them whose price nobody knows. */
function unknownTypes(instances: InstanceFactor, space: Cell['space']): string[] {
  const { names, usdPerHour } = instances
  return drawn(instances, space).filter((type) => Number.isNaN(usdPerHour[names.indexOf(type)]!))
}

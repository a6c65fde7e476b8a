/** Where a plan needs prices, they are known: checked before anything runs. */
import { BenchError, show } from '../core/errors.js'
import { contains } from '../core/space.js'
import { COST } from '../surrogates/instance-factor.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'

/** @throws BenchError where the metric `cost` is asked for and a price is not known */
export function checkCostMetric(
  table: SurrogateTable,
  { metrics, space, pricePerHour }: Pick<Cell, 'metrics' | 'space' | 'pricePerHour'>,
): void {
  if (!metrics.includes(COST) || table.hasMetric(COST)) return
  table.column(COST, pricePerHour)
  refuseUnknownPrices(table, space, `the metric ${show(COST)}`)
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

/** Of the instance types that can be drawn. */
function refuseUnknownPrices({ name, instances }: SurrogateTable, space: Cell['space'], what: string): void {
  if (instances === undefined) return
  const domain = space[instances.hyperparameter]!
  const unknown = instances.names.filter((type, k) => Number.isNaN(instances.usdPerHour[k]!) && contains(domain, type))
  if (unknown.length > 0)
    throw new BenchError(
      `${what} needs the price of every instance type, and the table ${show(name)} has none of ${unknown.join(', ')}; ` +
        'derive it without them, or with --prices',
    )
}

/** What a plan needs to be run on SageMaker, checked before anything is made or written; and what it may cost. */
import { type CostEstimate, estimateRun } from '../backends/sagemaker/billing.js'
import type { SageMakerConfig } from '../backends/sagemaker/config.js'
import { machineOf } from '../backends/sagemaker/job-request.js'
import { COUNT_NAMES, TYPE_NAMES } from '../backends/sagemaker/reserved.js'
import { BenchError, invalid } from '../core/errors.js'
import { traitsOf } from '../core/schedulers/traits.js'
import type { Config, Space, Value } from '../core/space.js'
import { type PriceList, priceOf, readPriceList } from '../instances/price-list.js'
import { SHIPPED_PRICES } from '../instances/shipped-prices.js'
import { ELAPSED_TIME } from '../surrogates/elapsed-metric.js'
import { COST } from '../surrogates/instance-factor.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'
import { findScheduler } from './components.js'
import type { Plan } from './plan.js'

export interface SageMakerPreparation {
  readonly config: SageMakerConfig
  readonly prices: PriceList
  /** Of all runs together. */
  readonly estimate: CostEstimate
  /** By name. */
  readonly tables: ReadonlyMap<string, SurrogateTable>
}

/** @throws BenchError for what cannot be run, or whose cost has no bound */
export async function prepareSageMaker(
  plan: Plan,
  tables: readonly SurrogateTable[],
  config: SageMakerConfig,
  maxCost: number | undefined,
): Promise<SageMakerPreparation> {
  const prices = config.prices === undefined ? SHIPPED_PRICES : readPriceList(config.prices)
  for (const cell of plan.cells) {
    if (traitsOf(await findScheduler(cell.scheduler.type), cell.scheduler.options).copies)
      throw new BenchError(
        `${cell.method}: its scheduler starts trials from copies of others' checkpoints, which SageMaker trials cannot; run it locally`,
      )
    for (const type of typesOf(cell.space, config)) {
      machineOf({ [TYPE_NAMES[0]]: type }, config)
      if (
        priceOf(prices, type) === null &&
        (cell.metrics.includes(COST) || cell.stop.cost !== undefined || maxCost !== undefined)
      )
        throw invalid(
          'the price of an instance type',
          type,
          `must be known for costs and limits on them; ${prices.source} has none`,
          'give a list with "prices" in the configuration',
        )
    }
  }
  const estimates = plan.cells.map((cell) => estimateCell(cell, config, prices))
  const sum = (of: (estimate: CostEstimate) => number): number =>
    Math.min(maxCost ?? Infinity, plan.seeds.length * estimates.reduce((total, one) => total + of(one), 0))
  const estimate = { likely: sum(({ likely }) => likely), most: sum(({ most }) => most) }
  return { config, prices, estimate, tables: new Map(tables.map((table) => [table.name, table])) }
}

/** The instance types that a space can draw, or the one that all trials get. */
function typesOf(space: Space, { instanceTypes }: SageMakerConfig): readonly string[] {
  const domain = TYPE_NAMES.map((name) => space[name]).find((one) => one !== undefined)
  if (domain === undefined) return [instanceTypes[0]!]
  if ('value' in domain) return [String(domain.value)]
  if (!('values' in domain)) throw invalid('instance_type', domain.type, 'must be a choice of instance types')
  return (domain.values as readonly Value[]).map(String)
}

function estimateCell(cell: Cell, config: SageMakerConfig, prices: PriceList): CostEstimate {
  const hourly = typesOf(cell.space, config).map((type) => priceOf(prices, type) ?? Number.NaN)
  const counts = COUNT_NAMES.flatMap((name) => {
    const domain = cell.space[name]
    if (domain === undefined) return []
    if ('values' in domain) return domain.values as readonly number[]
    return 'low' in domain ? [domain.low, domain.high] : [Number(domain.value)]
  })
  const most = counts.length === 0 ? config.instanceCount : Math.max(...counts)
  const mean = counts.length === 0 ? config.instanceCount : counts.reduce((sum, one) => sum + one, 0) / counts.length
  const { seconds, cost, trials, evaluations } = cell.stop
  return estimateRun(
    { workers: cell.workers, seconds, cost, trials: trials ?? evaluations },
    { mean: (mean * hourly.reduce((sum, one) => sum + one, 0)) / hourly.length, most: most * Math.max(...hourly) },
    {
      maxRunSeconds: config.maxRunSeconds,
      requeues: config.requeues + config.retries,
      ...(config.warmPool && { keepAliveSeconds: config.warmPool.keepAliveSeconds }),
    },
  )
}

/** US dollars per hour of a trial's machines; NaN where a price is not known. */
export function trialPrice({ config, prices }: SageMakerPreparation, trial: Config): number {
  const { type, count } = machineOf(trial, config)
  return (priceOf(prices, type) ?? Number.NaN) * count
}

/** Metrics that are made here where programs do not report them. */
export const MADE_METRICS: readonly string[] = [ELAPSED_TIME, COST]

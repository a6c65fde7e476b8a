/** What a plan needs to be run on SageMaker, checked before anything is made or written; and what it may cost. */
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { type CostEstimate, estimateRun, stoppingCost } from '../../backends/sagemaker/estimate.js'
import { jobRequest, machineOf } from '../../backends/sagemaker/job-request.js'
import { COUNT_NAMES } from '../../backends/sagemaker/reserved.js'
import { BenchError, invalid } from '../../core/errors.js'
import { traitsOf } from '../../core/schedulers/traits.js'
import type { Config, Space } from '../../core/space.js'
import { type PriceList, priceOf, readPriceList } from '../../instances/price-list.js'
import { SHIPPED_PRICES } from '../../instances/shipped-prices.js'
import { ELAPSED_TIME } from '../../surrogates/elapsed-metric.js'
import { COST } from '../../surrogates/instance-factor.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { Cell } from '../cell.js'
import { findScheduler } from '../components.js'
import type { Plan } from '../plan.js'
import { notesOn, priceCure, typesOf } from './instance-types.js'
import { placeOf, somePlace } from './place.js'

export interface SageMakerPreparation {
  readonly plan: Plan
  readonly config: SageMakerConfig
  readonly prices: PriceList
  /** Of all runs together, US dollars; NaN where a price is not known. */
  readonly estimate: CostEstimate
  /** Of all runs together, hours of single machines. */
  readonly hours: CostEstimate
  /** Instance types that trials may ask for and that the list has no price of. */
  readonly unpriced: readonly string[]
  /** What looks wrong in the configuration and may be right; a line each. */
  readonly notes: readonly string[]
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
  const unpriced = new Set<string>()
  const estimates: CostEstimate[] = []
  const hours: CostEstimate[] = []
  for (const cell of plan.cells) {
    const { pauses } = traitsOf(await findScheduler(cell.scheduler.type), cell.scheduler.options)
    const types = typesOf(cell.space, config, prices)
    for (const type of types) {
      if (priceOf(prices, type) !== null) continue
      unpriced.add(type)
      if (cell.metrics.includes(COST) || cell.stop.cost !== undefined || maxCost !== undefined)
        throw invalid(
          'the price of an instance type',
          type,
          `must be known for costs and limits on them; ${prices.source} has none`,
          priceCure(type, prices),
        )
    }
    checkRequest(plan, cell, config)
    const hourly = types.map((type) => priceOf(prices, type) ?? Number.NaN)
    estimates.push(estimateCell(cell, config, hourly, pauses))
    hours.push(
      estimateCell(
        { ...cell, stop: { ...cell.stop, cost: undefined } },
        config,
        types.map(() => 1),
        pauses,
      ),
    )
    if (maxCost !== undefined) checkMaxCost(cell, config, hourly, maxCost)
  }
  const sum = (of: readonly CostEstimate[], key: keyof CostEstimate): number =>
    plan.seeds.length * of.reduce((total, one) => total + one[key], 0)
  const most = Math.min(maxCost ?? Infinity, sum(estimates, 'most'))
  const estimate = {
    likely: Math.min(most, sum(estimates, 'likely')),
    undisturbed: Math.min(most, sum(estimates, 'undisturbed')),
    most,
  }
  const machineHours = {
    likely: sum(hours, 'likely'),
    undisturbed: sum(hours, 'undisturbed'),
    most: sum(hours, 'most'),
  }
  const unbounded = unpriced.size > 0 ? machineHours.most : most
  if (unbounded === Infinity)
    throw new BenchError(
      `nothing limits what ${plan.experiment} may cost on SageMaker; ` +
        (unpriced.size > 0
          ? 'give a --budget in time or trials (--max-cost needs a price of every instance type)'
          : 'give --max-cost DOLLARS, or a --budget in time, trials or dollars'),
    )
  const byName = new Map(tables.map((table) => [table.name, table]))
  const notes = notesOn(config, prices)
  return { plan, config, prices, estimate, hours: machineHours, unpriced: [...unpriced], notes, tables: byName }
}

/** How many machines a trial may ask for. */
function countsOf(space: Space, { instanceCount }: SageMakerConfig): readonly number[] {
  const counts = COUNT_NAMES.flatMap((name) => {
    const domain = space[name]
    if (domain === undefined) return []
    if ('values' in domain) return domain.values as readonly number[]
    return 'low' in domain ? [domain.low, domain.high] : [Number(domain.value)]
  })
  return counts.length === 0 ? [instanceCount] : counts
}

/** @param hourly US dollars of one machine, by type */
function pricesOf(cell: Cell, config: SageMakerConfig, hourly: readonly number[]) {
  const counts = countsOf(cell.space, config)
  const all = hourly.reduce((sum, one) => sum + one, 0)
  const count = Math.max(...counts)
  return { mean: mean(counts) * mean(hourly), most: count * Math.max(...hourly), all: count * all }
}

function estimateCell(cell: Cell, config: SageMakerConfig, hourly: readonly number[], pauses: boolean): CostEstimate {
  const { workers, maxResource, fullSeconds } = cell
  const { seconds, cost, trials, evaluations } = cell.stop
  // Paused trials have not ended: of those any number may be begun.
  const begun = trials ?? (pauses || evaluations === undefined ? undefined : evaluations + workers)
  return estimateRun(
    { workers, seconds, cost, trials: begun, attempts: pauses ? maxResource : 1, fullSeconds },
    pricesOf(cell, config, hourly),
    jobLimits(config),
  )
}

function jobLimits({ maxRunSeconds, requeues, retries, warmPool }: SageMakerConfig) {
  const keepAliveSeconds = warmPool?.keepAliveSeconds ?? 0
  return { maxRunSeconds, requeues: requeues + retries, keepAliveSeconds }
}

/** US dollars that are kept back of a limit on cost for stopping what runs. */
export function reserveOf(cell: Cell, { config, prices }: Pick<SageMakerPreparation, 'config' | 'prices'>): number {
  const hourly = typesOf(cell.space, config, prices).map((type) => priceOf(prices, type) ?? Number.NaN)
  return stoppingCost(cell, pricesOf(cell, config, hourly), jobLimits(config))
}

function checkMaxCost(cell: Cell, config: SageMakerConfig, hourly: readonly number[], maxCost: number): void {
  const least = stoppingCost(cell, pricesOf(cell, config, hourly), jobLimits(config))
  if (maxCost > least) return
  throw invalid(
    '--max-cost',
    maxCost,
    `must be more than ${Math.ceil(least * 100) / 100} US dollars, which stopping ${cell.workers} jobs may cost`,
    'give more, or fewer --workers',
  )
}

/** What would be refused when the first trial starts is refused before anything is made. */
function checkRequest({ experiment, seeds }: Plan, cell: Cell, config: SageMakerConfig): void {
  const seed = Math.max(...seeds)
  const purpose = { trial: 0, attempt: 0, restarts: 0, config: cell.defaultConfig, seed, level: 0 }
  jobRequest(config, placeOf(cell, seed, config, somePlace(experiment), { sha256: '' }), purpose)
}

/** US dollars per hour of a trial's machines; NaN where a price is not known. */
export function trialPrice({ config, prices }: Pick<SageMakerPreparation, 'config' | 'prices'>, trial: Config): number {
  const { type, count } = machineOf(trial, config)
  return (priceOf(prices, type) ?? Number.NaN) * count
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}

/** Metrics that are made here where programs do not report them. */
export const MADE_METRICS: readonly string[] = [ELAPSED_TIME, COST]

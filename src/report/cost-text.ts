/** What a run on SageMaker may cost, in words, before it is begun. */
import { formatDuration, formatNumber, listed, plural } from './format.js'

/** From a likely amount to an upper bound; of all runs together. */
export interface CostRange {
  readonly likely: number
  /** The bound where no job has to be repeated. */
  readonly undisturbed: number
  readonly most: number
}

export interface RunCosts {
  readonly experiment: string
  readonly region: string
  readonly runs: number
  /** Jobs that run at a time, at most. */
  readonly workers: number
  /** US dollars; NaN where a price is not known. */
  readonly usd: CostRange
  /** Of single machines; Infinity where nothing but a limit in dollars bounds them. */
  readonly hours: CostRange
  /** Of single jobs: how long one may run, in seconds, and how often it may be repeated. */
  readonly limits: { readonly maxRunSeconds: number; readonly requeues: number }
  /** Instance types without a price. */
  readonly unpriced: readonly string[]
  /** What looks wrong in the configuration and may be right. */
  readonly notes: readonly string[]
  readonly prices: { readonly source: string; readonly date: string | null }
  /** US dollars of `--max-cost`. */
  readonly maxCost?: number
}

/** Some lines, without a line break at the end. */
export function costText(costs: RunCosts): string {
  const { experiment, region, runs, workers, usd, hours, unpriced, notes, prices } = costs
  const lines = [
    `${experiment} on SageMaker in ${region}: ${plural(runs, 'run')}${runs === 1 ? '' : ', one after another'}, ` +
      `up to ${plural(workers, 'training job')} at a time`,
  ]
  const machines = hours.most === Infinity ? '' : `at most ${amount(hours.most)} hours of single machines`
  if (unpriced.length > 0)
    return [
      ...lines,
      `cost: not known; ${prices.source} has no price of ${listed(unpriced)} (give a list with "prices" in the configuration)`,
      ...(machines === '' ? [] : [`time: ${machines}`]),
      ...notes.map((note) => `note: ${note}`),
    ].join('\n')
  return [
    ...lines,
    ...(usd.likely < usd.most && usd.likely > 0
      ? [`cost: about ${dollars(usd.likely)} US dollars, where trainings take as long as when the table was recorded`]
      : []),
    `${boundText(costs)}${machines === '' ? '' : `; ${machines}`}`,
    `prices: ${prices.source}, ${prices.date ?? 'no date given'}; yours may differ`,
    ...notes.map((note) => `note: ${note}`),
  ].join('\n')
}

/** What it cannot exceed, and where that is far from what is likely, how to bring it down. */
function boundText({ usd, limits, maxCost }: RunCosts): string {
  const most = `at most ${dollars(usd.most)} US dollars`
  if (maxCost === usd.most) return `bound: ${most} (--max-cost)`
  if (usd.undisturbed >= usd.most) return `bound: ${most}`
  const { maxRunSeconds, requeues } = limits
  return (
    `bound: ${most}: every job ${formatDuration(maxRunSeconds)} long (maxRunSeconds) and repeated ${plural(requeues, 'time')} ` +
    `(requeues, retries), ${dollars(usd.undisturbed)} where none is repeated; smaller values of these two narrow it, --max-cost caps it`
  )
}

/** Two decimals, more for less than a cent. */
function dollars(usd: number): string {
  return usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(1)
}

function amount(hours: number): string {
  return formatNumber(Number(hours.toPrecision(2)))
}

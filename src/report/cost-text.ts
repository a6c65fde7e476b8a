/** What a run on SageMaker may cost, in words, before it is begun. */
import { formatNumber, listed, plural } from './format.js'

/** From a likely amount to an upper bound; of all runs together. */
export interface CostRange {
  readonly likely: number
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
  /** Instance types without a price. */
  readonly unpriced: readonly string[]
  readonly prices: { readonly source: string; readonly date: string | null }
  /** US dollars of `--max-cost`. */
  readonly maxCost?: number
}

/** Some lines, without a line break at the end. */
export function costText(costs: RunCosts): string {
  const { experiment, region, runs, workers, usd, hours, unpriced, prices, maxCost } = costs
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
    ].join('\n')
  const likely = usd.likely < usd.most && usd.likely > 0 ? `about ${dollars(usd.likely)}, ` : ''
  const bound = maxCost === usd.most ? ' (--max-cost)' : ''
  return [
    ...lines,
    `cost: ${likely}at most ${dollars(usd.most)} US dollars${bound}${machines === '' ? '' : `; ${machines}`}`,
    `prices: ${prices.source}, ${prices.date ?? 'no date given'}; yours may differ`,
  ].join('\n')
}

/** Two decimals, more for less than a cent. */
function dollars(usd: number): string {
  return usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(1)
}

function amount(hours: number): string {
  return formatNumber(Number(hours.toPrecision(2)))
}

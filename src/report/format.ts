/** Numbers as people read them. */
import type { StopRule } from '../core/stop-rule.js'

/** From here on numbers are shown with an exponent. */
const LARGE = 1e7
/** More decimals are not shown: what needs them has an exponent. */
const MOST_DECIMALS = 6
/** A smaller share of what it is compared with is what rounding left of 0. */
const ROUNDING = 1e-14

/** `0.35 s`, `4.0 s` (`4 s` where it is no more and no less), `12.3 s`, `4 min 5 s`, `3 h 12 min`, `2 d 3 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  if (seconds < 9.95)
    return `${Number.isInteger(seconds) || seconds < 1 ? Number(seconds.toPrecision(2)) : seconds.toPrecision(2)} s`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return two(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(seconds / 3600)
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`
}

/** `1,234,567` */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `1 run`, `12 runs`. @param plural where it is not the singular with an s */
export function plural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** A number with four significant digits, without needless zeros: `0.0301`, `12.5`, `1.2e-7`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const rounded = Number(value.toPrecision(4))
  const size = Math.abs(rounded)
  return size !== 0 && (size < 1e-4 || size >= LARGE) ? rounded.toExponential().replace('e+', 'e') : String(rounded)
}

/**
 * Decimals that give the smallest spread two digits, between 2 and 6; 4 where nothing spreads. One choice for all
 * numbers of a column keeps them comparable.
 */
export function decimalsFor(spreads: readonly (number | null)[]): number {
  const some = spreads.filter((spread): spread is number => spread !== null && spread > 0)
  if (some.length === 0) return 4
  return Math.max(2, Math.min(6, 1 - Math.floor(Math.log10(Math.min(...some)))))
}

/**
 * How the numbers of a column are shown: with so many decimals, and more where one of them would read as 0. Those that
 * still would, as others are a million times as large, and large ones have an exponent; what is not finite is a dash.
 *
 * @param values what the column holds; null: there is none
 */
export function columnFormat(decimals: number, values: readonly (number | null)[]): (value: number) => string {
  const sizes = values.flatMap((value) => (value !== null && Number.isFinite(value) ? Math.abs(value) : []))
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0)
  const room = Math.min(MOST_DECIMALS, MOST_DECIMALS - Math.floor(Math.log10(largest || 1)))
  const needed = sizes.filter((size) => readsAsZero(size, decimals)).map(firstDecimal)
  const shown = Math.max(decimals, ...needed.filter((one) => one <= room))
  return (value) => {
    if (!Number.isFinite(value)) return '-'
    return Math.abs(value) >= LARGE || readsAsZero(value, shown) ? formatNumber(value) : value.toFixed(shown)
  }
}

/** {@link columnFormat} of means with their spreads, the smallest of which gets two digits. @param most decimals */
export function columnOf(results: readonly (Spread | null)[], most = MOST_DECIMALS): (value: number) => string {
  const decimals = decimalsFor(results.map((result) => result?.std ?? null))
  return columnFormat(
    Math.min(most, decimals),
    results.flatMap((result) => [result?.mean ?? null, result?.std ?? null]),
  )
}

/** A mean of so many numbers with their standard deviation. */
interface Spread {
  readonly n: number
  readonly mean: number
  /** null for a single number, and where it overflows. */
  readonly std: number | null
}

/** `0.31 ± 0.02`; the mean alone of a single number. */
export function withSpread({ n, mean, std }: Spread, show: (value: number) => string): string {
  return n === 1 ? show(mean) : `${show(mean)} ± ${std === null ? '-' : show(std)}`
}

/** Where the first digit of a positive number stands behind the point: 3 for 0.00123. */
function firstDecimal(value: number): number {
  return -Math.floor(Math.log10(value))
}

function readsAsZero(value: number, decimals: number): boolean {
  return value !== 0 && Number(value.toFixed(decimals)) === 0
}

/** A share as a percentage with its sign: `+6.9 %`. A number that is not 0 does not read as 0. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return '-'
  const percent = Math.abs(share) < ROUNDING ? 0 : share * 100
  return `${percent > 0 ? '+' : ''}${percentText(percent)} %`
}

function percentText(percent: number): string {
  const size = Math.abs(percent)
  if (size >= LARGE) return formatNumber(percent)
  if (size !== 0 && size < 0.0005) return Number(percent.toPrecision(1)).toString()
  return percent.toFixed(size >= 99.95 ? 0 : size === 0 || size >= 0.05 ? 1 : 3)
}

/** `6.9 %`: {@link formatPercent} without the sign. */
export function formatSize(share: number): string {
  return formatPercent(Math.abs(share)).replace('+', '')
}

/** A budget in words: `13 full evaluations`, `30 min or 500 reports`. */
export function formatBudget(rule: StopRule): string {
  const limits: string[] = []
  if (rule.fullEvaluations !== undefined)
    limits.push(`${formatNumber(rule.fullEvaluations)} full evaluation${rule.fullEvaluations === 1 ? '' : 's'}`)
  if (rule.seconds !== undefined) limits.push(formatDuration(rule.seconds))
  if (rule.trials !== undefined) limits.push(plural(rule.trials, 'trial'))
  if (rule.evaluations !== undefined) limits.push(plural(rule.evaluations, 'ended trial'))
  if (rule.reports !== undefined) limits.push(plural(rule.reports, 'report'))
  if (rule.cost !== undefined) limits.push(`${formatNumber(rule.cost)} US dollar${rule.cost === 1 ? '' : 's'}`)
  if (rule.target !== undefined) limits.push(`${rule.target.metric} = ${formatNumber(rule.target.value)}`)
  return limits.join(' or ')
}

/** Several names in a sentence: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}

/** Keeps words together when text is wrapped: its blanks become no-break spaces, which {@link wrap} turns back. */
export function together(text: string): string {
  return text.replaceAll(' ', '\u00a0')
}

/** Breaks text at blanks into lines of at most `width` characters; a longer word stays whole. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n').replaceAll('\u00a0', ' ')
}

/** What a report means for a trial: a level with its values, something that does not count, or a fault. */
import { show } from '../../core/errors.js'
import type { Report } from './report-line.js'

/** Which keys of a report matter. */
export interface ReportShape {
  /** The key of the level reached, e.g. `epoch`. */
  readonly resource: string
  /** A trial is complete at this level. */
  readonly maxResource: number
  /** The keys whose values are handed over, in this order. */
  readonly metrics: readonly string[]
  /** Metrics that a report may lack; they are NaN then. Default: none. */
  readonly optional?: readonly string[]
}

export type Reading =
  | { readonly kind: 'report'; readonly resource: number; readonly values: Float64Array }
  /** `resource` is NaN where it was not a number. */
  | { readonly kind: 'ignored'; readonly resource: number; readonly reason: string }
  /** The trial cannot be judged: a metric is missing or no number. */
  | { readonly kind: 'fault'; readonly reason: string }

/**
 * Reads one report of a trial that has reached `last`. Levels are whole numbers that grow, up to the maximum; others
 * are ignored. A level that counts must come with every metric that is not optional as a number (NaN and infinities are
 * numbers).
 */
export function readReport(report: Report, shape: ReportShape, last: number): Reading {
  const resource = Object.hasOwn(report, shape.resource) ? report[shape.resource] : undefined
  const ignored = (reason: string): Reading => ({
    kind: 'ignored',
    resource: typeof resource === 'number' ? resource : Number.NaN,
    reason,
  })
  if (typeof resource !== 'number' || !Number.isInteger(resource) || resource < 1)
    return ignored(`${show(shape.resource)} must be a whole number from 1 on, got ${show(resource)}`)
  if (resource === last) return ignored(`${shape.resource} ${resource} was reported before`)
  if (resource < last) return ignored(`${shape.resource} went back from ${last} to ${resource}`)
  if (resource > shape.maxResource)
    return ignored(`${shape.resource} ${resource} is past the maximum ${shape.maxResource}`)
  const values = new Float64Array(shape.metrics.length)
  for (const [i, metric] of shape.metrics.entries()) {
    const value = Object.hasOwn(report, metric) ? report[metric] : undefined
    if (value === undefined && shape.optional?.includes(metric)) values[i] = Number.NaN
    else if (typeof value !== 'number') return { kind: 'fault', reason: faultReason(report, shape, resource, metric) }
    else values[i] = value
  }
  return { kind: 'report', resource, values }
}

/**
 * The level of a report that says again what was delivered before: above `after`, up to `last`. undefined for any other
 * report.
 */
export function repetition(report: Report, shape: ReportShape, after: number, last: number): number | undefined {
  const level = Object.hasOwn(report, shape.resource) ? report[shape.resource] : undefined
  return typeof level === 'number' && Number.isInteger(level) && level > after && level <= last && level >= 1
    ? level
    : undefined
}

function faultReason(report: Report, shape: ReportShape, resource: number, metric: string): string {
  const at = `the report at ${shape.resource} ${resource}`
  if (Object.hasOwn(report, metric)) return `${at} has no number as ${show(metric)} but ${show(report[metric])}`
  return `${at} lacks the metric ${show(metric)}; it has ${Object.keys(report)
    .map((key) => show(key))
    .join(', ')}`
}

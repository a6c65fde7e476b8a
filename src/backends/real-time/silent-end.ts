/** A program that ended without an error but never reported a level: it does not report in the way that is read here. */
import type { ReportShape } from './reading.js'
import { REPORT_TAG } from './report-line.js'

/**
 * Why a trial failed whose program ended well; empty where it completed.
 *
 * @param level the last one that was read of the trial, earlier attempts and the donor of its checkpoint included
 */
export function silentEnd(level: number, { resource, metrics, optional = [] }: ReportShape): string {
  if (level > 0) return ''
  const needed = metrics.filter((metric) => !optional.includes(metric))
  const line = [[resource, '1'], ...needed.map((metric) => [metric, '0.5'])].map(
    ([key, value]) => `${JSON.stringify(key)}: ${value}`,
  )
  return `ended without a report; programs report by lines like ${REPORT_TAG} {${line.join(', ')}}`
}

/** What metrics are measured in. Pure. */
import type { Manifest } from '../store/manifest.js'

/** Of what is measured of every training, whatever the table. */
const UNITS: Readonly<Record<string, string>> = { cost: 'US dollars', elapsed_time: 's' }

/** Empty where there is none, it is not known, or the name of the metric says it. */
export function unitOf({ tables }: Pick<Manifest, 'tables'>, table: string, metric: string): string {
  const units = tables.find(({ name }) => name === table)?.about?.units ?? {}
  const unit = Object.hasOwn(units, metric) ? units[metric]! : Object.hasOwn(UNITS, metric) ? UNITS[metric]! : ''
  return metric.endsWith(`_${unit}`) ? '' : unit
}

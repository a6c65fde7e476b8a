/** How many trainings and configurations a table has, in words. Pure. */
import { formatCount, plural } from './format.js'

export interface TableSize {
  /** Trainings. */
  readonly rows: number
  /** Those of all modelled instance types, where the table has such. */
  readonly configurations: number
  /** Modelled instance types; 0 without. */
  readonly instanceTypes: number
}

/**
 * `1,830 trainings of 901 configurations`; with instance types, on which nobody trained, `1,830 trainings of 901
 * configurations, 5,406 with 6 modelled instance types`.
 */
export function sizeText({ rows, configurations, instanceTypes: types }: TableSize): string {
  const recorded = types === 0 ? configurations : configurations / types
  const all = types === 0 ? '' : `, ${formatCount(configurations)} with ${plural(types, 'modelled instance type')}`
  return `${plural(rows, 'training')} of ${plural(recorded, 'configuration')}${all}`
}

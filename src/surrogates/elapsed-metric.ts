/** The time of training as a metric: what trials cost can be an objective of any experiment. */
import type { Metric } from './metadata.js'

/** The name of the column that every table has, and of the entry of a report. */
export const ELAPSED_TIME = 'elapsed_time'

export const elapsedMetric: Metric = {
  goal: 'min',
  unit: 's',
  split: 'none',
  kind: 'curve',
  description: 'seconds of training so far, carried over pauses',
}

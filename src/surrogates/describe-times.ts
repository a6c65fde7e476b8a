/** How long the trainings of a table took. */
import { deviation, mean, median, quantile } from './figures.js'
import type { SurrogateTable } from './table.js'

/** Seconds of training; start-up is not part of them. */
export interface TimeDescription {
  readonly secondsPerLevel: {
    /** Over configurations (means of their trainings); 0 where no training holds a level. */
    readonly median: number
    readonly least: number
    readonly greatest: number
    /** Median over trainings of the standard deviation over levels as a share of the mean; null for one level. */
    readonly variation: number | null
    /** Percentiles over trainings. */
    readonly trainings: { readonly p10: number | null; readonly median: number | null; readonly p90: number | null }
  }
  /** Median over trainings. */
  readonly startupSeconds: number | null
  /** Full training of the default configuration; null where none completed. */
  readonly defaultTrainingSeconds: {
    readonly repetitions: number
    readonly mean: number
    readonly sd: number | null
  } | null
}

export function describeTimes(table: SurrogateTable): TimeDescription {
  const { data, levels, rows, defaultIndex, rowStart, rowOrder } = table
  const ofRows: number[] = []
  const variations: number[] = []
  const steps = new Float64Array(levels)
  for (let row = 0; row < rows; row++) {
    const reached = data.reached[row]!
    if (reached === 0) continue
    const start = row * levels
    for (let l = 0; l < reached; l++) steps[l] = data.elapsed[start + l]! - (l === 0 ? 0 : data.elapsed[start + l - 1]!)
    const pace = data.elapsed[start + reached - 1]! / reached
    ofRows.push(pace)
    const sd = deviation(steps.subarray(0, reached))
    if (sd !== null) variations.push(sd / pace)
  }
  const ofConfigurations = secondsPerLevel(table).filter((seconds) => !Number.isNaN(seconds))
  const full: number[] = []
  if (defaultIndex >= 0)
    for (const row of rowOrder.subarray(rowStart[defaultIndex]!, rowStart[defaultIndex + 1]!))
      if (table.complete(row)) full.push(data.elapsed[(row + 1) * levels - 1]!)
  const meanFull = mean(full)
  return {
    secondsPerLevel: {
      median: median(ofConfigurations) ?? 0,
      least: quantile(ofConfigurations, 0) ?? 0,
      greatest: quantile(ofConfigurations, 1) ?? 0,
      variation: median(variations),
      trainings: { p10: quantile(ofRows, 0.1), median: median(ofRows), p90: quantile(ofRows, 0.9) },
    },
    startupSeconds: median(data.startup),
    defaultTrainingSeconds:
      meanFull === null ? null : { repetitions: full.length, mean: meanFull, sd: deviation(full) },
  }
}

/** (C) seconds per level, mean over the trainings of each configuration that hold a level; NaN where none does. */
export function secondsPerLevel(table: SurrogateTable): Float64Array {
  const { data, levels, rows, configurationOf } = table
  const sum = new Float64Array(table.configurations)
  const count = new Float64Array(table.configurations)
  for (let row = 0; row < rows; row++) {
    const reached = data.reached[row]!
    if (reached === 0) continue
    const i = configurationOf[row]!
    sum[i] = sum[i]! + data.elapsed[row * levels + reached - 1]! / reached
    count[i] = count[i]! + 1
  }
  return sum.map((seconds, i) => seconds / count[i]!)
}

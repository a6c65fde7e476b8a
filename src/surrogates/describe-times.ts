/** The part of a table's description that is about seconds. */
import { mean, orNull, quantile, standardDeviation } from './spread.js'
import type { SurrogateTable } from './table.js'

export interface TimeDescription {
  readonly secondsPerLevel: {
    /** Over configurations, whose seconds are means over their levels and repetitions. */
    readonly median: number
    readonly least: number
    readonly greatest: number
    /** 10th and 90th percentile over trainings. */
    readonly p10: number
    readonly p90: number
    /** Median over trainings of the standard deviation over levels as a share of the mean; null for one level. */
    readonly variation: number | null
  }
  /** Seconds before training began, over trainings. */
  readonly startupSeconds: { readonly median: number; readonly p10: number; readonly p90: number }
  readonly fullTrainingSeconds: {
    readonly mean: number
    readonly sd: number | null
    readonly repetitions: number
  } | null
}

/** Trainings without any level take part in start-up seconds only. */
export function describeTimes(table: SurrogateTable): TimeDescription {
  const { data, levels, rowStart, rowOrder } = table
  const perRow = Float64Array.from(data.reached, (reached, row) =>
    reached === 0 ? Number.NaN : data.elapsed[row * levels + reached - 1]! / reached,
  )
  const perConfiguration: number[] = []
  for (let i = 0; i < table.configurations; i++) {
    const rows = rowOrder.subarray(rowStart[i]!, rowStart[i + 1]!).filter((row) => data.reached[row]! > 0)
    if (rows.length > 0) perConfiguration.push(mean(Float64Array.from(rows, (row) => perRow[row]!)))
  }
  const withLevels = perRow.filter((seconds) => !Number.isNaN(seconds))
  return {
    secondsPerLevel: {
      median: quantile(perConfiguration, 0.5),
      least: quantile(perConfiguration, 0),
      greatest: quantile(perConfiguration, 1),
      p10: quantile(withLevels, 0.1),
      p90: quantile(withLevels, 0.9),
      variation: orNull(quantile(variations(table), 0.5)),
    },
    startupSeconds: {
      median: quantile(data.startup, 0.5),
      p10: quantile(data.startup, 0.1),
      p90: quantile(data.startup, 0.9),
    },
    fullTrainingSeconds: fullTraining(table),
  }
}

/** Of each training with two or more levels: standard deviation of the seconds of a level, as a share of their mean. */
function variations({ data, levels, rows }: SurrogateTable): number[] {
  const out: number[] = []
  for (let row = 0; row < rows; row++) {
    const times = data.elapsed.subarray(row * levels, row * levels + data.reached[row]!)
    const seconds = times.map((time, l) => time - (l === 0 ? 0 : times[l - 1]!))
    if (seconds.length > 1) out.push(standardDeviation(seconds) / mean(seconds))
  }
  return out
}

function fullTraining(table: SurrogateTable): TimeDescription['fullTrainingSeconds'] {
  const { data, levels, rowStart, rowOrder, defaultIndex } = table
  if (defaultIndex < 0) return null
  const rows = rowOrder
    .subarray(rowStart[defaultIndex]!, rowStart[defaultIndex + 1]!)
    .filter((row) => table.complete(row))
  if (rows.length === 0) return null
  const seconds = Float64Array.from(rows, (row) => data.elapsed[row * levels + levels - 1]!)
  return { mean: mean(seconds), sd: orNull(standardDeviation(seconds)), repetitions: seconds.length }
}

/** How far real trainings are from the recorded ones that a simulation replayed. Pure. */
import type { Numbers, SampleVerification, VerifiedTable, VerifiedTraining } from '../../store/verification.js'
import { type RankCorrelation, rankCorrelation } from '../statistics/correlation.js'
import { quantile } from '../statistics/quantiles.js'
import { type Summary, mean, summarise } from '../statistics/student.js'

/** The error of one metric: real - table. Levels of a training hang together, so intervals are over trainings. */
export interface MetricError {
  readonly metric: string
  readonly trainings: number
  /** Values compared, and how many of them are equal to the last bit. */
  readonly values: number
  readonly equal: number
  /** Values that are finite on one side only. */
  readonly oneSided: number
  /** Mean absolute error and mean error per training, over trainings; null without a training. */
  readonly absolute: Summary | null
  readonly signed: Summary | null
  /** Over all values. */
  readonly median: number | null
  readonly largest: number | null
  /** Mean absolute error in standard deviations between configurations at the same level; null where they do not differ. */
  readonly relative: Summary | null
}

/** A ratio real / table: geometric mean over trainings with Student's interval of the logarithms. */
export interface Ratio {
  readonly n: number
  readonly mean: number
  readonly ci95: readonly [number, number] | null
  readonly least: number
  readonly greatest: number
}

export interface LevelError {
  readonly level: number
  readonly trainings: number
  /** Of the steering metric. */
  readonly equal: number
  readonly meanAbsolute: number | null
  /** Of the seconds of training up to the level. */
  readonly time: Ratio | null
  /** Of the steering metric, at rungs only: trainings that reached it, by table and by real value. */
  readonly ranks: RankCorrelation | null
}

export interface TableMeasure {
  readonly about: VerifiedTable
  /** Drawn ones only: those that runs ended with are no sample. */
  readonly trainings: readonly VerifiedTraining[]
  readonly failed: readonly VerifiedTraining[]
  readonly errors: readonly MetricError[]
  /** At rungs, ascending. */
  readonly levels: readonly LevelError[]
  /** Seconds of training up to the last level of each. */
  readonly time: Ratio | null
  readonly startup: Ratio | null
  /** Mean difference real - table in seconds. */
  readonly startupSeconds: Summary | null
  /** Of metrics with one value per training: those that are times, by their unit, and others. */
  readonly statics: readonly {
    readonly metric: string
    readonly ratio: Ratio | null
    readonly equal: number
    readonly n: number
  }[]
}

export function measureSample(tables: readonly VerifiedTable[], sample: SampleVerification): TableMeasure[] {
  return tables.map((about): TableMeasure => {
    const mine = sample.trainings.filter(({ table, chosen }) => table === about.name && chosen === 'sample')
    const trainings = mine.filter(({ reached }) => reached > 0)
    const metrics = [...new Set(trainings.flatMap(({ curves }) => Object.keys(curves)))]
    const statics = [...new Set(trainings.flatMap((one) => Object.keys(one.statics)))]
    return {
      about,
      trainings,
      failed: mine.filter(({ failure }) => failure !== ''),
      errors: metrics.map((metric) => metricError(trainings, metric, about.spread[metric] ?? [])),
      levels: about.rungs.flatMap((level) => levelError(trainings, level, about.steering)),
      time: ratioOf(
        trainings.map((one) => ratio(one.elapsed.real[one.reached - 1], one.elapsed.table[one.reached - 1])),
      ),
      startup: ratioOf(trainings.map(({ startup }) => ratio(startup.real, startup.table))),
      startupSeconds: summarise(trainings.flatMap(({ startup }) => difference(startup.real, startup.table))),
      statics: statics.flatMap((metric) => {
        const pairs = trainings.flatMap((one) => {
          const pair = one.statics[metric]
          return pair === undefined || pair.real === null || pair.table === null ? [] : [pair]
        })
        if (pairs.length === 0) return []
        const equal = pairs.filter(({ real, table }) => real === table).length
        return [{ metric, ratio: ratioOf(pairs.map((pair) => ratio(pair.real, pair.table))), equal, n: pairs.length }]
      }),
    }
  })
}

function metricError(trainings: readonly VerifiedTraining[], metric: string, spread: Numbers): MetricError {
  let [values, equal, oneSided] = [0, 0, 0]
  const [absolute, signed, relative, all]: number[][] = [[], [], [], []]
  for (const training of trainings) {
    const { table, real } = training.curves[metric]!
    const errors: number[] = []
    const scaled: number[] = []
    for (let i = 0; i < training.reached; i++) {
      values++
      const [was, now] = [table[i]!, real[i] ?? null]
      if (was === now) equal++
      if ((was === null) !== (now === null)) oneSided++
      const [error] = difference(now, was)
      if (error === undefined) continue
      errors.push(error)
      const scale = spread[i]
      if (scale !== null && scale !== undefined && scale > 0) scaled.push(Math.abs(error) / scale)
    }
    if (errors.length === 0) continue
    all!.push(...errors.map(Math.abs))
    absolute!.push(mean(errors.map(Math.abs)))
    signed!.push(mean(errors))
    if (scaled.length > 0) relative!.push(mean(scaled))
  }
  return {
    metric,
    trainings: absolute!.length,
    values,
    equal,
    oneSided,
    absolute: summarise(absolute!),
    signed: summarise(signed!),
    median: all!.length === 0 ? null : quantile(all!, 0.5),
    largest: all!.length === 0 ? null : Math.max(...all!),
    relative: summarise(relative!),
  }
}

function levelError(trainings: readonly VerifiedTraining[], level: number, steering: string): LevelError[] {
  const there = trainings.filter(({ reached }) => reached >= level)
  if (there.length === 0) return []
  const pairs = there.flatMap(({ curves }) => {
    const curve = curves[steering]
    const [table, real] = [curve?.table[level - 1] ?? null, curve?.real[level - 1] ?? null]
    return table === null || real === null ? [] : [{ table, real }]
  })
  return [
    {
      level,
      trainings: there.length,
      equal: pairs.filter(({ table, real }) => table === real).length,
      meanAbsolute: pairs.length === 0 ? null : mean(pairs.map(({ table, real }) => Math.abs(real - table))),
      time: ratioOf(there.map(({ elapsed }) => ratio(elapsed.real[level - 1], elapsed.table[level - 1]))),
      ranks: rankCorrelation(
        pairs.map(({ table }) => table),
        pairs.map(({ real }) => real),
      ),
    },
  ]
}

/** The geometric mean of what ratios there are. */
export function ratioOf(given: readonly (number | undefined)[]): Ratio | null {
  const ratios = given.filter((one) => one !== undefined)
  const logs = summarise(ratios.map(Math.log))
  if (logs === null) return null
  return {
    n: ratios.length,
    mean: Math.exp(logs.mean),
    ci95: logs.ci95 === null ? null : [Math.exp(logs.ci95[0]), Math.exp(logs.ci95[1])],
    least: Math.min(...ratios),
    greatest: Math.max(...ratios),
  }
}

function ratio(real: number | null | undefined, table: number | null | undefined): number | undefined {
  return real != null && table != null && real > 0 && table > 0 ? real / table : undefined
}

function difference(real: number | null, table: number | null): number[] {
  return real === null || table === null ? [] : [real - table]
}

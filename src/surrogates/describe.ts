/** A table in figures: what `bench show` prints. */
import type { Goal } from '../core/objective.js'
import { type Config, type Domain, type Value, describeDomain } from '../core/space.js'
import { type TimeDescription, describeTimes, secondsPerLevel } from './describe-times.js'
import { deviation, mean, median, squares } from './figures.js'
import { finalValues } from './nearest.js'
import { ENDED, type Ended } from './table-data.js'
import type { SurrogateTable } from './table.js'

/** A configuration at its best level. */
export interface DescribedConfiguration {
  readonly config: Config
  /** Its trainings that ended with a value; the figures below are about these. */
  readonly repetitions: number
  /** Best value over the levels of the mean curve, and the first level where it has it. */
  readonly value: number
  readonly level: number
  /** Standard deviation of the final value; null for a single training. */
  readonly spread: number | null
}

/** Final values of one validation metric. */
export interface ObjectiveDescription {
  readonly metric: string
  readonly goal: Goal
  /** The metric of the same name on test data, where there is one. */
  readonly test: string | null
  /** Best mean over repetitions at the last level; null where no configuration has one. */
  readonly best: {
    readonly config: Config
    readonly repetitions: number
    readonly value: number
    readonly test: number | null
  } | null
  /** The default configuration; null where it has no training that ended with a value. */
  readonly default: {
    readonly repetitions: number
    readonly mean: number
    readonly sd: number | null
    readonly test: number | null
  } | null
  /** Standard deviation within configurations, pooled over those with two or more repetitions. */
  readonly repetitionSd: number | null
}

/** The configurations with one value of a choice. */
export interface ChoiceDescription {
  readonly value: Value
  readonly configurations: number
  /** Median over the configurations. */
  readonly secondsPerLevel: number | null
  /** Best mean final value of the metric that steers. */
  readonly best: number | null
}

/**
 * A table in figures; `JSON.stringify` loses nothing, what is unknown is null. Where not said otherwise they are about
 * the metric that steers: the first validation metric with a goal (where there is none, the first curve).
 */
export interface TableDescription {
  readonly name: string
  readonly description: string
  /** sha256 of the file. */
  readonly checksum: string
  readonly rows: number
  readonly configurations: number
  /** Repetitions per configuration. */
  readonly repetitions: { readonly min: number; readonly max: number }
  readonly resource: string
  readonly levels: number
  readonly hyperparameters: readonly {
    readonly name: string
    /** Its domain in words. */
    readonly domain: string
    readonly definition: Domain
    /** How many different values occur. */
    readonly values: number
  }[]
  readonly metrics: readonly {
    readonly name: string
    readonly goal: Goal | 'none'
    readonly unit: string
    readonly split: string
    readonly kind: 'curve' | 'static'
  }[]
  readonly provenance: Readonly<Record<string, unknown>> & { readonly kind: string }
  readonly columnProvenance?: Readonly<Record<string, unknown>>
  readonly metric: string
  readonly goal: Goal | 'none'
  /** Best at any level, among the configurations all of whose trainings are complete. */
  readonly best: DescribedConfiguration | undefined
  readonly default: DescribedConfiguration | undefined
  /** Median over configurations of the standard deviation of the final value over repetitions. */
  readonly spreadOverRepetitions: number | null
  readonly objectives: readonly ObjectiveDescription[]
  /** How trainings ended: how many of each. */
  readonly ended: Readonly<Record<Ended, number>>
  /** Share of trainings that diverged. */
  readonly divergedShare: number
  readonly secondsPerLevel: TimeDescription['secondsPerLevel']
  readonly startupSeconds: TimeDescription['startupSeconds']
  readonly defaultTrainingSeconds: TimeDescription['defaultTrainingSeconds']
  /** Of each choice hyperparameter, its values. */
  readonly choices: Readonly<Record<string, readonly ChoiceDescription[]>>
  /**
   * Mean curves of the configurations with the best, median and worst final value, and of the default; level 1 first,
   * up to the level before the first without a value.
   */
  readonly curves: readonly { readonly label: string; readonly values: readonly number[] }[]
}

/** Describes a table. It is only read. */
export function describeTable(table: SurrogateTable): TableDescription {
  const { data, rows, configurations, levels, defaultIndex } = table
  const { metadata } = data
  const metric = steeringMetric(table)
  const { goal } = table.metric(metric)
  const final = finalValues(table, metric)
  const ranked = rank(final, goal)
  const counts = Array.from({ length: configurations }, (_, i) => table.repetitions(i))
  const ended: Record<Ended, number> = { completed: 0, stopped: 0, diverged: 0, failed: 0 }
  for (const code of data.ended) ended[ENDED[code]!]++
  const best = goal === 'none' ? -1 : bestAnywhere(table, metric, ranked, goal)
  const spreads = repetitionValues(table, metric).flatMap((values) => deviation(values) ?? [])
  return {
    name: table.name,
    description: metadata.description,
    checksum: data.checksum,
    rows,
    configurations,
    repetitions: {
      min: counts.reduce((least, count) => Math.min(least, count), Infinity),
      max: counts.reduce((most, count) => Math.max(most, count), 0),
    },
    resource: metadata.resource.name,
    levels,
    hyperparameters: Object.entries(table.space).map(([name, domain]) => ({
      name,
      domain: describeDomain(domain),
      definition: domain,
      values: new Set<number>(data.hyperparameters[name]!.values).size,
    })),
    metrics: Object.entries(metadata.metrics).map(([name, { goal: wanted, unit, split, kind }]) => ({
      name,
      goal: wanted,
      unit,
      split,
      kind,
    })),
    provenance: metadata.provenance,
    ...(metadata.columnProvenance !== undefined && { columnProvenance: metadata.columnProvenance }),
    metric,
    goal,
    best: best < 0 ? undefined : describeConfiguration(table, metric, best, goal),
    default: defaultIndex < 0 ? undefined : describeConfiguration(table, metric, defaultIndex, goal),
    spreadOverRepetitions: median(spreads),
    objectives: Object.entries(metadata.metrics).flatMap(([name, described]) =>
      described.split === 'validation' && described.goal !== 'none'
        ? describeObjective(table, name, described.goal)
        : [],
    ),
    ended,
    divergedShare: ended.diverged / rows,
    ...describeTimes(table),
    choices: describeChoices(table, goal === 'none' ? [] : ranked, final),
    curves: pickCurves(table, metric, goal === 'none' ? [] : ranked),
  }
}

/** The first validation curve with a goal, else the first curve with one, else the first curve. */
function steeringMetric(table: SurrogateTable): string {
  const curves = Object.entries(table.data.metadata.metrics).filter(([, { kind }]) => kind === 'curve')
  const found =
    curves.find(([, { split, goal }]) => split === 'validation' && goal !== 'none') ??
    curves.find(([, { goal }]) => goal !== 'none') ??
    curves[0]!
  return found[0]
}

/** The configurations with a value, best first; equal ones by index. */
function rank(values: Float64Array, goal: Goal | 'none'): number[] {
  const sign = goal === 'max' ? -1 : 1
  return [...values.keys()]
    .filter((i) => !Number.isNaN(values[i]!))
    .sort((a, b) => sign * (values[a]! - values[b]!) || a - b)
}

/** (N) the value at the last level, or the one value of the training. */
function lastValues(table: SurrogateTable, metric: string): Float64Array {
  if (table.metric(metric).kind === 'static') return table.static(metric)
  const curve = table.curve(metric)
  return Float64Array.from({ length: table.rows }, (_, row) => curve[(row + 1) * table.levels - 1]!)
}

/** Per configuration, the finite last values of its complete trainings. */
function repetitionValues(table: SurrogateTable, metric: string): number[][] {
  const values = lastValues(table, metric)
  return Array.from({ length: table.configurations }, (_, i) => usableRows(table, values, i).map((row) => values[row]!))
}

function usableRows(table: SurrogateTable, values: Float64Array, i: number): number[] {
  const rows = table.rowOrder.subarray(table.rowStart[i]!, table.rowStart[i + 1]!)
  return [...rows].filter((row) => table.complete(row) && Number.isFinite(values[row]!))
}

/** (R) mean over some trainings. */
function meanCurve(curve: Float32Array | Float64Array, rows: readonly number[], levels: number): number[] {
  return Array.from({ length: levels }, (_, level) => {
    let sum = 0
    for (const row of rows) sum += curve[row * levels + level]!
    return sum / rows.length
  })
}

/** Position of the first best finite value, or -1. */
function bestLevel(values: readonly number[], goal: Goal | 'none'): number {
  let best = -1
  for (const [at, value] of values.entries())
    if (Number.isFinite(value) && (best < 0 || (goal === 'max' ? value > values[best]! : value < values[best]!)))
      best = at
  return best
}

function bestAnywhere(table: SurrogateTable, metric: string, candidates: readonly number[], goal: Goal): number {
  const curve = table.curve(metric)
  const values = candidates.map((i) => {
    const rows = [...table.rowOrder.subarray(table.rowStart[i]!, table.rowStart[i + 1]!)]
    const means = meanCurve(curve, rows, table.levels)
    return means[bestLevel(means, goal)]!
  })
  return candidates[bestLevel(values, goal)] ?? -1
}

function describeConfiguration(
  table: SurrogateTable,
  metric: string,
  i: number,
  goal: Goal | 'none',
): DescribedConfiguration | undefined {
  const values = lastValues(table, metric)
  const rows = usableRows(table, values, i)
  if (rows.length === 0) return undefined
  const curve = meanCurve(table.curve(metric), rows, table.levels)
  const level = goal === 'none' ? table.levels - 1 : bestLevel(curve, goal)
  return {
    config: table.configuration(i),
    repetitions: rows.length,
    value: curve[level]!,
    level: level + 1,
    spread: deviation(rows.map((row) => values[row]!)),
  }
}

function describeObjective(table: SurrogateTable, metric: string, goal: Goal): ObjectiveDescription {
  const counterpart = metric.replace('validation_', 'test_')
  const test = counterpart !== metric && table.hasMetric(counterpart) ? counterpart : null
  const values = repetitionValues(table, metric)
  const tests = test === null ? undefined : repetitionValues(table, test)
  const testOf = (i: number): number | null => (tests === undefined ? null : mean(tests[i]!))
  // A configuration counts only if all of its trainings ended with a value.
  const means = Float64Array.from(values, (some, i) =>
    some.length === table.repetitions(i) ? (mean(some) ?? Number.NaN) : Number.NaN,
  )
  const best = rank(means, goal)[0]
  const i = table.defaultIndex
  const defaultMean = i < 0 ? null : mean(values[i]!)
  let sum = 0
  let freedom = 0
  for (const some of values) {
    sum += squares(some)
    freedom += Math.max(0, some.length - 1)
  }
  return {
    metric,
    goal,
    test,
    best:
      best === undefined
        ? null
        : {
            config: table.configuration(best),
            repetitions: values[best]!.length,
            value: means[best]!,
            test: testOf(best),
          },
    default:
      defaultMean === null
        ? null
        : { repetitions: values[i]!.length, mean: defaultMean, sd: deviation(values[i]!), test: testOf(i) },
    repetitionSd: freedom === 0 ? null : Math.sqrt(sum / freedom),
  }
}

/** @param ranked configurations, best first */
function describeChoices(
  table: SurrogateTable,
  ranked: readonly number[],
  final: Float64Array,
): Record<string, ChoiceDescription[]> {
  const seconds = secondsPerLevel(table)
  const out: Record<string, ChoiceDescription[]> = {}
  for (const [name, domain] of Object.entries(table.space)) {
    if (domain.type !== 'choice') continue
    const members = new Map<Value, number[]>(domain.values.map((value) => [value, []]))
    for (let i = 0; i < table.configurations; i++) members.get(table.configuration(i)[name]!)?.push(i)
    const first = new Map<Value, number>()
    for (const i of ranked) {
      const value = table.configuration(i)[name]!
      if (!first.has(value)) first.set(value, final[i]!)
    }
    out[name] = [...members].map(([value, indices]) => ({
      value,
      configurations: indices.length,
      secondsPerLevel: median(indices.map((i) => seconds[i]!).filter((each) => !Number.isNaN(each))),
      best: first.get(value) ?? null,
    }))
  }
  return out
}

/** @param ranked configurations, best first; empty where no direction is better */
function pickCurves(
  table: SurrogateTable,
  metric: string,
  ranked: readonly number[],
): { label: string; values: number[] }[] {
  const curve = table.curve(metric)
  const picks: [string, number | undefined][] = [
    ['best', ranked[0]],
    ['default', table.defaultIndex],
    ['median', ranked[Math.floor((ranked.length - 1) / 2)]],
    ['worst', ranked.at(-1)],
  ]
  return picks.flatMap(([label, i]) => {
    if (i === undefined || i < 0) return []
    const rows = [...table.rowOrder.subarray(table.rowStart[i]!, table.rowStart[i + 1]!)]
    const values = meanCurve(curve, rows, table.levels)
    const end = values.findIndex((value) => !Number.isFinite(value))
    return end === 0 ? [] : [{ label, values: end < 0 ? values : values.slice(0, end) }]
  })
}

/** A table in figures: what `bench show` prints and scripts read. Nothing here renders. */
import { describeDomain } from '../core/space.js'
import type * as core from '../core/table-description.js'
import { type DescribedChoice, describeChoices } from './describe-choices.js'
import {
  type ConfigurationValue,
  type DescribedMetric,
  bestLevels,
  describeMetrics,
  ranked,
} from './describe-metrics.js'
import { type DeviceDescription, describeDevices } from './describe-devices.js'
import { type TimeDescription, describeTimes } from './describe-times.js'
import type { InstanceFactor } from './instance-factor.js'
import type { Provenance, TableMetadata } from './metadata.js'
import { mean, orNull, quantile, standardDeviation } from './spread.js'
import { ENDED, type Ended } from './table-data.js'
import type { SurrogateTable } from './table.js'

/** A configuration at its best level, by the metric that steers. */
export interface DescribedConfiguration extends core.DescribedConfiguration {
  /** Its index in the table. */
  readonly index: number
  /** Value at the last level; null where a training has none. */
  readonly final: number | null
  /** Test metrics, each training's at the level of its best value; null where not finite. */
  readonly test: Readonly<Record<string, number | null>>
}

/**
 * A table. Where not said otherwise figures are about the metric that steers: the first on validation data. With modelled
 * instance types all figures but theirs and the number of configurations are about what was recorded.
 */
export interface TableDescription extends core.TableDescription, DeviceDescription {
  /** How many repetitions a configuration has, least and most. */
  readonly repetitions: { readonly least: number; readonly most: number }
  readonly metrics: readonly DescribedMetric[]
  readonly provenance: Provenance
  /** Of columns whose origin differs from the table's. */
  readonly columnProvenance?: Readonly<Record<string, Provenance>>
  /** undefined where the metric has no goal or no configuration is complete. */
  readonly best: DescribedConfiguration | undefined
  /** undefined where the table has no complete trainings of it. */
  readonly default: DescribedConfiguration | undefined
  readonly secondsPerLevel: TimeDescription['secondsPerLevel']
  readonly startupSeconds: TimeDescription['startupSeconds']
  /** A complete training of the default configuration, start-up not counted; null where there is none. */
  readonly fullTrainingSeconds: TimeDescription['fullTrainingSeconds']
  /** Of each choice hyperparameter, its values compared. */
  readonly choices: Readonly<Record<string, readonly DescribedChoice[]>>
}

/** Describes a table; linear in its cells. */
export function describeTable(table: SurrogateTable): TableDescription {
  if (table.instances === undefined) return describeRecorded(table)
  const { name, description, provenance } = table.data.metadata
  return {
    ...describeRecorded(table.recorded),
    name,
    description,
    provenance,
    configurations: table.configurations,
    instances: describeInstances(table, table.instances),
  }
}

/** What a full training of the default configuration takes and costs on each modelled instance type. */
function describeInstances(
  table: SurrogateTable,
  instances: InstanceFactor,
): NonNullable<TableDescription['instances']> {
  const full = describeTimes(table.recorded).fullTrainingSeconds
  const { hyperparameter, names, slowness, usdPerHour } = instances
  return {
    hyperparameter,
    types: names.map((name, k) => {
      const seconds = full === null ? null : full.mean * slowness[k]!
      const price = orNull(usdPerHour[k]!)
      const usd = seconds === null || price === null ? null : (seconds * price) / 3600
      return { name, speed: 1 / slowness[k]!, usdPerHour: price, fullTrainingSeconds: seconds, fullTrainingUsd: usd }
    }),
  }
}

function describeRecorded(table: SurrogateTable): TableDescription {
  const { data, space } = table
  const { metadata } = data
  const metric = steeringMetric(metadata)
  const { goal } = metadata.metrics[metric]!
  const values = goal === 'none' ? [] : ranked(table, metric, goal)
  const ofDefault = values.find(({ index }) => index === table.defaultIndex)
  const counts = Array.from({ length: table.configurations }, (_, i) => table.repetitions(i))
  return {
    name: metadata.name,
    description: metadata.description,
    checksum: data.checksum,
    rows: table.rows,
    configurations: table.configurations,
    repetitions: {
      least: counts.reduce((a, b) => Math.min(a, b)),
      most: counts.reduce((a, b) => Math.max(a, b)),
    },
    resource: metadata.resource.name,
    levels: table.levels,
    hyperparameters: Object.entries(space).map(([name, domain]) => ({
      name,
      domain: describeDomain(domain),
      values: new Set(data.hyperparameters[name]!.values).size,
    })),
    metrics: describeMetrics(table),
    provenance: metadata.provenance,
    ...(metadata.columnProvenance !== undefined && { columnProvenance: metadata.columnProvenance }),
    metric,
    goal,
    best: values[0] && describeConfiguration(table, metric, values[0]),
    default: ofDefault && describeConfiguration(table, metric, ofDefault),
    spreadOverRepetitions: medianSpread(table, metric),
    ended: countEnds(data.ended),
    ...describeTimes(table),
    ...describeDevices(data),
    choices: describeChoices(table, values),
    curves: someCurves(table, metric, values, ofDefault),
  }
}

/** The first curve on validation data that has a goal; else the first with a goal; else the first. */
function steeringMetric({ metrics }: TableMetadata): string {
  const curves = Object.entries(metrics).filter(([, metric]) => metric.kind === 'curve')
  const withGoal = curves.filter(([, metric]) => metric.goal !== 'none')
  const found = withGoal.find(([, metric]) => metric.split === 'validation') ?? withGoal[0] ?? curves[0]
  return found![0]
}

function describeConfiguration(
  table: SurrogateTable,
  metric: string,
  { index, value }: ConfigurationValue,
): DescribedConfiguration {
  const { levels } = table
  const rows = table.rowOrder.subarray(table.rowStart[index]!, table.rowStart[index + 1]!)
  const { goal } = table.metric(metric)
  const at = bestLevels(table, metric, goal === 'max' ? 'max' : 'min', rows)
  const finals = Float64Array.from(rows, (row) => table.curve(metric)[row * levels + levels - 1]!)
  const tests = Object.entries(table.data.metadata.metrics).filter(
    ([, { split, kind }]) => split === 'test' && kind === 'curve',
  )
  return {
    config: table.configuration(index),
    index,
    repetitions: rows.length,
    value,
    level: at[0]!,
    final: orNull(mean(finals)),
    spread: orNull(standardDeviation(finals)),
    test: Object.fromEntries(
      tests.map(([name]) => {
        const curve = table.curve(name)
        return [name, orNull(mean(Float64Array.from(rows, (row, i) => curve[row * levels + at[i]! - 1]!)))]
      }),
    ),
  }
}

/** Over configurations with two or more complete repetitions. */
function medianSpread(table: SurrogateTable, metric: string): number | null {
  const curve = table.curve(metric)
  const spreads: number[] = []
  for (let i = 0; i < table.configurations; i++) {
    const finals: number[] = []
    for (let at = table.rowStart[i]!; at < table.rowStart[i + 1]!; at++) {
      const value = curve[table.rowOrder[at]! * table.levels + table.levels - 1]!
      if (Number.isFinite(value)) finals.push(value)
    }
    if (finals.length > 1) spreads.push(standardDeviation(finals))
  }
  return orNull(quantile(spreads, 0.5))
}

function countEnds(codes: Uint8Array): Record<Ended, number> {
  const counts = ENDED.map(() => 0)
  for (const code of codes) counts[code]!++
  const [completed = 0, stopped = 0, diverged = 0, failed = 0] = counts
  return { completed, stopped, diverged, failed }
}

function someCurves(
  table: SurrogateTable,
  metric: string,
  values: readonly ConfigurationValue[],
  ofDefault: ConfigurationValue | undefined,
): TableDescription['curves'] {
  const chosen: [string, ConfigurationValue | undefined][] = [
    ['best', values[0]],
    ['median', values[Math.floor((values.length - 1) / 2)]],
    ['worst', values.at(-1)],
    ['default', ofDefault],
  ]
  return chosen.flatMap(([label, value]) => {
    if (value === undefined) return []
    const curve = meanCurve(table, metric, value.index)
    const end = curve.findIndex((each) => !Number.isFinite(each))
    return end === 0 ? [] : [{ label, values: end < 0 ? curve : curve.slice(0, end) }]
  })
}

function meanCurve(table: SurrogateTable, metric: string, index: number): number[] {
  const { levels, rowStart, rowOrder } = table
  const curve = table.curve(metric)
  const rows = rowOrder.subarray(rowStart[index]!, rowStart[index + 1]!)
  return Array.from({ length: levels }, (_, l) => mean(Float64Array.from(rows, (row) => curve[row * levels + l]!)))
}

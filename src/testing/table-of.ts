/** Small tables in memory for tests, valid by construction: curves and times come from functions. */
import { type Config, type ConfigOf, type Domain, type Space, type Value, contains, float, int } from '../core/space.js'
import { BenchError, invalid } from '../core/errors.js'
import type { Goal } from '../core/objective.js'
import { FORMAT_VERSION, type Metric, type TableMetadata } from '../surrogates/metadata.js'
import { sharedFloat64, sharedInt32, sharedUint8 } from '../surrogates/shared.js'
import { ENDED, type HyperparameterColumn, type TableData } from '../surrogates/table-data.js'
import { SurrogateTable } from '../surrogates/table.js'
import { checkTable } from '../surrogates/validate.js'
import { tableChecksum } from '../surrogates/write.js'

/** The space of a table whose configurations are given as a number. */
export type NumberedSpace = { readonly x: ReturnType<typeof float> }

/** What {@link TableOptions.value} and {@link TableOptions.seconds} are asked for. */
export interface TableCell<S extends Space = NumberedSpace> {
  /** 0, 1, ... in the order given */
  readonly configuration: number
  readonly config: ConfigOf<S>
  /** 0, 1, ... within a configuration */
  readonly repetition: number
  /** 1..R; R for a metric with one value per training */
  readonly level: number
  /** 0, 1, ...: by configuration, then repetition */
  readonly row: number
}

export interface TableOptions<S extends Space = NumberedSpace> {
  /** Default `in-memory`. */
  readonly name?: string
  /** R, the maximum resource level. */
  readonly levels: number
  /** How many, with one hyperparameter `x` evenly spaced from 0 to 1; or a list of configurations of `space`. */
  readonly configurations: number | readonly ConfigOf<S>[]
  /** Needed where `configurations` is a list. */
  readonly space?: S
  /** Default: the first configuration. */
  readonly defaultConfig?: ConfigOf<S>
  /** Trainings per configuration, default 1. */
  readonly repetitions?: number | ((configuration: number) => number)
  /** The metrics by name with their goal, or with everything that a table says of one. Default `{ error: 'min' }`. */
  readonly metrics?: Readonly<Record<string, Goal | Metric>>
  /**
   * The value of a metric at a level. From the first level at which the value of a learning curve is not finite the
   * training is one that diverged: all its curves are NaN from there on.
   */
  readonly value: (cell: TableCell<S> & { readonly metric: string }) => number
  /** Seconds of training up to a level, strictly increasing. Default: `level`. */
  readonly seconds?: (cell: TableCell<S>) => number
  /** Seconds before each training begins, default 0. */
  readonly startup?: number
}

/**
 * A table in memory, in five lines:
 *
 * @example
 * const table = tableOf({
 *   levels: 9,
 *   configurations: 27,
 *   value: ({ config, level }) => config.x + 1 / level,
 * })
 * @throws BenchError if levels or times make no valid table
 */
export function tableOf<const S extends Space = NumberedSpace>(options: TableOptions<S>): SurrogateTable {
  const data = tableDataOf(options)
  checkTable(data, `tableOf ${data.metadata.name}`)
  return new SurrogateTable(data)
}

/** The data of {@link tableOf}, not checked. */
export function tableDataOf<const S extends Space = NumberedSpace>(options: TableOptions<S>): TableData {
  const { levels, repetitions = 1 } = options
  if (!Number.isInteger(levels) || levels < 1) throw invalid('levels', levels, 'must be a whole number >= 1')
  const { space, configs } = configurationsOf(options)
  const metrics = metricsOf(options.metrics ?? { error: 'min' })
  const cells: TableCell<S>[] = []
  for (const [configuration, config] of configs.entries())
    for (let i = 0; i < (typeof repetitions === 'number' ? repetitions : repetitions(configuration)); i++)
      cells.push({ configuration, config: config as ConfigOf<S>, repetition: i, level: levels, row: cells.length })
  const rows = cells.length
  const perLevel = (of: (cell: TableCell<S>) => number): Float64Array =>
    sharedFloat64(rows * levels).map((_, i) => of({ ...cells[Math.floor(i / levels)]!, level: (i % levels) + 1 }))
  const curves: Record<string, Float64Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [metric, { kind }] of Object.entries(metrics)) {
    const of = (cell: TableCell<S>): number => options.value({ ...cell, metric })
    if (kind === 'curve') curves[metric] = shared(perLevel(of))
    else statics[metric] = shared(Float64Array.from(cells, of))
  }
  const ended = sharedUint8(rows).fill(ENDED.indexOf('completed'))
  for (let row = 0; row < rows; row++)
    if (diverge(Object.values(curves), row * levels, (row + 1) * levels)) ended[row] = ENDED.indexOf('diverged')
  const data: TableData = {
    metadata: {
      formatVersion: FORMAT_VERSION,
      name: options.name ?? 'in-memory',
      description: '',
      resource: { name: 'epoch', levels },
      metrics,
      space: space as TableMetadata['space'],
      defaultConfig: { ...((options.defaultConfig ?? configs[0]) as Config) },
      provenance: { kind: 'synthetic', generator: 'tableOf of rungbench/testing', seed: 0 },
    },
    checksum: '',
    rows,
    levels,
    hyperparameters: Object.fromEntries(
      Object.keys(space).map((name) => [
        name,
        hyperparameterColumn(
          space[name]!,
          cells.map(({ config }) => (config as Config)[name]!),
        ),
      ]),
    ),
    repetition: filled(
      sharedInt32(rows),
      cells.map(({ repetition }) => repetition),
    ),
    reached: sharedInt32(rows).fill(levels),
    ended,
    elapsed: shared(perLevel(options.seconds ?? (({ level }) => level))),
    startup: sharedFloat64(rows).fill(options.startup ?? 0),
    cpu: sharedFloat64(rows).fill(Number.NaN),
    curves,
    statics,
  }
  return { ...data, checksum: tableChecksum(data) }
}

/** Makes all curves of the training in cells [from, to) NaN from the first level at which one is not finite; whether there is one. */
function diverge(curves: readonly Float64Array[], from: number, to: number): boolean {
  for (let cell = from; cell < to; cell++)
    if (!curves.every((curve) => Number.isFinite(curve[cell]))) {
      for (const curve of curves) curve.fill(Number.NaN, cell, to)
      return true
    }
  return false
}

function configurationsOf<S extends Space>({ configurations: given, space }: TableOptions<S>) {
  if (typeof given === 'number') {
    if (!Number.isInteger(given) || given < 1) throw invalid('configurations', given, 'must be a whole number >= 1')
    const configs: Config[] = Array.from({ length: given }, (_, i) => ({ x: given === 1 ? 0 : i / (given - 1) }))
    return { space: { x: float(0, 1) } as Space, configs }
  }
  if (space === undefined) throw new BenchError('tableOf: a list of configurations needs its space; add space')
  if (given.length === 0) throw new BenchError('tableOf: configurations is an empty list; give at least one')
  return { space: space as Space, configs: given as readonly Config[] }
}

function metricsOf(given: Readonly<Record<string, Goal | Metric>>): Record<string, Metric> {
  return Object.fromEntries(
    Object.entries(given).map(([name, metric]) => [
      name,
      typeof metric === 'string' ? { goal: metric, unit: '', split: 'validation', kind: 'curve' } : metric,
    ]),
  )
}

function hyperparameterColumn(domain: Domain, values: readonly Value[]): HyperparameterColumn {
  const rows = values.length
  const [first] = values
  if (typeof first === 'string') {
    const dictionary = [...new Set(values as string[])]
    const codes = new Map(dictionary.map((value, code) => [value as Value, code]))
    return {
      kind: 'text',
      values: filled(
        sharedInt32(rows),
        values.map((value) => codes.get(value)!),
      ),
      dictionary,
    }
  }
  if (typeof first === 'boolean') return { kind: 'bool', values: filled(sharedUint8(rows), values.map(Number)) }
  const numbers = values as number[]
  if (domain.type !== 'float' && numbers.every((value) => contains(int(-(2 ** 31), 2 ** 31 - 1), value)))
    return { kind: 'int', values: filled(sharedInt32(rows), numbers) }
  return { kind: 'float', values: filled(sharedFloat64(rows), numbers) }
}

function shared(values: Float64Array): Float64Array {
  return filled(sharedFloat64(values.length), values)
}

function filled<A extends { set(values: ArrayLike<number>): void }>(array: A, values: ArrayLike<number>): A {
  array.set(values)
  return array
}

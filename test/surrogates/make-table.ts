/** Small synthetic tables for tests: valid by construction, with curves from a function. */
import { mixedUniform } from '../../src/core/random.js'
import { type Config, type Space, type Value, choice, contains, float } from '../../src/core/space.js'
import { FORMAT_VERSION, type Metric, type TableMetadata } from '../../src/surrogates/metadata.js'
import { sharedFloat64, sharedInt32, sharedUint8 } from '../../src/surrogates/shared.js'
import { ENDED, type Ended, type HyperparameterColumn, type TableData } from '../../src/surrogates/table-data.js'
import { tableChecksum } from '../../src/surrogates/write.js'

export interface MakeTableOptions {
  readonly name?: string
  /** R, default 4 */
  readonly levels?: number
  /** Default 6 configurations of `space`: `lr` evenly spaced, `model` in turn. */
  readonly configurations?: number | readonly Config[]
  /** Per configuration, default 2. */
  readonly repetitions?: number | ((configuration: number) => number)
  /** Needed where `configurations` is a list. Default: `lr` in [0, 1] and `model`, one of small, large. */
  readonly space?: Space
  readonly defaultConfig?: Config
  /** Default: `error` (validation, min) and `test_error` (test, min). */
  readonly metrics?: Readonly<Record<string, Metric>>
  /** Value of a metric at a level (1..R; R for static metrics). Default: an error that falls with the level. */
  readonly value?: (cell: Cell) => number
  /** Seconds of training up to a level. Default: `level * (1 + configuration / 10)`. */
  readonly elapsed?: (cell: Omit<Cell, 'metric'>) => number
  /** How a row ends, and after how many levels. Default: completed. */
  readonly end?: (row: number) => { readonly ended: Ended; readonly reached: number }
  readonly startup?: number
  readonly metadata?: Partial<TableMetadata>
}

export interface Cell {
  readonly metric: string
  readonly configuration: number
  readonly config: Config
  readonly repetition: number
  readonly level: number
  readonly row: number
}

const METRICS: Readonly<Record<string, Metric>> = {
  error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
  test_error: { goal: 'min', unit: '', split: 'test', kind: 'curve' },
}

/** A table in shared memory, rows in order of configuration and repetition. */
export function makeTable(options: MakeTableOptions = {}): TableData {
  const { levels = 4, metrics = METRICS, repetitions = 2 } = options
  const space = options.space ?? { lr: float(0, 1), model: choice(['small', 'large']) }
  const given = options.configurations ?? 6
  const configs = typeof given === 'number' ? defaultConfigs(given) : given
  const rowConfigs: number[] = []
  const rowRepetitions: number[] = []
  for (const i of configs.keys())
    for (let r = 0; r < (typeof repetitions === 'number' ? repetitions : repetitions(i)); r++) {
      rowConfigs.push(i)
      rowRepetitions.push(r)
    }
  const rows = rowConfigs.length
  const ends = rowConfigs.map((_, row) => options.end?.(row) ?? { ended: 'completed' as const, reached: levels })
  const cells = (metric: string, f: (cell: Cell) => number): Float64Array => {
    const out = sharedFloat64(rows * levels).fill(Number.NaN)
    for (let row = 0; row < rows; row++)
      for (let level = 1; level <= ends[row]!.reached; level++)
        out[row * levels + level - 1] = f(cellOf(metric, row, level))
    return out
  }
  const cellOf = (metric: string, row: number, level: number): Cell => {
    const configuration = rowConfigs[row]!
    return { metric, configuration, config: configs[configuration]!, repetition: rowRepetitions[row]!, level, row }
  }
  const value = options.value ?? defaultValue
  const curves: Record<string, Float64Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [name, metric] of Object.entries(metrics))
    if (metric.kind === 'curve') curves[name] = cells(name, value)
    else
      statics[name] = fill(
        sharedFloat64(rows),
        rowConfigs.map((_, row) => value(cellOf(name, row, levels))),
      )

  const data: TableData = {
    metadata: {
      formatVersion: FORMAT_VERSION,
      name: options.name ?? 'synthetic',
      description: '',
      resource: { name: 'epoch', levels },
      metrics: { ...metrics },
      space: space as TableMetadata['space'],
      defaultConfig: { ...(options.defaultConfig ?? configs[0]!) },
      provenance: { kind: 'synthetic', generator: 'test/surrogates/make-table.ts', seed: 0 },
      ...options.metadata,
    },
    checksum: '',
    rows,
    levels,
    hyperparameters: Object.fromEntries(
      Object.keys(space).map((name) => [name, column(rowConfigs.map((i) => configs[i]![name]!))]),
    ),
    repetition: fill(sharedInt32(rows), rowRepetitions),
    reached: fill(
      sharedInt32(rows),
      ends.map((end) => end.reached),
    ),
    ended: fill(
      sharedUint8(rows),
      ends.map((end) => ENDED.indexOf(end.ended)),
    ),
    elapsed: cells('elapsed_time', options.elapsed ?? ((cell) => cell.level * (1 + cell.configuration / 10))),
    startup: sharedFloat64(rows).fill(options.startup ?? 0),
    cpu: sharedFloat64(rows).fill(Number.NaN),
    curves,
    statics,
  }
  return { ...data, checksum: tableChecksum(data) }
}

function defaultConfigs(count: number): Config[] {
  return Array.from({ length: count }, (_, i) => ({
    lr: count === 1 ? 0 : i / (count - 1),
    model: i % 2 === 0 ? 'small' : 'large',
  }))
}

/** Falls with the level; worse the farther `configuration` is from 2; a little noise per repetition. */
function defaultValue({ configuration, repetition, level, metric }: Cell): number {
  const noise = mixedUniform(configuration * 1000 + repetition, level) / 100
  return 1 / (level + 1) + Math.abs(configuration - 2) / 20 + noise + (metric === 'error' ? 0 : 0.01)
}

function column(values: readonly Value[]): HyperparameterColumn {
  const rows = values.length
  const [first] = values
  if (typeof first === 'string') {
    const dictionary = [...new Set(values as string[])]
    return {
      kind: 'text',
      values: fill(
        sharedInt32(rows),
        values.map((value) => dictionary.indexOf(value as string)),
      ),
      dictionary,
    }
  }
  if (typeof first === 'boolean') return { kind: 'bool', values: fill(sharedUint8(rows), values.map(Number)) }
  const numbers = values as number[]
  if (numbers.every((value) => contains({ type: 'int', low: -(2 ** 31), high: 2 ** 31 - 1, scale: 'linear' }, value)))
    return { kind: 'int', values: fill(sharedInt32(rows), numbers) }
  return { kind: 'float', values: fill(sharedFloat64(rows), numbers) }
}

function fill<A extends { set(values: ArrayLike<number>): void }>(array: A, values: readonly number[]): A {
  array.set(values)
  return array
}

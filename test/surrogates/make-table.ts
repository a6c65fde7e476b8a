/** `tableOf` with defaults that suit the tests here, and with rows that end early. */
import { mixedUniform } from '../../src/core/random.js'
import { type Config, type Space, choice, float } from '../../src/core/space.js'
import type { Metric, TableMetadata } from '../../src/surrogates/metadata.js'
import { ENDED, type Ended, type TableData } from '../../src/surrogates/table-data.js'
import { tableChecksum } from '../../src/surrogates/write.js'
import { type TableCell, type TableOptions, tableDataOf } from '../../src/testing/table-of.js'

export type Cell = TableCell<Space> & { readonly metric: string; readonly config: Config }

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

const METRICS: Readonly<Record<string, Metric>> = {
  error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
  test_error: { goal: 'min', unit: '', split: 'test', kind: 'curve' },
}

/** A table in shared memory, rows in order of configuration and repetition. */
export function makeTable(options: MakeTableOptions = {}): TableData {
  const { levels = 4, end, metadata } = options
  const given = options.configurations ?? 6
  const table = tableDataOf<Space>({
    name: options.name ?? 'synthetic',
    levels,
    configurations: typeof given === 'number' ? defaultConfigs(given) : given,
    space: options.space ?? { lr: float(0, 1), model: choice(['small', 'large']) },
    repetitions: options.repetitions ?? 2,
    metrics: options.metrics ?? METRICS,
    value: (options.value ?? defaultValue) as TableOptions<Space>['value'],
    seconds: (options.elapsed ?? ((cell) => cell.level * (1 + cell.configuration / 10))) as NonNullable<
      TableOptions<Space>['seconds']
    >,
    ...(options.defaultConfig && { defaultConfig: options.defaultConfig }),
    ...(options.startup !== undefined && { startup: options.startup }),
  })
  if (end !== undefined)
    for (let row = 0; row < table.rows; row++) {
      const { ended, reached } = end(row)
      table.ended[row] = ENDED.indexOf(ended)
      table.reached[row] = reached
      for (const column of [table.elapsed, ...Object.values(table.curves)])
        column.fill(Number.NaN, row * levels + reached, (row + 1) * levels)
    }
  const provenance = { kind: 'synthetic' as const, generator: 'test/surrogates/make-table.ts', seed: 0 }
  const data = { ...table, metadata: { ...table.metadata, provenance, ...metadata } }
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

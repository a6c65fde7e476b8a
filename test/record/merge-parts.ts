/** Small recorded tables to merge. */
import type { MergePart } from '../../src/record/merge-metadata.js'
import { type TableRow, tableOf } from '../../src/record/recorded-table.js'
import type { Config } from '../../src/core/space.js'
import { float } from '../../src/core/space.js'
import type { TableMetadata } from '../../src/surrogates/metadata.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { encodeTable } from '../../src/surrogates/write.js'
import { decodeTable } from '../../src/surrogates/read.js'

export const LEVELS = 3

export const provenance = {
  kind: 'recorded' as const,
  program: {
    name: 'train',
    command: ['node', 'train.js', 'HYPERPARAMETERS', '--seed', 'SEED'],
    sha256: 'ab'.repeat(32),
  },
  data: { name: 'some data', files: { 'train.txt': 'cd'.repeat(32) } },
  hardware: { cpu: 'Some CPU', cores: 2, memoryGiB: 8, platform: 'linux' },
  versions: { node: '20.1.0', v8: '11' },
  from: '2026-01-02T03:00:00.000Z',
  to: '2026-01-02T04:00:00.000Z',
  workers: 2,
  seeds: [11, 22],
}

/** A choice as metadata hold it. */
export function choices(...values: (string | number)[]): TableMetadata['space'][string] {
  return { type: 'choice', values }
}

export const metadata: TableMetadata = {
  formatVersion: 1,
  name: 'part',
  description: '',
  resource: { name: 'epoch', levels: LEVELS },
  metrics: {
    error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
    size: { goal: 'none', unit: '', split: 'none', kind: 'static' },
    latency: { goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
  },
  space: { lr: float(0, 10), model: choices('small', 'large') },
  defaultConfig: { lr: 1, model: 'small' },
  provenance,
}

/** A completed training whose error follows from the configuration and the repetition. */
export function training(lr: number, model = 'small', repetition = 0, change: Partial<TableRow> = {}): TableRow {
  return {
    config: { lr, model },
    repetition,
    ended: 'completed',
    reached: LEVELS,
    curves: { error: [1, 2, 3].map((level) => lr / level + repetition / 8) },
    elapsed: [1, 2, 3],
    startup: 0.5,
    cpu: 2,
    statics: { size: lr * 2, latency: 1.5 },
    ...change,
  }
}

/** A table as it is after it was written and read. */
export function tableOfRows(rows: readonly TableRow[], change: Partial<TableMetadata> = {}): TableData {
  const table = tableOf({ ...metadata, ...change }, rows)
  return decodeTable(encodeTable(table), table.checksum, 'part.arrow')
}

export function part(name: string, rows: readonly TableRow[], change: Partial<TableMetadata> = {}): MergePart {
  return { name, table: tableOfRows(rows, change) }
}

/** A metadata change in the provenance only. */
export function recordedWith(change: object): Partial<TableMetadata> {
  return { provenance: { ...provenance, ...change } as TableMetadata['provenance'] }
}

/** Everything a table holds, a text per row, sorted: tables are equal up to the order of rows if these are. */
export function rowTexts(table: TableData): string[] {
  const view = new SurrogateTable(table)
  const cells = (column: ArrayLike<number>, row: number): unknown[] =>
    Array.from({ length: LEVELS }, (_, level) => String(column[row * LEVELS + level]))
  const texts = Array.from({ length: table.rows }, (_, row) => {
    const config: Config = view.configuration(view.configurationOf[row]!)
    return JSON.stringify([
      [config['lr'], config['model'], table.repetition[row], ENDED[table.ended[row]!], table.reached[row]],
      cells(table.elapsed, row),
      cells(table.curves['error']!, row),
      [table.startup, table.cpu, table.statics['size']!, table.statics['latency']!].map((column) =>
        String(column[row]),
      ),
      [table.shared?.[row], table.hardware && table.hardware.dictionary[table.hardware.values[row]!]],
    ])
  })
  return texts.sort()
}

/** Tables that pyarrow and polars rewrote (see fixtures/make-fixtures.py) and tables of other types, built by hand. */
import { fileURLToPath } from 'node:url'
import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int64,
  List,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  type Vector,
  makeData,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { type Config, choice, float, int } from '../../src/core/space.js'
import { METADATA_KEY } from '../../src/surrogates/metadata.js'
import { withRanges } from '../../src/surrogates/metric-range.js'
import { decodeTable, readTable } from '../../src/surrogates/read.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { encodeTable, writeTable } from '../../src/surrogates/write.js'
import { makeTable } from './make-table.js'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.arrow`, import.meta.url))

const MODELS = ['small', 'a-name-of-more-than-twelve-bytes']

/** What own.arrow holds; with UPDATE_FIXTURES=1 it is written anew. */
function own(): TableData {
  const configurations: Config[] = Array.from({ length: 5 }, (_, i) => ({
    lr: i / 16 + 1 / 32,
    n: i,
    flag: i % 3 === 0,
    model: MODELS[i % 2]!,
  }))
  return makeTable({
    space: { lr: float(0, 1), n: int(0, 9), flag: choice([true, false]), model: choice(MODELS) },
    configurations,
    end: (row) => (row === 3 ? { ended: 'stopped', reached: 2 } : { ended: 'completed', reached: 4 }),
    metrics: {
      error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
      size: { goal: 'min', unit: 'MiB', split: 'none', kind: 'static' },
    },
  })
}
if (process.env['UPDATE_FIXTURES'] === '1') writeTable(fixture('own'), own())

describe('files of other writers', () => {
  test('own.arrow is what this version writes', () => {
    expect(readTable(fixture('own'))).toEqual({ ...own(), metadata: withRanges(own()) })
  })

  test.each([
    'pyarrow-batches',
    'pyarrow-types',
    'pyarrow-narrow-codes',
    'pyarrow-nulls',
    'pyarrow-fewer-columns',
    'polars',
  ])('%s holds the same table', (name) => {
    const data = readTable(fixture(name))
    const described = { ...data, checksum: '', metadata: withRanges(data) }
    expect(described).toEqual({ ...own(), checksum: '', metadata: withRanges(own()) })
    expect(data.elapsed.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(data.repetition.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  test('compressed files are refused with the cure', () => {
    expect(() => readTable(fixture('pyarrow-zstd'))).toThrow(/is compressed; write it again without compression/u)
  })
})

/** The file of `own()` with some columns changed, dropped (undefined) or added. */
function withColumns(
  changes: Readonly<Record<string, Vector | undefined>>,
  metadata: string | undefined = JSON.stringify(own().metadata),
): Uint8Array {
  const table = tableFromIPC(encodeTable(own()))
  const columns = new Map(table.schema.fields.map((field) => [field.name, table.getChild(field.name)!.data[0]!]))
  for (const [name, vector] of Object.entries(changes))
    if (vector === undefined) columns.delete(name)
    else columns.set(name, vector.data[0]!)
  const fields = [...columns].map(([name, data]) => new Field(name, data.type as DataType, true))
  const schema = new Schema(fields, metadata === undefined ? new Map() : new Map([[METADATA_KEY, metadata]]))
  const struct = makeData({ type: new Struct(fields), length: 10, nullCount: 0, children: [...columns.values()] })
  return tableToIPC(new Table(schema, [new RecordBatch(schema, struct)]), 'file')
}

const decode = (bytes: Uint8Array): TableData => decodeTable(bytes, '', 'x.arrow')
const rows = <T>(f: (row: number) => T): T[] => Array.from({ length: 10 }, (_, row) => f(row))
const lists = (f: (row: number) => (number | null)[]): Vector =>
  vectorFromArray(rows(f), new List(new Field('item', new Float64(), true)))

describe('columns', () => {
  test('that nobody described are ignored', () => {
    expect(
      decode(
        withColumns({
          note: vectorFromArray(
            rows(() => 'x'),
            new Utf8(),
          ),
        }),
      ).hyperparameters,
    ).toEqual(own().hyperparameters)
  })

  test('that may be missing are filled in', () => {
    const data = decode(
      withColumns({ levels: undefined, ended: undefined, startup_time: undefined, cpu_time: undefined }),
    )
    expect(data.reached).toEqual(own().reached)
    expect(data.ended).toEqual(own().ended)
    expect(data.startup).toEqual(new Float64Array(10))
    expect(data.cpu).toEqual(new Float64Array(10).fill(Number.NaN))
  })

  const refused: [string, () => Uint8Array, RegExp][] = [
    [
      'missing hyperparameter',
      () => withColumns({ model: undefined, modle: vectorFromArray(['a'], new Utf8()) }),
      /x\.arrow: has no column "model"; did you mean "modle"\?/u,
    ],
    ['missing repetition', () => withColumns({ repetition: undefined }), /has no column "repetition"/u],
    ['missing metric', () => withColumns({ error: undefined }), /has no column "error"/u],
    ['missing times', () => withColumns({ elapsed_time: undefined }), /has no column "elapsed_time"/u],
    [
      'type of a hyperparameter',
      () =>
        withColumns({
          lr: vectorFromArray(
            rows(() => null),
            new Null(),
          ),
        }),
      /column "lr": has the type Null; store it as float64, int32, bool or dictionary<utf8>/u,
    ],
    [
      'type of a curve',
      () =>
        withColumns({
          error: vectorFromArray(
            rows(() => 1),
            new Float64(),
          ),
        }),
      /column "error": has the type Float64; store it as fixed_size_list<float64>\[4\]/u,
    ],
    [
      'type of the items of a curve',
      () =>
        withColumns({
          error: vectorFromArray(
            rows(() => ['1']),
            new List(new Field('item', new Utf8())),
          ),
        }),
      /column "error": has the type List<Utf8>/u,
    ],
    [
      'type of the repetition',
      () =>
        withColumns({
          repetition: vectorFromArray(
            rows(() => true),
            new Bool(),
          ),
        }),
      /column "repetition": has the type Bool; store it as int32/u,
    ],
    [
      'type of the end',
      () =>
        withColumns({
          ended: vectorFromArray(
            rows(() => 0),
            new Float64(),
          ),
        }),
      /column "ended": has the type Float64; store it as dictionary<utf8>/u,
    ],
    [
      'unknown end',
      () =>
        withColumns({
          ended: vectorFromArray(
            rows((row) => (row === 7 ? 'done' : 'completed')),
            new Utf8(),
          ),
        }),
      /column "ended", row 7 must be one of completed, stopped, diverged, failed, got "done"/u,
    ],
    [
      'null in a hyperparameter',
      () =>
        withColumns({
          lr: vectorFromArray(
            rows((row) => (row === 4 ? null : 0.5)),
            new Float64(),
          ),
        }),
      /column "lr", row 4: is null; every row needs a value/u,
    ],
    [
      'integers too large',
      () =>
        withColumns({
          repetition: vectorFromArray(
            rows((row) => (row === 2 ? 2n ** 40n : 0n)),
            new Int64(),
          ),
        }),
      /column "repetition", row 2 must be a whole number of 32 bits, got 1099511627776/u,
    ],
    [
      'fractions as integers',
      () =>
        withColumns({
          levels: vectorFromArray(
            rows(() => 3.5),
            new Float64(),
          ),
        }),
      /column "levels", row 0 must be a whole number of 32 bits, got 3\.5/u,
    ],
    [
      'curve longer than the levels',
      () => withColumns({ error: lists((row) => (row === 9 ? [1, 1, 1, 1, 1] : [1, 1, 1, 1])) }),
      /column "error", row 9: list length must be at most resource\.levels \(4\), got 5/u,
    ],
    [
      'curve shorter than the levels',
      () => withColumns({ error: lists((row) => (row === 8 ? [1, 1, 1] : row === 3 ? [1, 1] : [1, 1, 1, 1])) }),
      /column "error", row 8, level 4 must be finite, got NaN/u,
    ],
    [
      'list size',
      () => withColumns({}, JSON.stringify({ ...own().metadata, resource: { name: 'epoch', levels: 5 } })),
      /column "error": list size must be resource\.levels of the metadata \(5\), got 4/u,
    ],
    ['no metadata', () => withColumns({}, ''), /metadata: is not JSON/u],
    ['metadata of another kind', () => withColumns({}, '[1]'), /metadata must be an object, got \[1\]/u],
    [
      'two columns of one name',
      () => {
        const space = { aa: int(0, 9), bb: int(0, 9) }
        const bytes = encodeTable(makeTable({ space, configurations: [{ aa: 1, bb: 2 }] }))
        return Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('bb', 'aa'), 'latin1'))
      },
      /has two columns "aa"; keep one/u,
    ],
    [
      'no rows',
      () => tableToIPC(new Table(tableFromIPC(encodeTable(own())).schema, []), 'file'),
      /x\.arrow: has no rows/u,
    ],
  ]
  test.each(refused)('refused: %s', (_, bytes, message) => {
    expect(() => decode(bytes())).toThrow(message)
  })
})

/** The columns `shared` and `hardware`: written and read where they are known, absent otherwise, never in the way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, describe, expect, test } from 'vitest'
import { choice } from '../../src/core/space.js'
import { tableText } from '../../src/report/table-text.js'
import { describeTable } from '../../src/surrogates/describe.js'
import { withRanges } from '../../src/surrogates/metric-range.js'
import { readTable } from '../../src/surrogates/read.js'
import { sharedInt32 } from '../../src/surrogates/shared.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { checkTable } from '../../src/surrogates/validate.js'
import { encodeTable, writeTable } from '../../src/surrogates/write.js'
import { makeTable } from './make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-optional-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'table.arrow')

const int32 = (values: readonly number[]): Int32Array => {
  const out = sharedInt32(values.length)
  out.set(values)
  return out
}

/** Two configurations of two repetitions, four levels of 1 and 1.1 seconds each. */
function table(change: Partial<TableData> = {}): TableData {
  return { ...makeTable({ configurations: 2 }), ...change }
}

const HARDWARE = { dictionary: ['AMD EPYC 7B13, 2 cores', 'NVIDIA H100 80GB HBM3'], values: int32([0, 1, 1, 1]) }

describe('shared and hardware', () => {
  test('are written and read back, each for itself', () => {
    const column = fc.array(fc.integer({ min: -1, max: 40 }), { minLength: 4, maxLength: 4 })
    const codes = fc.array(fc.nat(1), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(fc.option(column), fc.option(codes), (shared, hardware) => {
        const given = table({
          ...(shared && { shared: int32(shared) }),
          ...(hardware && { hardware: { ...HARDWARE, values: int32(hardware) } }),
        })
        writeTable(path, given)
        const { checksum: _, ...back } = readTable(path)
        const { checksum: __, ...wanted } = given
        expect(back).toEqual({ ...wanted, metadata: withRanges(given) })
      }),
      { numRuns: 30 },
    )
  })

  test('a table without them has no such columns, as before', () => {
    const names = (data: TableData): string[] => tableFromIPC(encodeTable(data)).schema.fields.map(({ name }) => name)
    expect(names(table())).toEqual(
      'lr model repetition levels ended elapsed_time startup_time cpu_time error test_error'.split(' '),
    )
    expect(names(table({ shared: int32([0, 1, 2, 3]), hardware: HARDWARE })).slice(8)).toEqual(
      'shared hardware error test_error'.split(' '),
    )
  })

  test('a hyperparameter of the name is that hyperparameter', () => {
    const named = makeTable({
      space: { hardware: choice(['a', 'b']), shared: choice(['yes', 'no']) },
      configurations: [
        { hardware: 'a', shared: 'yes' },
        { hardware: 'b', shared: 'no' },
      ],
    })
    writeTable(path, named)
    const back = readTable(path)
    expect([back.shared, back.hardware]).toEqual([undefined, undefined])
    expect(new SurrogateTable(back).configuration(1)).toEqual({ hardware: 'b', shared: 'no' })
    expect(() => checkTable({ ...named, shared: int32([0, 0, 0, 0]) }, 't.arrow')).toThrow(
      /t\.arrow: column is a hyperparameter or metric of the table, got "shared"; rename that one/u,
    )
  })

  test.each<[string, Partial<TableData>, RegExp]>([
    [
      'a negative count',
      { shared: int32([0, 0, -2, 0]) },
      /column "shared", row 2 must be a number of trainings.*got -2/u,
    ],
    ['too few counts', { shared: int32([0]) }, /column "shared" must hold 4 values, got 1/u],
    ['too few machines', { hardware: { ...HARDWARE, values: int32([0]) } }, /column "hardware" must hold 4 values/u],
    [
      'a machine without a name',
      { hardware: { ...HARDWARE, dictionary: ['x', ''] } },
      /column "hardware", row 1 must be/u,
    ],
    ['no such machine', { hardware: { ...HARDWARE, dictionary: ['x'] } }, /column "hardware", row 1 must be a text/u],
    [
      'a name that moves the cursor',
      { hardware: { ...HARDWARE, dictionary: ['x', '\u001B[2J'] } },
      /"hardware", row 1 must be a text of 1 to 200 characters without control characters, got "\\u001b/iu,
    ],
  ])('%s is refused in one line', (_, change, message) => {
    expect(() => checkTable(table(change), 't.arrow')).toThrow(message)
    expect(() => checkTable(table(change), 't.arrow')).not.toThrow(/\n/u)
  })
})

describe('bench show', () => {
  const text = (data: TableData): string =>
    tableText(describeTable(new SurrogateTable(data)), { colors: false, width: 100 })

  test('counts those that shared a device, and compares hardware', () => {
    const data = table({ shared: int32([0, 3, 1, -1]), hardware: HARDWARE })
    expect(describeTable(new SurrogateTable(data))).toMatchObject({
      shared: { known: 3, trainings: 2, most: 3 },
      hardware: [
        { name: 'AMD EPYC 7B13, 2 cores', trainings: 1, secondsPerLevel: 1 },
        { name: 'NVIDIA H100 80GB HBM3', trainings: 3, secondsPerLevel: 1.1 },
      ],
    })
    expect(text(data)).toMatch(
      /device +2 of 3 trainings shared the device with up to 3 others; not known of 1 training\n/u,
    )
    expect(text(data)).toMatch(/By hardware\n +AMD EPYC 7B13, 2 cores +1 training, 1 s per epoch\n +NVIDIA/u)
  })

  test('says that none did, and nothing where nothing is known', () => {
    expect(text(table({ shared: int32([0, 0, 0, 0]) }))).toMatch(/device +none of 4 trainings shared its device\n/u)
    expect(text(table({ shared: int32([-1, -1, -1, -1]) }))).toMatch(
      /device +not known beside how many others trainings ran\n/u,
    )
    expect(text(table())).not.toMatch(/device|hardware/u)
  })
})

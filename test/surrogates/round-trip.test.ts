import { drawConfig } from '../../src/core/encoding.js'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { randomStream } from '../../src/core/random.js'
import { choice, constant, float, int, ordinal } from '../../src/core/space.js'
import { readTable } from '../../src/surrogates/read.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { encodeTable, tableChecksum, writeTable } from '../../src/surrogates/write.js'
import { withRanges } from '../../src/surrogates/metric-range.js'
import { makeTable } from './make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-round-trip-'))
afterAll(() => rmSync(folder, { recursive: true }))

const space = {
  lr: float(1e-6, 1, { scale: 'log' }),
  units: int(-5, 300),
  dropout: choice([true, false]),
  model: choice(['bert', 'größer 💡', '']),
  batch: ordinal([8, 16, 32.5]),
  epochs: constant(3),
}

/** Every typed array of a table, by name. */
function arrays(data: TableData): [string, Float64Array | Float32Array | Int32Array | Uint8Array][] {
  const { repetition, reached, ended, elapsed, startup, cpu } = data
  return [
    ...Object.entries({ repetition, reached, ended, elapsed, startup, cpu }),
    ...Object.entries(data.hyperparameters).map(([name, { values }]) => [name, values] as const),
    ...Object.entries(data.curves),
    ...Object.entries(data.statics),
  ].map(([name, values]) => [name, values])
}

function randomTable(seed: number, count: number, levels: number): TableData {
  const random = randomStream(`round trip ${seed}`)
  return makeTable({
    space,
    levels,
    configurations: Array.from({ length: count }, () => drawConfig(space, random)),
    repetitions: () => 1 + random.int(3),
    metrics: {
      loss: { goal: 'min', unit: 'nat', split: 'validation', kind: 'curve' },
      accuracy: { goal: 'max', unit: '', split: 'test', kind: 'curve', range: { ideal: 1, nadir: 0 } },
      size: { goal: 'none', unit: 'MiB', split: 'none', kind: 'static' },
    },
    end: () => {
      const ended = ENDED[random.int(4)]!
      return { ended, reached: ended === 'completed' ? levels : random.int(levels) }
    },
    value: () => random.uniform() - 0.5,
    elapsed: ({ level }) => level - random.uniform() / 2,
    startup: random.uniform(),
  })
}

describe('writeTable and readTable', () => {
  test('what is written is read back, bit by bit', () => {
    const path = join(folder, 'property.arrow')
    const property = fc.property(
      fc.nat(1e6),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      (seed, count, levels) => {
        const table = randomTable(seed, count, levels)
        writeTable(path, table)
        expect(readTable(path)).toEqual({ ...table, metadata: withRanges(table) })
      },
    )
    expect(() => fc.assert(property, { numRuns: 60 })).not.toThrow()
  })

  test('float32 curves stay float32', () => {
    const table = makeTable()
    const narrow = { ...table, curves: { ...table.curves, error: Float32Array.from(table.curves['error']!) } }
    const path = join(folder, 'narrow.arrow')
    writeTable(path, narrow)
    const back = readTable(path).curves
    expect(back['error']).toBeInstanceOf(Float32Array)
    expect(back).toEqual(narrow.curves)
  })

  test('columns are views on one shared buffer that holds the file', () => {
    const path = join(folder, 'shared.arrow')
    writeTable(path, randomTable(3, 40, 7))
    const data = readTable(path)
    const { buffer } = data.elapsed
    expect(buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(new Uint8Array(buffer)).toEqual(new Uint8Array(readFileSync(path)))
    const copied = arrays(data).filter(([, values]) => values.buffer !== buffer)
    expect(copied.map(([name]) => name).sort()).toEqual(['dropout', 'ended'])
    for (const [, values] of copied) expect(values.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  test('survives being posted to a thread', () => {
    const path = join(folder, 'posted.arrow')
    writeTable(path, makeTable())
    const data = readTable(path)
    // structuredClone refuses shared memory outside of messages, so a channel carries it
    const { port1, port2 } = new MessageChannel()
    return new Promise<void>((resolve, reject) => {
      port2.once('message', (posted: TableData) => {
        try {
          expect(posted).toEqual(data)
          posted.startup[0] = 7
          expect(data.startup[0]).toBe(7)
          expect(new SurrogateTable(posted).configurations).toBe(6)
          resolve()
        } catch (error) {
          reject(error as Error)
        } finally {
          port1.close()
        }
      })
      port1.postMessage(data)
    })
  })

  test('the checksum is the sha256 of the file, equal for equal tables', () => {
    const path = join(folder, 'checksum.arrow')
    const table = randomTable(4, 5, 3)
    writeTable(path, table)
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(readTable(path).checksum).toBe(sha256)
    expect(tableChecksum(readTable(path))).toBe(sha256)
    expect(encodeTable(readTable(path))).toEqual(new Uint8Array(readFileSync(path)))
  })

  test('makes folders, leaves no temporary file, replaces what was there', () => {
    const path = join(folder, 'deep', 'er', 'a.arrow')
    writeTable(path, makeTable())
    writeTable(path, makeTable({ levels: 2 }))
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['a.arrow'])
    expect(readTable(path).levels).toBe(2)
  })

  test('a table that breaks a rule is not written', () => {
    const path = join(folder, 'never.arrow')
    expect(() => writeTable(path, makeTable({ elapsed: () => 1 }))).toThrow(
      /never\.arrow: column "elapsed_time", row 0/u,
    )
    expect(readdirSync(folder)).not.toContain('never.arrow')
  })

  test('what cannot be read or written is one line', () => {
    expect(() => readTable(join(folder, 'absent.arrow'))).toThrow(/absent\.arrow: cannot be read: ENOENT/u)
    expect(() => readTable(folder)).toThrow(/cannot be read: EISDIR/u)
    writeFileSync(join(folder, 'file'), '')
    expect(() => writeTable(join(folder, 'file', 'x.arrow'), makeTable())).toThrow(
      /cannot make the folder .*write the table elsewhere/u,
    )
  })
})

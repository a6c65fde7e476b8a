/** Files that are not what they should be: every one is refused with one line, none crashes, hangs or eats memory. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BenchError } from '../../src/core/errors.js'
import { int, choice, float } from '../../src/core/space.js'
import { decodeTable } from '../../src/surrogates/read.js'
import { encodeTable } from '../../src/surrogates/write.js'
import { makeTable } from './make-table.js'

const table = makeTable({
  space: { lr: float(0, 1), n: int(0, 9), flag: choice([true, false]), model: choice(['small', 'large']) },
  configurations: Array.from({ length: 10 }, (_, i) => ({
    lr: i / 16 + 1 / 32,
    n: i,
    flag: i % 3 === 0,
    model: i % 2 === 0 ? 'small' : 'large',
  })),
  metrics: {
    error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
    size: { goal: 'min', unit: 'MiB', split: 'none', kind: 'static' },
  },
})
const bytes = encodeTable(table)

/** The error of decoding, or undefined if the bytes decode. Anything but a one-line BenchError fails the test. */
function refusal(damaged: Uint8Array): string | undefined {
  try {
    decodeTable(damaged, '', 'x.arrow')
    return undefined
  } catch (error) {
    if (!(error instanceof BenchError)) throw error
    const { message, exitCode } = error
    if (exitCode === 2 && message.startsWith('x.arrow: ') && !/[\n\r]/u.test(message) && message.length < 1000)
      return message
    throw new Error(`not a good message: ${message}`, { cause: error })
  }
}

describe('damaged files', () => {
  test('the undamaged file decodes, from any kind of memory', () => {
    expect(refusal(bytes)).toBeUndefined()
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    expect(refusal(shared)).toBeUndefined()
  })

  test('cut off anywhere', () => {
    for (let length = 0; length < bytes.length; length += 97) expect(refusal(bytes.slice(0, length))).toBeDefined()
    for (let cut = 1; cut < 40; cut++) expect(refusal(bytes.slice(0, -cut))).toMatch(/cut off after \d+ bytes/u)
  })

  test('cut off, with an end glued on', () => {
    for (let length = 8; length < bytes.length - 40; length += 97) {
      const glued = new Uint8Array(length + 40)
      glued.set(bytes.subarray(0, length))
      glued.set(bytes.subarray(-40), length)
      expect(refusal(glued)).toBeDefined()
    }
  })

  test('other kinds of file', () => {
    const text = (content: string): Uint8Array => new TextEncoder().encode(content)
    expect(refusal(text(''))).toMatch(/cut off after 0 bytes/u)
    expect(refusal(text('lr,epoch,error\n0.1,1,0.5\n'))).toMatch(/is not an Arrow file/u)
    expect(refusal(text('PAR1.......PAR1'))).toMatch(/is a Parquet file/u)
    expect(refusal(bytes.slice(8))).toMatch(/is an Arrow stream/u)
    expect(refusal(text('ARROW1'))).toMatch(/cut off after 6 bytes/u)
  })

  /** Bytes that hold structure rather than numbers: everything but the body of the record batch. */
  const structure = [...bytes.keys()].filter((i) => i < 1600 || i > bytes.length - 6000)

  test('every bit of structure may be wrong', { timeout: 300_000 }, () => {
    const property = fc.property(
      fc.array(fc.tuple(fc.constantFrom(...structure), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), {
        minLength: 1,
        maxLength: 4,
      }),
      (changes) => {
        const damaged = bytes.slice()
        for (const [at, value] of changes) damaged[at] = value
        refusal(damaged)
      },
    )
    expect(() => fc.assert(property, { numRuns: 3000, seed: 1 })).not.toThrow()
  })

  test('every length and offset may be huge', { timeout: 300_000 }, () => {
    const started = performance.now()
    const huge = [
      [0xff, 0xff, 0xff, 0x7f],
      [0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 0x80],
      [0, 0, 0, 0],
      [0xff, 0xff, 0, 0],
    ]
    for (const value of huge)
      for (const at of structure.filter((i) => i % 4 === 0 && i + 4 <= bytes.length)) {
        const damaged = bytes.slice()
        damaged.set(value, at)
        refusal(damaged)
      }
    expect(performance.now() - started).toBeLessThan(300_000)
  })
})

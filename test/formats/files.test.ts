/** The parts that read files: JSON element by element, zip archives, NumPy arrays; and what names and values say. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { inferDomain } from '../../src/formats/infer-space.js'
import { readAllText } from '../../src/formats/input-file.js'
import { type JsonElement, jsonElements, parse } from '../../src/formats/json-elements.js'
import { metricByName } from '../../src/formats/metric-names.js'
import { openNpy, writeNpy } from '../../src/formats/npy.js'
import { readSyneTuneSpace, writeSyneTuneSpace } from '../../src/formats/syne-tune-space.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('jsonElements', () => {
  async function elements(text: string, depth: number, size: number): Promise<JsonElement[]> {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    const found: JsonElement[] = []
    for await (const element of jsonElements(pieces(), depth, 'x.json')) found.push(element)
    return found
  }

  const document = fc.dictionary(
    fc.string(),
    fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
  )

  test('gives what JSON.parse finds two levels down, wherever the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        document,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(0, 2),
        async (value, size, indent) => {
          const text = JSON.stringify(value, null, indent)
          const expected = Object.entries(JSON.parse(text) as Record<string, object>).flatMap(([key, inner]) =>
            Object.entries(inner).map(([at, entry]) => ({
              path: [key, Array.isArray(inner) ? Number(at) : at],
              value: entry as unknown,
            })),
          )
          const found = await elements(text, 2, size)
          expect(found.map(({ path, text: of }) => ({ path, value: JSON.parse(of) as unknown }))).toEqual(expected)
        },
      ),
      { numRuns: 100 },
    )
  })

  test.each([
    ['', /ends early/u],
    ['[1, 2', /ends early/u],
    ['{"a": 1]', /another kind/u],
    ['{1: 2}', /a key is missing/u],
    ['[1] 2', /something follows the end/u],
    ['[{"hp": {"a": 1}} garbage', /x\.json: is not JSON.*something follows a value at byte 18/u],
    ['{"a": [1] "b": 2}', /something follows a value/u],
    ['7', /neither a list nor an object/u],
  ])('refuses %j', async (text, message) => {
    await expect(elements(text, 1, 3)).rejects.toThrow(message)
  })

  test('NaN and infinities are nothing, but not inside texts', () => {
    expect(parse('{"NaN": [NaN, -Infinity, 1e3, "NaN"]}', 'x')).toEqual({ NaN: [null, null, 1000, 'NaN'] })
  })
})

/** A zip archive as Python's zipfile writes one. */
function zip(entries: Readonly<Record<string, string>>, method: 0 | 8): Uint8Array {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(entries)) {
    const raw = Buffer.from(text)
    const data = method === 8 ? deflateRawSync(raw) : raw
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(method, 4)
    shared.writeUInt32LE(typeof crc32 === 'function' ? crc32(raw) : 0, 10)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(raw.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u{3}\u{4}', 'latin1'), shared, Buffer.from(name), data])
    const more = Buffer.alloc(14)
    more.writeUInt32LE(at, 10)
    central.push(Buffer.concat([Buffer.from('PK\u{1}\u{2}\u{14}\u{0}', 'latin1'), shared, more, Buffer.from(name)]))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\u{5}\u{6}', 'latin1')
  end.writeUInt16LE(central.length, 8)
  end.writeUInt16LE(central.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}

describe('files', () => {
  const text = 'a,b\n1,2\n'.repeat(1000)

  test.each([
    ['plain', text],
    ['gzipped', gzipSync(text)],
    ['deflated in a zip archive', zip({ 'x.csv': text }, 8)],
    ['stored in a zip archive', zip({ 'x.csv': text }, 0)],
  ])('%s: the same text', async (_, content) => {
    expect(await readAllText(write('x', content))).toBe(text)
  })

  test.each([
    ['two files in a zip archive', zip({ a: '1', b: '2' }, 8), /is a zip archive of 2 files/u],
    ['a zip archive that is cut off', zip({ a: text }, 8).subarray(0, 60), /damaged zip archive/u],
    [
      'a gzipped file that is cut off',
      gzipSync(text).subarray(0, 40),
      /x: ends in the middle of what is compressed; fetch/u,
    ],
    [
      'a gzipped file with damaged bytes',
      gzipSync(text).fill(0xff, 12, 30),
      /x: is damaged where it is compressed; fetch/u,
    ],
    ['text that is not UTF-8', Uint8Array.of(0x61, 0xff), /is not UTF-8/u],
  ])('refused: %s', async (_, content, message) => {
    await expect(readAllText(write('x', content))).rejects.toThrow(message)
  })

  test('arrays are read back as they were written, from anywhere', () => {
    const path = join(folder, 'array.npy')
    const values = Float64Array.from({ length: 24 }, (_, i) => (i === 5 ? Number.NaN : i / 7))
    writeNpy(path, '<f8', [2, 3, 4], [values.subarray(0, 10), values.subarray(10)])
    const array = openNpy(path)
    expect([array.shape, array.type]).toEqual([[2, 3, 4], '<f8'])
    expect(array.read(4, 9)).toEqual(values.slice(4, 13))
    array.close()
    writeNpy(path, '<i8', [3], [BigInt64Array.from([1n, 2n, -3n])])
    const whole = openNpy(path)
    expect([...whole.read(0, 3)]).toEqual([1, 2, -3])
    whole.close()
  })
})

describe('what is inferred', () => {
  test.each([
    [['a', 'b', 'a'], { type: 'choice', values: ['a', 'b'] }],
    [[true, false], { type: 'choice', values: [true, false] }],
    [[7, 7], { type: 'constant', value: 7 }],
    [[1, 2, 3, 2], { type: 'int', low: 1, high: 3, scale: 'linear' }],
    [[1, 5, 500], { type: 'int', low: 1, high: 500, scale: 'log' }],
    [[0.5, 0.25], { type: 'float', low: 0.25, high: 0.5, scale: 'linear' }],
    [[1e-4, 0.1, 3e-3], { type: 'float', low: 1e-4, high: 0.1, scale: 'log' }],
    [[32, 8, 16, 8, 16, 32, 8, 8, 16], { type: 'ordinal', values: [8, 16, 32] }],
    [[0, 1e-4, 1], { type: 'float', low: 0, high: 1, scale: 'linear' }],
  ])('%j', (values, domain) => {
    expect(inferDomain('x', values)).toEqual(domain)
  })

  test('values of several types are refused', () => {
    expect(() => inferDomain('x', ['a', 1])).toThrow(/"x" has values of several types \(string, number\)/u)
  })

  test.each([
    ['val_accuracy', { goal: 'max', split: 'validation' }],
    ['metric_valid_error', { goal: 'min' }],
    ['test_cross_entropy', { goal: 'min', split: 'test' }],
    ['train-loss', { goal: 'min', split: 'train' }],
    ['accuracy_loss', {}],
    ['width', {}],
  ])('of the metric %s', (name, expected) => {
    expect(metricByName(name)).toEqual(expected)
  })
})

describe("Syne Tune's spaces", () => {
  test('are read', () => {
    const domain = (cls: string, kwargs: object, sampler?: string): object => ({
      domain_cls: cls,
      domain_kwargs: kwargs,
      ...(sampler !== undefined && { sampler_cls: sampler, sampler_kwargs: {} }),
    })
    const space = {
      lr: domain('Float', { lower: 1e-4, upper: 0.5 }, 'LogUniform'),
      units: domain('Integer', { lower: 1, upper: 100 }, 'Uniform'),
      act: domain('Categorical', { categories: ['relu', 'tanh'] }, 'Uniform'),
      batch: domain('OrdinalNearestNeighbor', { categories: [8, 16], log_scale: true }),
      steps: domain('FiniteRange', { lower: 1, upper: 64, log_scale: true, cast_int: true, size: 7 }),
      epochs: 5,
    }
    expect(readSyneTuneSpace(space, 'x')).toEqual({
      lr: { type: 'float', low: 1e-4, high: 0.5, scale: 'log' },
      units: { type: 'int', low: 1, high: 100, scale: 'linear' },
      act: { type: 'choice', values: ['relu', 'tanh'] },
      batch: { type: 'ordinal', values: [8, 16] },
      steps: { type: 'ordinal', values: [1, 2, 4, 8, 16, 32, 64] },
      epochs: { type: 'constant', value: 5 },
    })
    expect(() => readSyneTuneSpace({ a: domain('Function', {}) }, 'x')).toThrow(/x\.a: has the domain "Function"/u)
  })

  test('are written so that they read the same', () => {
    const space = {
      lr: { type: 'float', low: 1e-4, high: 0.5, scale: 'log' },
      units: { type: 'int', low: 1, high: 100, scale: 'linear' },
      act: { type: 'choice', values: ['relu', 'tanh'] },
      batch: { type: 'ordinal', values: [8, 16] },
      dropout: { type: 'ordinal', values: [0, 0.5, 1e21] },
    } as const
    const written = writeSyneTuneSpace(space)
    expect(readSyneTuneSpace(JSON.parse(written), 'x')).toEqual(space)
    // Python tells 0 from 0.0: Syne Tune wants one kind in a list.
    expect(written.replaceAll(/\s/gu, '')).toMatch(/"categories":\[0\.0,0\.5,1\.0e\+21\]/u)
    expect(written.replaceAll(/\s/gu, '')).toContain('"categories":[8,16]')
  })
})

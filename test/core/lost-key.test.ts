import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { refuseLostKeys } from '../../src/core/lost-key.js'
import { type Space, checkSpace, float } from '../../src/core/space.js'
import { defineRecording } from '../../src/record/recording.js'
import { readMapping } from '../../src/formats/mapping.js'
import { parseTableMetadata } from '../../src/surrogates/metadata.js'
import { makeTable } from '../surrogates/make-table.js'
import { fakeFolder, fakeRecording, removeFolders } from '../record/fake.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-lost-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
  removeFolders()
})

const MESSAGE = 'has an entry "__proto__", a name that JavaScript would lose; rename it'
/** The document with one more entry in one of its records, as JSON brings it. */
const withLost = <T extends object>(document: T, record: keyof T, value: unknown): T => {
  const text = JSON.stringify(document[record]).replace(/^\{/, `{"__proto__":${JSON.stringify(value)},`)
  return { ...document, [record]: JSON.parse(text) as T[keyof T] }
}

describe('the name __proto__ is refused', () => {
  test('in a space, however it is written', () => {
    expect(() => checkSpace(JSON.parse('{"__proto__":{"type":"float"},"lr":{}}') as Space)).toThrow(`space ${MESSAGE}`)
    expect(() => checkSpace({ __proto__: float(0, 1), lr: float(0, 1) } as unknown as Space)).toThrow(
      `space ${MESSAGE}`,
    )
    expect(() => checkSpace(Object.assign(Object.create(null) as object, { lr: float(0, 1) }))).not.toThrow()
  })

  test.each([
    ['space', { type: 'float', low: 0, high: 1 }],
    ['metrics', { goal: 'min' }],
    ['defaultConfig', 1],
  ] as const)('in the %s of a table', (record, value) => {
    const { metadata } = makeTable()
    expect(() => parseTableMetadata(withLost(metadata, record, value), 't.arrow')).toThrow(
      `t.arrow: metadata.${record} ${MESSAGE}`,
    )
  })

  test('in a recording', () => {
    const recording = fakeRecording(fakeFolder())
    for (const record of ['space', 'metrics', 'defaultConfig'] as const)
      expect(() => defineRecording(withLost(recording, record, {}) as never)).toThrow(`recording.${record} ${MESSAGE}`)
  })

  test('in the mapping of an import', () => {
    const path = join(folder, 'map.json')
    writeFileSync(path, '{"name":"x","hyperparameters":{"__proto__":{"domain":{"type":"constant","value":1}}}}')
    expect(() => readMapping(path)).toThrow(`${path}: mapping.hyperparameters ${MESSAGE}`)
  })

  test('deep inside, and not where it is no name of data', () => {
    expect(() => refuseLostKeys(JSON.parse('[{"a":{"__proto__":1}}]'), 'x')).toThrow(`x.0.a ${MESSAGE}`)
    class Own {
      readonly value = 1
    }
    const round: Record<string, unknown> = { own: new Own(), none: null, text: '__proto__' }
    round['self'] = round
    expect(() => refuseLostKeys(round, 'x')).not.toThrow()
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CsvRecord, splitCsv } from '../../src/surrogates/csv.js'

function* pieces(...texts: string[]): Generator<string, string> {
  yield* texts
  return 'end'
}

function split(...texts: string[]): CsvRecord[] {
  return [...splitCsv(pieces(...texts), 'x.csv')]
}

const fields = (...texts: string[]): (readonly string[])[] => split(...texts).map((record) => record.fields)

describe('splitCsv', () => {
  test('quotes, commas, line breaks and empty lines', () => {
    expect(split('a,b\r\n"x, ""y""","1\r\n2"\r\n\r\n,""\nlast, 3 ')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['x, "y"', '1\r\n2'] },
      { line: 5, fields: ['', ''] },
      { line: 6, fields: ['last', ' 3 '] },
    ])
    expect(fields('a,b\r1,2\r3,4')).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
    expect(fields('')).toEqual([])
    expect(fields('""\n')).toEqual([['']])
  })

  test('what is written is read back, wherever the text is cut', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'é', ' ') })
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.infiniteStream(fc.nat(5)), (records, end, cuts) => {
        const quoted = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
        const text = records.map((record) => record.map(quoted).join(',')).join(end) + end
        const parts: string[] = []
        for (let at = 0; at < text.length;) {
          const next = at + 1 + (cuts.next().value as number)
          parts.push(text.slice(at, next))
          at = next
        }
        expect(fields(...parts)).toEqual(records)
      }),
    )
  })

  test.each([
    ['a\n1"2', /x\.csv, line 2: has a quote inside a field/u],
    ['a\n"1" ', /x\.csv, line 2: has text after a closing quote/u],
    ['a\nb\n"1\n\n', /x\.csv, line 3: has a quote that is never closed/u],
  ])('refused: %j', (text, message) => {
    expect(() => split(text)).toThrow(message)
  })
})

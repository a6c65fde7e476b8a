import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_LINE, type Report, ReportParser } from '../../../src/backends/real-time/report-line.js'

interface Read {
  readonly reports: Report[]
  readonly data: Report[]
  readonly unreadable: number
  readonly cut: number
}

/** What a parser reads from pieces of output. */
function read(...pieces: readonly (string | Uint8Array)[]): Read {
  const reports: Report[] = []
  const data: Report[] = []
  const parser = new ReportParser({ report: (report) => reports.push(report), data: (line) => data.push(line) })
  for (const piece of pieces) parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
  parser.end()
  return { reports, data, unreadable: parser.unreadable, cut: parser.cut }
}

const epochs = ({ reports }: Read): unknown[] => reports.map((report) => report['epoch'])

describe('one line', () => {
  test.each([
    ['alone', '[tune-metric]: {"epoch": 1}\n'],
    ['without a line end', '[tune-metric]: {"epoch": 1}'],
    ['after other text', 'INFO 12:00 [tune-metric]: {"epoch": 1}\n'],
    ['before other text', '[tune-metric]: {"epoch": 1} done }\n'],
    ['without a blank', '[tune-metric]:{"epoch": 1}\n'],
    ['after a progress bar', ' 10%|#  |\r 99%|###|\r100%|[tune-metric]: {"epoch": 1}\r'],
    ['with a carriage return', '[tune-metric]: {"epoch": 1}\r\n'],
    ['after a broken one on the same line', '[tune-metric]: {"epoch [tune-metric]: {"epoch": 1}\n'],
  ])('%s', (_name, text) => expect(epochs(read(text))).toEqual([1]))

  test.each([
    ['no tag', '{"epoch": 1}\n'],
    ['another case', '[Tune-Metric]: {"epoch": 1}\n'],
    ['nothing', ''],
  ])('%s: no report', (_name, text) => expect(read(text)).toMatchObject({ reports: [], unreadable: 0 }))

  test.each(['{"epoch": 1', 'not json', '[1]', '{"epoch": 1,}', '{"a": nan}', '{"a": 1NaN}', '{"a": "}', ''])(
    'unreadable: %s',
    (text) =>
      expect(read(`[tune-metric]: ${text}\n[tune-metric]: {"epoch": 2}\n`)).toMatchObject({
        reports: [{ epoch: 2 }],
        unreadable: 1,
      }),
  )

  test('two reports on a line, and a description of the data', () => {
    const found = read('[tune-metric]: {"epoch": 1} [data]: {"rows": 7} [tune-metric]: {"epoch": 2}\n')
    expect(epochs(found)).toEqual([1, 2])
    expect(found.data).toEqual([{ rows: 7 }])
  })

  test('NaN and infinities are numbers, but not inside strings', () => {
    const text =
      '{"epoch": 1, "a": NaN, "b": [-Infinity, Infinity], "c": "NaN, \\"-Infinity", "NaN": "}", "d": {"e": NaN}, "f": 1.5}'
    expect(read(`[tune-metric]: ${text}\n`).reports).toEqual([
      {
        epoch: 1,
        a: Number.NaN,
        b: [-Infinity, Infinity],
        c: 'NaN, "-Infinity',
        NaN: '}',
        d: { e: Number.NaN },
        f: 1.5,
      },
    ])
  })

  test('bytes that are no text do no harm', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xc3, 0x00, 0x0a, 0xe2, 0x82]),
      Buffer.from('[tune-metric]: {"epoch": 1}\n'),
    ])
    expect(epochs(read(bytes))).toEqual([1])
  })

  test('a deep object does no harm', () => {
    const deep = `${'{"a":'.repeat(8_000)}NaN${'}'.repeat(8_000)}`
    expect(epochs(read(`[tune-metric]: ${deep}\n[tune-metric]: {"epoch": 1}\n`)).at(-1)).toBe(1)
  })
})

describe('long lines', () => {
  const tag = '[tune-metric]: {"epoch": 1, "a": "'
  const line = (length: number): string => `${tag}${'x'.repeat(length - tag.length - 2)}"}`

  test.each([1, 4096, 1_000_000])('are read up to the limit, in pieces of %i bytes', (size) => {
    const text = Buffer.from(`${line(LONGEST_LINE)}\n${line(LONGEST_LINE + 1)}\n[tune-metric]: {"epoch": 3}\n`)
    const pieces: Buffer[] = []
    for (let at = 0; at < text.length; at += size) pieces.push(text.subarray(at, at + size))
    const found = read(...pieces)
    expect(epochs(found)).toEqual([1, 3])
    expect(found).toMatchObject({ unreadable: 1, cut: 1 })
  })

  test('a tag behind the limit does not count', () => {
    const found = read(`${'x'.repeat(LONGEST_LINE)}[tune-metric]: {"epoch": 1}\n[tune-metric]: {"epoch": 2}\n`)
    expect(epochs(found)).toEqual([2])
  })

  // What is not linear takes minutes here; no time is asserted but the limit of the test.
  test.each([
    ['one line without an end', 'x'.repeat(1 << 20)],
    ['tags and open braces only', '[tune-metric]: {'.repeat(1 << 16)],
    ['short lines', 'a\n'.repeat(1 << 19)],
    ['lines with broken reports', '[tune-metric]: {"a\n'.repeat(1 << 15)],
    ['lines with a broken token', '[tune-metric]: {"a": NaN NaN}\n'.repeat(1 << 13)],
  ])(
    'big input takes linear time: %s',
    (_name, megabyte) => {
      const piece = Buffer.from(megabyte)
      expect(epochs(read(piece, piece, piece, piece, '\n[tune-metric]: {"epoch": 1}\n'))).toEqual([1])
    },
    60_000,
  )
})

describe('pieces', () => {
  const value = fc.oneof(
    fc.double(),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.boolean(),
    fc.constant('[tune-metric]: {"epoch": 9}'),
  )
  const numberText = (number: number): string => (Object.is(number, -0) ? '-0.0' : String(number))
  /** As Python writes it: non-finite numbers by name. */
  const python = (report: object): string =>
    `{${Object.entries(report)
      .map(
        ([key, cell]) =>
          `${JSON.stringify(key)}: ${typeof cell === 'number' ? numberText(cell) : JSON.stringify(cell)}`,
      )
      .join(', ')}}`
  const report = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 4 }), value, { maxKeys: 4 })
  const junk = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('[data]:'))
  const line = fc.oneof(
    fc.tuple(junk, report, fc.constantFrom('\n', '\r', '\r\n')).map(([before, cells, end]) => ({
      text: `${before}[tune-metric]: ${python(cells)}${end}`,
      report: cells,
    })),
    junk.map((text) => ({ text: `${text}\n`, report: undefined })),
  )

  test('the same reports however the bytes are split, also inside a character', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (lines, cuts) => {
        const bytes = Buffer.from(lines.map(({ text }) => text).join(''))
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
        const found = read(...places.slice(1).map((end, i) => bytes.subarray(places[i], end)))
        expect(found.reports).toEqual(read(bytes).reports)
        expect(found.reports).toHaveLength(lines.filter((one) => one.report !== undefined).length)
        expect(found.reports).toEqual(lines.flatMap((one) => (one.report === undefined ? [] : [{ ...one.report }])))
      }),
      { numRuns: 500 },
    )
  })

  test('every single place of a line', () => {
    const bytes = Buffer.from('→[tune-metric]: {"epoch": 1, "näme": "🙂", "loss": -Infinity}\r\n')
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(read(bytes.subarray(0, cut), bytes.subarray(cut)).reports).toEqual([
        { epoch: 1, näme: '🙂', loss: -Infinity },
      ])
  })
})

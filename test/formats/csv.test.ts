import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { csv } from '../../src/formats/csv.js'
import { importTable } from '../../src/formats/import-table.js'
import { readTable } from '../../src/surrogates/read.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const MAP = {
  name: 'mine',
  resource: { name: 'epoch', column: 'epoch' },
  repetition: 'seed',
  elapsed: { column: 'seconds' },
  hyperparameters: {
    lr: { domain: { type: 'float', low: 0.001, high: 1, scale: 'log' } },
    net: { column: 'network', domain: { type: 'choice', values: ['a', 'b, wide'] } },
    nesterov: { domain: { type: 'choice', values: [true, false] } },
    batch: { domain: { type: 'ordinal', values: [16, 32] } },
    momentum: { domain: { type: 'constant', value: 0.9 } },
  },
  metrics: {
    validation_error: { column: 'error', goal: 'min', split: 'validation' },
    size: { goal: 'min', kind: 'static' },
  },
  defaultConfig: { lr: 0.1, net: 'a', nesterov: true, batch: 16, momentum: 0.9 },
  licence: 'CC0-1.0',
  source: 'made up',
}

const CSV = `epoch,seed,lr,network,nesterov,batch,seconds,error,size,extra
1,11,0.1,a,true,16,1,0.5,7,x
2,11,0.1,a,true,16,2.5,0.25,7,x
2,10,1e-1,a,True,16,2,0.26,7,x
1,10,0.1,a,TRUE,16,1.5,0.51,7,x
1,3,0.5,"b, wide",false,32,1,0.4,9,x
1,4,0.5,"b, wide",false,32,1,0.4,9,x
2,4,0.5,"b, wide",false,32,2,nan,9,"x
y"
`

function importCsv(file: string, map: string): Promise<TableData> {
  return importTable(csv, [file], { map })
}

function load(text: string | Uint8Array, map: object = MAP): Promise<TableData> {
  writeFileSync(join(folder, 'x.csv'), text)
  writeFileSync(join(folder, 'map.json'), JSON.stringify(map))
  return importCsv(join(folder, 'x.csv'), join(folder, 'map.json'))
}

describe('csv', { timeout: 120_000 }, () => {
  test('one row per configuration and repetition', async () => {
    const data = await load(CSV)
    const table = new SurrogateTable(data)
    expect(table.configuration(0)).toEqual(MAP.defaultConfig)
    expect(table.configuration(1)).toEqual({ lr: 0.5, net: 'b, wide', nesterov: false, batch: 32, momentum: 0.9 })
    expect(table.defaultIndex).toBe(0)
    expect([...data.repetition]).toEqual([0, 1, 0, 1])
    expect([...data.reached]).toEqual([2, 2, 1, 2])
    expect([...data.ended]).toEqual([0, 0, 1, 2])
    expect([...data.elapsed]).toEqual([1.5, 2, 1, 2.5, 1, Number.NaN, 1, 2])
    expect([...data.curves['validation_error']!]).toEqual([0.51, 0.26, 0.5, 0.25, 0.4, Number.NaN, 0.4, Number.NaN])
    expect([...data.statics['size']!]).toEqual([7, 7, 9, 9])
    expect(data.hyperparameters['batch']!.kind).toBe('int')
    expect(data.metadata.provenance).toEqual({
      kind: 'imported',
      source: 'made up',
      licence: 'CC0-1.0',
      sha256: { 'x.csv': createHash('sha256').update(CSV).digest('hex') },
    })
    expect(data.metadata.columnProvenance).toBeUndefined()
  })

  test('the table can be written and is the same when read', async () => {
    const data = await load(CSV)
    writeTable(join(folder, 'mine.arrow'), data)
    const read = readTable(join(folder, 'mine.arrow'))
    expect(read.checksum).toBe(data.checksum)
    expect(read.metadata).toEqual(data.metadata)
  })

  test('byte order mark, CRLF and no line end make no difference', async () => {
    const { curves, elapsed } = await load(CSV)
    const other = await load(`\u{FEFF}${CSV.replaceAll('\n', '\r\n').trimEnd()}`)
    expect([other.curves, other.elapsed]).toEqual([curves, elapsed])
  })

  test('a rule in place of times is said to be one', async () => {
    const data = await load(CSV, { ...MAP, elapsed: { secondsPerLevel: 3 } })
    expect([...data.elapsed.subarray(0, 2)]).toEqual([3, 6])
    expect(data.metadata.columnProvenance).toEqual({
      elapsed_time: { kind: 'modelled', from: 'mine', rule: '3 seconds per level' },
    })
  })

  const changed = (from: string, to: string): string => {
    expect(CSV).toContain(from)
    return CSV.replace(from, to)
  }
  const refused: [string, () => string | Uint8Array, RegExp][] = [
    ['nothing', () => '', /x\.csv, line 1: has no header/u],
    ['no records', () => CSV.split('\n')[0]!, /line 2: has no records/u],
    ['column missing', () => changed(',error', ',eror'), /line 1: has no column "error"; did you mean "eror"\?/u],
    ['column twice', () => changed('extra', 'size'), /line 1: has two columns "size"/u],
    ['missing level', () => changed('1,3,0.5', '2,3,0.5'), /line 6: has level 2 of a training whose level 1 is miss/u],
    [
      'level 0',
      () => changed('1,3,0.5', '0,3,0.5'),
      /line 6, column "epoch" must be a whole number from 1 on, got "0"/u,
    ],
    ['duplicate', () => changed('1,10,', '2,10,'), /line 5: repeats level 2 of .* of line 4; keep one/u],
    ['not a number', () => changed('0.26', '0,26'), /line 4: has 11 fields, the header has 10/u],
    ['text for a number', () => changed('0.26', '0x1'), /line 4, column "error" must be a number .*, got "0x1"/u],
    ['empty metric', () => changed('0.26', ''), /line 4, column "error": is empty; write NaN/u],
    ['empty time', () => changed('2.5', ''), /line 3, column "seconds": is empty/u],
    ['infinite time', () => changed('2.5', 'inf'), /line 3, column "seconds" must be a number/u],
    [
      'time goes back',
      () => changed('2.5', '0.5'),
      /line 3: the elapsed time of level 2 must be later than 1 s, got 0\.5/u,
    ],
    ['out of the domain', () => changed('1,11,0.1', '1,11,7'), /line 2, column "lr" must be float in .*, got 7/u],
    ['unknown choice', () => changed('0.1,a,true', '0.1,c,true'), /line 2, column "network" must be one of "a".*"c"/u],
    ['not a truth value', () => changed('True', 'yes'), /line 4, column "nesterov": must be true or false, got "yes"/u],
    ['comes back', () => changed('0.5,7', 'NaN,7'), /line 3: metric "validation_error" must be NaN/u],
    [
      'static that varies',
      () => changed('0.25,7', '0.25,8'),
      /line 3: metric "size" has one value .* 7 at level 1, got 8/u,
    ],
    ['not UTF-8', () => Uint8Array.of(0x61, 0xff, 0x62), /x\.csv: is not UTF-8/u],
  ]
  test.each(refused)('refused: %s', async (_, make, message) => {
    const text = make()
    await expect(load(text)).rejects.toThrow(message)
  })

  test.each([
    [{ elapsed: {} }, /map\.json: mapping\.elapsed/u],
    [{ elapsed: { secondsPerLevel: 0 } }, /mapping\.elapsed\.secondsPerLevel.*got 0/u],
    [{ licence: undefined }, /map\.json: does not say under which licence .*give --licence/u],
    [{ licens: 'x' }, /mapping has an unknown entry "licens"; did you mean "licence"\?/u],
    [{ metrics: { e: { goal: 'low' } } }, /mapping\.metrics\.e\.goal.*got "low"/u],
    [{ defaultConfig: { ...MAP.defaultConfig, lr: 5 } }, /map\.json: metadata: defaultConfig\.lr must be float/u],
    [{ metrics: { size: { goal: 'min', kind: 'static' } } }, /metrics has no learning curve/u],
  ])('refused mapping: %j', async (part, message) => {
    await expect(load(CSV, { ...MAP, ...part })).rejects.toThrow(message)
  })

  test('without a repetition column every configuration has one training', async () => {
    const { repetition: _, ...map } = MAP
    await expect(load(CSV, map)).rejects.toThrow(/line 4: repeats level 2 .*; keep one, or name the repetition column/u)
  })

  test('files that are not there', async () => {
    await expect(importCsv(join(folder, 'none.csv'), join(folder, 'map.json'))).rejects.toThrow(
      /none\.csv: is not there; name a file/u,
    )
    await expect(importCsv('x', join(folder, 'none.json'))).rejects.toThrow(/none\.json: is not there; name a file/u)
    await expect(importCsv('x', join(folder, 'x.csv'))).rejects.toThrow(/x\.csv: is not JSON/u)
  })
})

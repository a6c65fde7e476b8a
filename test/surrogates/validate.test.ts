import { describe, expect, test } from 'vitest'
import { type Config, choice, float, int } from '../../src/core/space.js'
import type { TableMetadata } from '../../src/surrogates/metadata.js'
import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../../src/surrogates/shared.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { checkTable } from '../../src/surrogates/validate.js'
import { makeTable } from './make-table.js'

const space = { lr: float(0, 1), n: int(0, 9), flag: choice([true, false]), model: choice(['small', 'large']) }
const configurations: Config[] = Array.from({ length: 4 }, (_, i) => ({
  lr: i / 4,
  n: i,
  flag: i % 2 === 0,
  model: i % 2 === 0 ? 'small' : 'large',
}))

/** Four levels; four configurations of two repetitions. */
function table(change: (data: Mutable) => void = () => undefined): TableData {
  const data = makeTable({
    space,
    configurations,
    metrics: {
      error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
      size: { goal: 'min', unit: 'MiB', split: 'none', kind: 'static' },
    },
  })
  change(data)
  return data
}
type Mutable = { -readonly [K in keyof TableData]: TableData[K] }

/** Cell of a row at a level, 1..4. */
const at = (row: number, level: number): number => row * 4 + level - 1
const code = (end: (typeof ENDED)[number]): number => ENDED.indexOf(end)

/** Lets a row hold fewer levels. */
function shorten(data: TableData, row: number, reached: number, end: (typeof ENDED)[number]): void {
  data.reached[row] = reached
  data.ended[row] = code(end)
  for (const values of [data.elapsed, ...Object.values(data.curves)])
    values.fill(Number.NaN, at(row, reached + 1), at(row, 5))
}

function withMetadata(data: Mutable, change: object): void {
  data.metadata = { ...data.metadata, ...change } as TableMetadata
}

describe('checkTable accepts', () => {
  const good: [string, (data: Mutable) => void][] = [
    ['a complete table', () => undefined],
    ['a stopped row', (data) => shorten(data, 1, 2, 'stopped')],
    ['a row that failed before its first report', (data) => shorten(data, 1, 0, 'failed')],
    [
      'a row that diverged to the end',
      (data) => {
        data.ended[2] = code('diverged')
        data.curves['error']!.fill(Number.NaN, at(2, 2), at(2, 5))
      },
    ],
    [
      'a row that diverged and ended',
      (data) => {
        shorten(data, 2, 3, 'diverged')
        data.curves['error']!.set([Infinity, 1e30, Number.NaN], at(2, 1))
        data.statics['size']![2] = Number.NaN
      },
    ],
    ['an unknown processor time', (data) => data.cpu.fill(3, 0, 2)],
    [
      'a default configuration without a row',
      (data) => withMetadata(data, { defaultConfig: { lr: 0.9, n: 0, flag: true, model: 'large' } }),
    ],
  ]
  test.each(good)('%s', (_, change) => {
    expect(() => checkTable(table(change), 't.arrow')).not.toThrow()
  })
})

describe('checkTable refuses', () => {
  const bad: [string, (data: Mutable) => void, RegExp][] = [
    ['no rows', (data) => (data.rows = 0), /t\.arrow: has no rows/u],
    [
      'other levels than announced',
      (data) => (data.levels = 3),
      /must be resource\.levels of the metadata \(4\), got 3/u,
    ],
    ['a short column', (data) => (data.cpu = sharedFloat64(7)), /column "cpu_time" must hold 8 values, got 7/u],
    ['a missing metric', (data) => (data.curves = {}), /column "error" must hold 32 values, got 0/u],
    [
      'a metric without description',
      (data) => (data.curves = { ...data.curves, b: sharedFloat32(32) }),
      /column "b" \(of curves\) is not described/u,
    ],
    [
      'a real number outside the space',
      (data) => (data.hyperparameters['lr']!.values[5] = 1.5),
      /column "lr", row 5 must be float in \[0, 1\], got 1.5; drop the row or correct the space/u,
    ],
    [
      'a hyperparameter that is NaN',
      (data) => (data.hyperparameters['lr']!.values[5] = Number.NaN),
      /row 5 .*got NaN/u,
    ],
    [
      'a whole number outside the space',
      (data) => (data.hyperparameters['n']!.values[3] = -1),
      /row 3 must be int in .*got -1/u,
    ],
    [
      'a fraction where whole numbers belong',
      (data) =>
        (data.hyperparameters = {
          ...data.hyperparameters,
          n: { kind: 'float', values: sharedFloat64(8).fill(0.5) },
        }),
      /column "n", row 0 must be int in .*got 0\.5/u,
    ],
    [
      'a text outside the space',
      (data) => {
        data.hyperparameters = {
          ...data.hyperparameters,
          model: { kind: 'text', values: sharedInt32(8), dictionary: ['medium'] },
        }
      },
      /column "model", row 0 must be one of "small", "large", got "medium"/u,
    ],
    [
      'a code without a text',
      (data) => (data.hyperparameters['model']!.values[7] = 2),
      /column "model", row 7 .*got nothing/u,
    ],
    [
      'texts where booleans belong',
      (data) =>
        (data.hyperparameters = {
          ...data.hyperparameters,
          flag: { kind: 'text', values: sharedInt32(8), dictionary: ['true'] },
        }),
      /column "flag", row 0 must be one of true, false, got "true"/u,
    ],
    [
      'a text twice in a dictionary',
      (data) =>
        (data.hyperparameters = {
          ...data.hyperparameters,
          model: { kind: 'text', values: sharedInt32(8), dictionary: ['small', 'small'] },
        }),
      /lists a text twice/u,
    ],
    [
      'a repetition twice',
      (data) => (data.repetition[3] = 0),
      /column "repetition": rows 2 and 3 are both repetition 0 of one configuration/u,
    ],
    [
      'a repetition left out',
      (data) => (data.repetition[3] = 2),
      /repetition 1 of the configuration of row 3 is missing \(it has 2\)/u,
    ],
    [
      'a negative repetition',
      (data) => (data.repetition[3] = -1),
      /repetition 0 of the configuration of row 3 is missing/u,
    ],
    [
      'too many levels',
      (data) => (data.reached[4] = 5),
      /column "levels", row 4 must be a whole number in \[0, 4\], got 5/u,
    ],
    ['negative levels', (data) => (data.reached[4] = -1), /row 4 .*got -1/u],
    ['an unknown end', (data) => (data.ended[4] = 9), /column "ended", row 4 has an unknown code, got 9/u],
    [
      'completed but short',
      (data) => shorten(data, 4, 2, 'completed'),
      /row 4 says completed but holds 2 of 4 levels/u,
    ],
    ['stopped but whole', (data) => (data.ended[4] = code('stopped')), /row 4 says stopped but holds all 4 levels/u],
    ['failed but whole', (data) => (data.ended[4] = code('failed')), /row 4 says failed but holds all 4 levels/u],
    [
      'a time that is NaN',
      (data) => (data.elapsed[at(6, 3)] = Number.NaN),
      /column "elapsed_time", row 6, level 3 must be a time later than 2\.6 s, got NaN/u,
    ],
    [
      'a time that stands still',
      (data) => (data.elapsed[at(6, 3)] = data.elapsed[at(6, 2)]!),
      /row 6, level 3 must be a time later/u,
    ],
    [
      'a first time of 0',
      (data) => (data.elapsed[at(6, 1)] = 0),
      /row 6, level 1 must be a time later than 0 s, got 0/u,
    ],
    ['an infinite time', (data) => (data.elapsed[at(6, 4)] = Infinity), /row 6, level 4 .*got Infinity/u],
    [
      'a time past the levels',
      (data) => {
        shorten(data, 6, 2, 'stopped')
        data.elapsed[at(6, 4)] = 9
      },
      /column "elapsed_time", row 6, level 4 must be NaN, as the row holds 2 levels, got 9; correct "levels"/u,
    ],
    [
      'a metric that is NaN',
      (data) => (data.curves['error']![at(7, 4)] = Number.NaN),
      /column "error", row 7, level 4 must be finite, got NaN; if the training diverged, say so in "ended"/u,
    ],
    [
      'a metric that is infinite',
      (data) => (data.curves['error']![at(0, 1)] = -Infinity),
      /row 0, level 1 must be finite/u,
    ],
    [
      'a metric past the levels',
      (data) => {
        shorten(data, 6, 0, 'failed')
        data.curves['error']![at(6, 1)] = 0
      },
      /column "error", row 6, level 1 must be NaN, as the row holds 0 levels, got 0/u,
    ],
    [
      'a diverged training that comes back',
      (data) => {
        data.ended[6] = code('diverged')
        data.curves['error']![at(6, 2)] = Number.NaN
      },
      /column "error", row 6, level 3 must be NaN, as the level before is/u,
    ],
    [
      'a static metric that is NaN',
      (data) => (data.statics['size']![1] = Number.NaN),
      /column "size", row 1 must be finite in a completed/u,
    ],
    [
      'a negative start-up time',
      (data) => (data.startup[1] = -1),
      /column "startup_time", row 1 must be seconds, 0 or more, got -1/u,
    ],
    ['an unknown start-up time', (data) => (data.startup[1] = Number.NaN), /column "startup_time", row 1/u],
    [
      'a negative processor time',
      (data) => (data.cpu[1] = -1),
      /column "cpu_time", row 1 must be seconds, 0 or more, or NaN/u,
    ],

    ['another version', (data) => withMetadata(data, { formatVersion: 2 }), /metadata\.formatVersion must be 1, got/u],
    ['unknown keys', (data) => withMetadata(data, { note: 1 }), /metadata has an unknown entry "note"/u],
    ['no provenance', (data) => withMetadata(data, { provenance: undefined }), /metadata\.provenance must be /u],
    [
      'an unknown goal',
      (data) => withMetadata(data, { metrics: { error: { goal: 'up' } } }),
      /metadata\.metrics\.error\.goal must be one of/u,
    ],
    [
      'no curve',
      (data) => withMetadata(data, { metrics: { size: { goal: 'min', kind: 'static' } } }),
      /metrics has no learning curve/u,
    ],
    [
      'a broken domain',
      (data) => withMetadata(data, { space: { ...space, lr: { ...space.lr, low: 2 } } }),
      /metadata: space\.lr needs finite bounds with low <= high/u,
    ],
    [
      'values of several types',
      (data) => withMetadata(data, { space: { ...space, flag: choice([true, 'no']) } }),
      /space\.flag must list values of one type, got \[true,"no"\]/u,
    ],
    [
      'a default outside the space',
      (data) => withMetadata(data, { defaultConfig: { ...configurations[0], lr: 2 } }),
      /metadata: defaultConfig\.lr must be float in \[0, 1\], got 2/u,
    ],
    [
      'a default that lacks a value',
      (data) => withMetadata(data, { defaultConfig: {} }),
      /defaultConfig lacks the hyperparameter "lr"/u,
    ],
    [
      'a name of a column of its own',
      (data) => withMetadata(data, { metrics: { ...data.metadata.metrics, levels: data.metadata.metrics['error']! } }),
      /metadata: metric has the name of another column, got "levels"/u,
    ],
    [
      'one name twice',
      (data) => withMetadata(data, { metrics: { ...data.metadata.metrics, lr: data.metadata.metrics['error']! } }),
      /metadata: metric has the name of another column, got "lr"/u,
    ],
    [
      'a name with a line break',
      (data) => withMetadata(data, { metrics: { 'a\nb': data.metadata.metrics['error']! } }),
      /name of a metric: must hold no control characters.*rename it.* \(got "a\\nb"\)/u,
    ],
    [
      'a name that turns the direction of text round',
      (data) => withMetadata(data, { metrics: { 'a\u202E': data.metadata.metrics['error']! } }),
      /name of a metric: must hold no control characters.* \(got "a\\u\{202e\}"\)/u,
    ],
    [
      'a name of its own that is too long',
      (data) => withMetadata(data, { name: 'a'.repeat(201) }),
      /metadata\.name: must have at most 200 characters/u,
    ],
  ]
  test.each(bad)('%s', (_, change, message) => {
    expect(() => checkTable(table(change), 't.arrow')).toThrow(message)
    expect(() => checkTable(table(change), 't.arrow')).not.toThrow(/\n/u)
  })
})

describe('speed', () => {
  /** 62,208 configurations x 4 repetitions; few levels, so that the test stays small. */
  function large(): TableData {
    const [count, repetitions, levels] = [62_208, 4, 10]
    const rows = count * repetitions
    const data = makeTable({ levels, configurations: 1, repetitions: 1 })
    const lr = sharedFloat64(rows)
    const model = sharedInt32(rows)
    const repetition = sharedInt32(rows)
    const elapsed = sharedFloat64(rows * levels)
    for (let row = 0; row < rows; row++) {
      // repetitions of a configuration lie far apart
      lr[row] = (row % count) / count
      model[row] = row % 2
      repetition[row] = Math.floor(row / count)
      for (let level = 1; level <= levels; level++) elapsed[row * levels + level - 1] = level
    }
    return {
      ...data,
      rows,
      hyperparameters: {
        lr: { kind: 'float', values: lr },
        model: { kind: 'text', values: model, dictionary: ['small', 'large'] },
      },
      repetition,
      reached: sharedInt32(rows).fill(levels),
      ended: sharedUint8(rows),
      elapsed,
      startup: sharedFloat64(rows),
      cpu: sharedFloat64(rows),
      curves: { error: sharedFloat32(rows * levels), test_error: sharedFloat64(rows * levels) },
    }
  }

  test('250,000 rows are checked and grouped in about a second', () => {
    const data = large()
    const start = performance.now()
    checkTable(data, 'large.arrow')
    const checked = performance.now()
    const grouped = new SurrogateTable(data)
    const end = performance.now()
    expect(grouped.configurations).toBe(62_208)
    expect(grouped.rowOrder.slice(0, 4)).toEqual(Int32Array.of(0, 62_208, 124_416, 186_624))
    expect(grouped.indexOf({ lr: 62_207 / 62_208, model: 'large' })).toBe(62_207)
    // generous: the machine may be busy
    expect(checked - start).toBeLessThan(4000)
    expect(end - checked).toBeLessThan(2000)
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MergePart } from '../../src/record/merge-metadata.js'
import { type MergedTable, mergeTables } from '../../src/record/merge-tables.js'
import type { TableRow } from '../../src/record/recorded-table.js'
import { float } from '../../src/core/space.js'
import { provenanceFacts } from '../../src/report/provenance.js'
import { metricRange } from '../../src/surrogates/metric-range.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { checkTable } from '../../src/surrogates/validate.js'
import { choices, metadata, part, provenance, recordedWith, rowTexts, tableOfRows, training } from './merge-parts.js'

type Conflicts = 'refuse' | 'first' | 'renumber'
function merge(parts: readonly MergePart[], conflicts: Conflicts = 'refuse'): MergedTable {
  const merged = mergeTables({ parts, name: 'whole', conflicts })
  checkTable(merged.data, 'whole.arrow')
  return merged
}
const repetitions = ({ data }: MergedTable): number[] => Array.from(data.repetition)
const errors = ({ data }: MergedTable): number[] =>
  Array.from({ length: data.rows }, (_, row) => data.curves['error']![row * 3]!)

/** Trainings as a recorder might make them: stopped, diverged and failed ones among them, alone and beside others. */
const anyRows: fc.Arbitrary<TableRow[]> = fc
  .uniqueArray(
    fc.record({
      lr: fc.integer({ min: 0, max: 10 }),
      model: fc.constantFrom('small', 'large'),
      repetitions: fc.array(
        fc.record({
          ended: fc.constantFrom(...ENDED),
          reached: fc.nat(2),
          shared: fc.option(fc.nat(3), { nil: undefined }),
          noise: fc.integer({ min: 1, max: 99 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 6, selector: ({ lr, model }) => `${lr} ${model}` },
  )
  .map((configurations) =>
    configurations.flatMap(({ lr, model, repetitions: of }) =>
      of.map(({ ended, reached, shared, noise }, repetition) => {
        const all = ended === 'completed' ? 3 : reached
        const curve = [1, 2, 3].map((level) => lr / level + repetition + noise / 128)
        return training(lr, model, repetition, {
          ended,
          reached: all,
          curves: { error: ended === 'diverged' ? curve.map((value, i) => (i === 0 ? value : Number.NaN)) : curve },
          elapsed: [1, 2, 3].map((level) => level * (1 + noise / 64)),
          shared,
        })
      }),
    ),
  )

/** A table and two or three parts of it that together hold every row; a configuration may be in several, in part. */
const anySplit = fc
  .tuple(
    anyRows,
    fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }), { minLength: 6, maxLength: 6 }),
  )
  .map(([rows, cuts]) => {
    const configurations = [...new Set(rows.map(({ config }) => JSON.stringify(config)))]
    const parts = [0, 1, 2].map((p) =>
      rows.filter(({ config, repetition }) => {
        const i = configurations.indexOf(JSON.stringify(config))
        // Of the first repetitions of a configuration a part holds so many; one part holds all.
        return i % 3 === p || repetition < cuts[i]![p]!
      }),
    )
    return { rows, parts: parts.filter((of) => of.length > 0) }
  })
  .filter(({ parts }) => parts.length > 1)

describe('the parts of a table, merged,', () => {
  test('are the table; in any order; any number of times', () => {
    fc.assert(
      fc.property(anySplit, ({ rows, parts: given }) => {
        const table = tableOfRows(rows)
        const parts = given.map((of, i) => part(`${i}.arrow`, of))
        const merged = merge(parts)
        // A part in which no training says `shared` has no such column; those that say it stay as they are.
        const wanted = rowTexts(table)
        expect(rowTexts(merged.data)).toEqual(wanted)
        expect(rowTexts(merge(parts.toReversed()).data)).toEqual(wanted)
        expect(rowTexts(merge([...parts, ...parts]).data)).toEqual(wanted)
        expect(rowTexts(merge([{ name: 'whole', table: merged.data }, parts[0]!]).data)).toEqual(wanted)
        expect(merged.data.metadata.metrics).toEqual(table.metadata.metrics)
        expect(merged.duplicates).toBe(given.flat().length - rows.length)
        expect(merged.warnings).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  test('are the same whichever are merged first, and all stand in the provenance', () => {
    const [a, b, c] = [1, 2, 3].map((lr) => part(`${lr}.arrow`, [training(lr)])) as [MergePart, MergePart, MergePart]
    const whole = (parts: MergePart[]): MergePart => ({ name: 'whole', table: merge(parts).data })
    const [left, right] = [whole([whole([a, b]), c]), whole([a, whole([b, c])])]
    expect(left.table).toEqual(right.table)
    expect(left.table.metadata.provenance).toMatchObject({
      kind: 'recorded',
      trainings: 3,
      parts: [a, b, c].map(({ table }) => ({ table: 'part', sha256: table.checksum, trainings: 1, workers: 2 })),
    })
  })

  test('keep the rows of the first in their order, and what each adds after them', () => {
    const merged = merge([
      part('a.arrow', [training(3), training(1), training(1, 'small', 1)]),
      part('b.arrow', [training(2), training(1), training(1, 'small', 1), training(1, 'small', 2)]),
    ])
    expect(errors(merged)).toEqual([3, 1, 1.125, 2, 1.25])
    expect(merged.duplicates).toBe(2)
  })
})

describe('one training in two tables', () => {
  const slower = { elapsed: [2, 4, 6], startup: 9, cpu: 8, statics: { size: 2, latency: 7 }, shared: 3 }

  test('counts once where only its times differ: those of the first stand', () => {
    const merged = merge([part('a.arrow', [training(1)]), part('b.arrow', [training(1, 'small', 0, slower)])])
    expect(merged.duplicates).toBe(1)
    expect([merged.data.elapsed[0], merged.data.statics['latency']![0]]).toEqual([1, 1.5])
  })

  test.each<[string, Partial<TableRow>, string]>([
    [
      'a curve',
      { curves: { error: [1, 0.5, 0.25] } },
      '"error" at epoch 3 is 0.3333333432674408 in the first and 0.25 in the second',
    ],
    ['a static metric', { statics: { size: 3, latency: 1.5 } }, '"size" is 2 in the first and 3 in the second'],
    ['its end', { ended: 'failed', reached: 1 }, 'it is completed in the first and failed in the second'],
    ['its length', { ended: 'diverged', reached: 1 }, 'it is completed in the first and diverged in the second'],
  ])('is refused where %s differs, with the difference', (_, change, difference) => {
    const parts = [part('a.arrow', [training(1)]), part('b.arrow', [training(2), training(1, 'small', 0, change)])]
    const message = `a.arrow and b.arrow disagree on repetition 0 of {"lr":1,"model":"small"}: ${difference}; keep the first's rows`
    expect(() => merge(parts)).toThrow(message)
    expect(() => merge(parts)).not.toThrow(/\n/)
    const first = merge(parts, 'first')
    expect(errors(first)).toEqual([1, 2])
    expect(first.warnings).toEqual(['1 trainings were left out because an earlier part has others in their place'])
  })

  test('with --renumber both are kept, but one that is in both under another number once', () => {
    const other = training(1, 'small', 0, { curves: { error: [9, 9, 9] } })
    const merged = merge(
      [
        part('a.arrow', [training(1), training(1, 'small', 1)]),
        part('b.arrow', [other, { ...training(1, 'small', 1), repetition: 1 }, { ...training(1), repetition: 2 }]),
      ],
      'renumber',
    )
    expect(errors(merged)).toEqual([1, 1.125, 9])
    expect(repetitions(merged)).toEqual([0, 1, 2])
    expect(merged.duplicates).toBe(2)
    expect(merged.warnings).toEqual(['1 trainings have another repetition than in their part'])
  })

  test('equal repetitions within one table are trainings of their own', () => {
    const twins = [training(1), { ...training(1), repetition: 1 }]
    expect(merge([part('a.arrow', twins), part('b.arrow', twins)], 'renumber').data.rows).toBe(2)
    expect(merge([part('a.arrow', [training(1)]), part('b.arrow', twins)], 'renumber').data.rows).toBe(2)
  })
})

describe('tables that are recorded with different values of a choice', () => {
  const sizes = (values: readonly [string, ...string[]], lr: number): MergePart => {
    const change = {
      space: { lr: float(0, 10), model: choices(...values) },
      defaultConfig: { lr: 1, model: values[0] },
    }
    return part(
      `${values[0]}.arrow`,
      values.map((model) => training(lr, model)),
      change,
    )
  }

  test('are one table of all values, with the default of the first', () => {
    const { data } = merge([sizes(['minilm:2', 'minilm:3'], 1), sizes(['minilm:3', 'minilm:4'], 2)])
    expect(data.metadata.space['model']).toEqual(choices('minilm:2', 'minilm:3', 'minilm:4'))
    expect(data.metadata.defaultConfig).toEqual({ lr: 1, model: 'minilm:2' })
    const table = new SurrogateTable(data)
    expect(Array.from({ length: 4 }, (_, i) => table.configuration(i))).toEqual([
      { lr: 1, model: 'minilm:2' },
      { lr: 1, model: 'minilm:3' },
      { lr: 2, model: 'minilm:3' },
      { lr: 2, model: 'minilm:4' },
    ])
    expect(data.metadata.metrics['error']!.range).toEqual(metricRange(data, 'error', 'min'))
  })

  test('may not differ in the rest of their defaults', () => {
    const a = sizes(['a'], 1)
    const b = part('b.arrow', [training(1, 'b')], {
      space: { lr: float(0, 10), model: choices('b') },
      defaultConfig: { lr: 2, model: 'b' },
    })
    expect(() => merge([a, b])).toThrow('b.arrow cannot be merged with a.arrow: its default configuration is {"lr":2,')
  })
})

describe('tables that are no parts of one are refused in one line', () => {
  const rows = [training(1)]
  const { space, metrics } = metadata
  test.each<[string, Partial<TableData['metadata']>, RegExp]>([
    [
      'another program',
      recordedWith({ program: { ...provenance.program, sha256: 'ef'.repeat(32) } }),
      /another version of the program \(sha256 efefefefefef\.\.\., not sha256 abab/,
    ],
    [
      'another command',
      recordedWith({ program: { ...provenance.program, command: ['node', 'other.js'] } }),
      /another command \("node other\.js", not "node train\.js/,
    ],
    [
      'other data',
      recordedWith({ data: { name: '', files: { 'train.txt': 'x' } } }),
      /other data \(train\.txt: sha256 cd.*, there sha256 x/,
    ],
    ['no data', recordedWith({ data: undefined }), /other data \(train\.txt: .*there not used/],
    ['another resource', { resource: { name: 'step', levels: 3 } }, /3 levels \(step\), not 3 \(epoch\)/],
    [
      'another goal',
      { metrics: { ...metrics, error: { ...metrics['error']!, goal: 'max' } } },
      /another metric "error"/,
    ],
    ['another metric', { metrics: { error: metrics['error']!, size: metrics['size']! } }, /another metric "latency"/],
    [
      'another range',
      { space: { ...space, lr: float(0, 11) } },
      /"lr" is \{"type":"float","low":0,"high":11,.* there, not .*choices only/,
    ],
    [
      'another order',
      { space: { ...space, model: { type: 'ordinal', values: ['small', 'large'] } } },
      /"model" is \{"type":"ordinal"/,
    ],
    ['one hyperparameter less', { space: { lr: float(0, 10) }, defaultConfig: { lr: 1 } }, /"model" is nothing there/],
    ['another default', { defaultConfig: { lr: 2, model: 'small' } }, /its default configuration is \{"lr":2,/],
    [
      'columns of another origin',
      { columnProvenance: { size: { kind: 'synthetic', generator: 'x', seed: 1 } } },
      /its column "size" is synthetic, in another part it is not/,
    ],
    [
      'imported',
      { provenance: { kind: 'imported', source: 's', licence: 'l', sha256: {} } },
      /b\.arrow: is imported, not recorded; merge recorded/,
    ],
  ])('%s', (_, change, message) => {
    const other = part('b.arrow', rows, change)
    expect(() => merge([part('a.arrow', rows), other])).toThrow(message)
    expect(() => merge([part('a.arrow', rows), other])).not.toThrow(/\n/)
  })

  test('values of two types', () => {
    const other = part('b.arrow', [{ ...training(1), config: { lr: 1, model: 3 } }], {
      space: { lr: float(0, 10), model: choices(3) },
      defaultConfig: { lr: 1, model: 3 },
    })
    expect(() => merge([part('a.arrow', rows), other])).toThrow(/"model" is \{"type":"choice","values":\[3\]\} there/)
  })

  test('one table alone', () => {
    expect(() => merge([part('a.arrow', rows)])).toThrow(/needs two tables or more/)
  })
})

describe('what differs between machines', () => {
  const GPU = { cpu: 'Other CPU', cores: 16, memoryGiB: 128, platform: 'linux', gpu: 'NVIDIA H100' }
  const a = part('a.arrow', [training(1, 'small', 0, { shared: 2 }), training(2, 'large')])
  const b = part('b.arrow', [training(3)], {
    ...recordedWith({
      hardware: GPU,
      versions: { node: '20.2.0', v8: '11', torch: '2' },
      seeds: [12],
      from: '2026-01-01T00:00:00.000Z',
      workers: 8,
    }),
    pricePerHour: 2,
  })
  const merged = merge([a, b])
  const { data, warnings } = merged

  test('stands in each row', () => {
    expect(Array.from(data.hardware!.values, (code) => data.hardware!.dictionary[code])).toEqual([
      'Some CPU, 2 cores',
      'Some CPU, 2 cores',
      'NVIDIA H100',
    ])
    expect(Array.from(data.shared!)).toEqual([2, -1, -1])
  })

  test('is a warning where it can change results', () => {
    expect(warnings).toEqual([
      'the parts have different prices per hour, so the table has none',
      'the parts were recorded with different versions: node 20.1.0 and 20.2.0, torch none and 2',
      'the parts were trained with different seeds, so repetitions are not paired across them',
      'times of different model are not comparable: large ran on some of the hardware only',
    ])
    expect(data.metadata.provenance).toMatchObject({
      hardware: { cpu: 'Some CPU; Other CPU', cores: 16, memoryGiB: 128, platform: 'linux', gpu: 'NVIDIA H100' },
      versions: { node: '20.1.0, 20.2.0', v8: '11', torch: '2' },
      from: '2026-01-01T00:00:00.000Z',
      to: provenance.to,
      workers: 8,
      warnings,
    })
    expect(data.metadata.pricePerHour).toBeUndefined()
  })

  test('is shown', () => {
    const facts = provenanceFacts(data.metadata.provenance)
    expect(facts.filter(([name]) => name.startsWith('part')).map(([, text]) => text.replace(/sha256 .*/, ''))).toEqual([
      'part: 2 trainings, 2026-01-02 03:00 to 2026-01-02 04:00 UTC, Some CPU, 2 cores, 2 trainings at a time, ',
      'part: 1 training, 2026-01-01 00:00 to 2026-01-02 04:00 UTC, NVIDIA H100, 8 trainings at a time, ',
    ])
    expect(facts.filter(([name]) => name === 'warning').map(([, text]) => text)).toEqual(warnings)
  })

  test('stays when more is merged', () => {
    const more = merge([{ name: 'ab.arrow', table: data }, part('c.arrow', [training(4)])])
    expect(Array.from(more.data.hardware!.values)).toEqual([0, 0, 1, 0])
    for (const warning of warnings.slice(1, 3)) expect(more.warnings).toContain(warning)
  })

  test('where times follow from a rule in one part, the column says so for each', () => {
    const modelled = (rule: string) => ({ kind: 'modelled' as const, from: 'recording part', rule })
    const alone = (rule: string): Partial<TableData['metadata']> => ({
      columnProvenance: { elapsed_time: modelled(rule) },
    })
    const [one, two] = [
      part('a.arrow', [training(1)], alone('halved')),
      part('b.arrow', [training(2)], alone('halved')),
    ]
    expect(merge([one, two]).data.metadata.columnProvenance).toEqual({ elapsed_time: modelled('halved') })
    const recorded = part('c.arrow', [training(3)])
    expect(merge([one, recorded]).data.metadata.columnProvenance).toEqual({
      elapsed_time: modelled('part: halved; part: as recorded'),
    })
    expect(
      merge([recorded].concat(part('d.arrow', [training(4)], alone('thirds')))).data.metadata.columnProvenance,
    ).toEqual({
      elapsed_time: modelled('part: as recorded; part: thirds'),
    })
  })

  test('a pass alone on the device counts where every part had one', () => {
    const alone = (name: string, lr: number): MergePart =>
      part(name, [training(lr)], recordedWith({ alone: { measured: 1 } }))
    const both = merge([alone('a.arrow', 1), alone('b.arrow', 2)])
    expect(both.data.metadata.provenance).toMatchObject({ alone: 'in every part' })
    const one = merge([alone('a.arrow', 1), part('b.arrow', [training(2)])])
    expect(one.data.metadata.provenance).not.toHaveProperty('alone')
  })

  test('the place of a program does not', () => {
    const command = ['/usr/bin/node', 'C:\\work\\train.js', 'HYPERPARAMETERS', '--seed', 'SEED']
    const elsewhere = part('b.arrow', [training(2)], recordedWith({ program: { ...provenance.program, command } }))
    expect(merge([part('a.arrow', [training(1)]), elsewhere]).data.rows).toBe(2)
  })
})

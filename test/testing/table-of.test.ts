import { describe, expect, it } from 'vitest'
import { choice, int } from '../../src/index.js'
import { ENDED } from '../../src/surrogates/table-data.js'
import { tableOf, traceOf } from '../../src/testing/index.js'

describe('tableOf', () => {
  it('makes a table of numbered configurations', () => {
    const table = tableOf({ levels: 3, configurations: 5, value: ({ config, level }) => config.x + 1 / level })
    expect(table).toMatchObject({ name: 'in-memory', rows: 5, configurations: 5, levels: 3, defaultIndex: 0 })
    expect([0, 1, 2, 3, 4].map((i) => table.configuration(i))).toEqual([0, 0.25, 0.5, 0.75, 1].map((x) => ({ x })))
    expect([...table.curve('error')].slice(3, 6)).toEqual([1.25, 0.75, 0.25 + 1 / 3])
    expect([...table.data.elapsed].slice(3, 6)).toEqual([1, 2, 3])
    expect(table.metric('error')).toMatchObject({ goal: 'min', split: 'validation' })
    expect(tableOf({ levels: 1, configurations: 1, value: () => 0 }).configuration(0)).toEqual({ x: 0 })
  })

  it('takes configurations, repetitions, several metrics and times', () => {
    const table = tableOf({
      levels: 2,
      space: { model: choice(['small', 'large']), width: int(1, 8) },
      configurations: [
        { model: 'large', width: 8 },
        { model: 'small', width: 1 },
      ],
      defaultConfig: { model: 'small', width: 1 },
      repetitions: (configuration) => configuration + 1,
      metrics: { accuracy: 'max', size: { goal: 'min', kind: 'static', unit: 'MiB', split: 'none' } },
      value: ({ metric, config, repetition, level }) =>
        metric === 'size' ? config.width : level + repetition / 10 + (config.model === 'large' ? 0.01 : 0),
      seconds: ({ config, level }) => config.width * level,
      startup: 0.5,
    })
    expect(table).toMatchObject({ rows: 3, defaultIndex: 1 })
    expect([...table.curve('accuracy')]).toEqual([1.01, 2.01, 1, 2, 1.1, 2.1])
    expect([...table.static('size')]).toEqual([8, 1, 1])
    expect([...table.data.elapsed]).toEqual([8, 16, 1, 2, 1, 2])
    expect([...table.data.startup]).toEqual([0.5, 0.5, 0.5])
  })

  it('lets a training diverge from the first level at which a value is not finite', () => {
    const table = tableOf({
      levels: 3,
      configurations: 4,
      metrics: { error: 'min', accuracy: 'max' },
      value: ({ configuration, level, metric }) => {
        if (configuration === 1 && level === 2 && metric === 'error') return Number.NaN
        if (configuration === 2 && metric === 'accuracy') return Infinity
        return level
      },
    })
    expect(Array.from(table.data.ended, (code) => ENDED[code])).toEqual([
      'completed',
      'diverged',
      'diverged',
      'completed',
    ])
    const curve = [1, 2, 3, 1, NaN, NaN, NaN, NaN, NaN, 1, 2, 3]
    expect([...table.curve('error')]).toEqual(curve)
    expect([...table.curve('accuracy')]).toEqual(curve)
    const { steps } = traceOf({ type: 'fifo' }, table, 0)
    const reports = steps.filter(({ values }) => values.length > 0)
    expect(
      reports
        .filter(({ kind }) => kind === 'stop')
        .map(({ level }) => level)
        .sort(),
    ).toEqual([1, 2])
  })

  it('is the same table for the same functions, and another for others', () => {
    const sum = (add: number): string =>
      tableOf({ levels: 2, configurations: 3, value: ({ level }) => level + add }).data.checksum
    expect(sum(0)).toBe(sum(0))
    expect(sum(0)).not.toBe(sum(1))
  })

  it('refuses what makes no table, in one line', () => {
    const value = (): number => 0
    expect(() => tableOf({ levels: 0, configurations: 1, value })).toThrow('levels must be a whole number >= 1, got 0')
    expect(() => tableOf({ levels: 1, configurations: 0, value })).toThrow('configurations must be a whole number >= 1')
    expect(() => tableOf({ levels: 1, configurations: [{ x: 1 }], value })).toThrow('needs its space; add space')
    expect(() => tableOf({ levels: 2, configurations: 1, value, seconds: () => 1 })).toThrow(/^tableOf in-memory.*/)
  })
})

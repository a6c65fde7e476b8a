import { describe, expect, test } from 'vitest'
import { hashText } from '../../src/core/random.js'
import { type Config, choice, configKey, float, int } from '../../src/core/space.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from './make-table.js'

describe('SurrogateTable', () => {
  test('groups rows that lie anywhere, repetitions in order', () => {
    const data = makeTable({ configurations: 3, repetitions: 3 })
    // rows in the order c2 r1, c0 r2, c1 r0, ...
    const shuffled = [7, 2, 3, 0, 8, 6, 1, 5, 4]
    const { lr, model } = data.hyperparameters
    const table = new SurrogateTable({
      ...data,
      hyperparameters: {
        lr: { kind: 'float', values: Float64Array.from(shuffled, (row) => lr!.values[row]!) },
        model: { ...model!, values: Int32Array.from(shuffled, (row) => model!.values[row]!) } as typeof model & object,
      },
      repetition: Int32Array.from(shuffled, (row) => data.repetition[row]!),
    })
    expect(table.configurations).toBe(3)
    expect([...table.rowStart]).toEqual([0, 3, 6, 9])
    expect([...table.rowOrder]).toEqual([5, 0, 4, 3, 6, 1, 2, 8, 7])
    expect([...table.configurationOf]).toEqual([0, 1, 2, 1, 0, 0, 1, 2, 2])
    expect(table.configuration(0)).toEqual({ lr: 1, model: 'small' })
    expect(table.repetitions(1)).toBe(3)
    expect(table.defaultIndex).toBe(1)
  })

  test('gives one frozen object per configuration and finds it again', () => {
    const space = { model: choice(['a', 'b']), flag: choice([true, false]), n: int(0, 9), lr: float(-1, 1) }
    const configurations: Config[] = Array.from({ length: 40 }, (_, i) => ({
      lr: (i % 4) / 4,
      flag: i % 8 < 4,
      n: i % 5,
      model: i % 16 < 8 ? 'a' : 'b',
    }))
    const table = new SurrogateTable(makeTable({ space, configurations, repetitions: 1 }))
    expect(table.configurations).toBe(40)
    for (let i = 0; i < table.configurations; i++) {
      const config = table.configuration(i)
      expect(table.configuration(i)).toBe(config)
      expect(Object.isFrozen(config)).toBe(true)
      expect(Object.keys(config)).toEqual(['model', 'flag', 'n', 'lr'])
      expect(config).toEqual(configurations[i])
      expect(table.indexOf(config)).toBe(i)
      expect(table.indexOf({ ...configurations[i] } as Config)).toBe(i)
      expect(table.keyHash(i)).toBe(hashText(configKey(config)))
      expect(table.keyHash(i)).toBe(table.keyHash(i))
    }
  })

  test('does not find what is not there', () => {
    const table = new SurrogateTable(makeTable())
    const config = table.configuration(1)
    expect(table.indexOf({ ...config, lr: 0.123 })).toBe(-1)
    expect(table.indexOf({ ...config, model: 'huge' })).toBe(-1)
    expect(table.indexOf({ ...config, model: 0 })).toBe(-1)
    expect(table.indexOf({ ...config, lr: '0.2' })).toBe(-1)
    expect(table.indexOf({ ...config, more: 1 })).toBe(-1)
    expect(table.indexOf({ lr: 0.2 })).toBe(-1)
    expect(table.indexOf({ ...config, lr: Number.NaN })).toBe(-1)
    expect(table.indexOf({ ...table.configuration(0), lr: -0 })).toBe(0)
    expect(() => table.configuration(6)).toThrow(/has 6 configurations, asked for 6/u)
  })

  test('knows which rows and configurations hold all levels', () => {
    const table = new SurrogateTable(
      makeTable({
        end: (row) => (row === 3 ? { ended: 'failed', reached: 1 } : { ended: 'completed', reached: 4 }),
      }),
    )
    expect([2, 3].map((row) => table.complete(row))).toEqual([true, false])
    expect([0, 1, 2].map((i) => table.completeConfiguration(i))).toEqual([true, false, true])
  })

  test('a default without a row has no index', () => {
    expect(new SurrogateTable(makeTable({ defaultConfig: { lr: 0.123, model: 'small' } })).defaultIndex).toBe(-1)
  })

  test('finds columns by name and names the nearest', () => {
    const data = makeTable({
      metrics: {
        error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
        latency: { goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
      },
    })
    const table = new SurrogateTable(data)
    expect(table.curve('error')).toBe(data.curves['error'])
    expect(table.static('latency')).toBe(data.statics['latency'])
    expect(table.metric('latency').unit).toBe('ms')
    expect([table.hasMetric('error'), table.hasMetric('latency'), table.hasMetric('toString')]).toEqual([
      true,
      true,
      false,
    ])
    expect(() => table.curve('eror')).toThrow('table synthetic has no metric "eror"; did you mean "error"?')
    expect(() => table.curve('constructor')).toThrow(/has no metric/u)
    expect(() => table.curve('latency')).toThrow(/has one value per training and no curve/u)
    expect(() => table.static('error')).toThrow(/is a curve, not one value per training/u)
    expect(() => table.static('latenzy')).toThrow(/no static metric "latenzy"; did you mean "latency"/u)
    expect(() => table.metric('x')).toThrow(/has no metric "x"; known: error, latency/u)
  })
})

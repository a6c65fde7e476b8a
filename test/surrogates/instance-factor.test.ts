/** A table with modelled instance types against the same table with every row copied for every type. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomStreams, mixedUniform } from '../../src/core/random.js'
import { meanFullSeconds } from '../../src/run/full-training.js'
import type { InstanceTypes } from '../../src/surrogates/instance-factor.js'
import { TableSource } from '../../src/surrogates/table-source.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { checkTable } from '../../src/surrogates/validate.js'
import { drive } from '../backends/simulated/drive.js'
import { expand } from './expand.js'
import { makeTable } from './make-table.js'

interface Case {
  readonly key: number
  readonly configurations: number
  readonly repetitions: number
  readonly levels: number
  readonly types: InstanceTypes['types']
  readonly startup: number
}

const positive = fc.double({ min: 0.1, max: 8, noNaN: true })
const cases: fc.Arbitrary<Case> = fc.record({
  key: fc.nat(1000),
  configurations: fc.integer({ min: 1, max: 12 }),
  repetitions: fc.integer({ min: 1, max: 3 }),
  levels: fc.integer({ min: 1, max: 6 }),
  types: fc
    .array(fc.tuple(positive, positive, fc.option(fc.double({ min: 0, max: 2, noNaN: true }), { nil: undefined })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((types) =>
      types.map(([speed, usdPerHour, startupSeconds], i) => ({
        name: `ml.type${i}.large`,
        speed,
        usdPerHour,
        ...(startupSeconds !== undefined && { startupSeconds }),
      })),
    ),
  startup: fc.constantFrom(0, 0.5),
})

export function derived(one: Case): TableData {
  return makeTable({
    configurations: one.configurations,
    repetitions: one.repetitions,
    levels: one.levels,
    startup: one.startup,
    metrics: {
      error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
      latency_ms: { goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
    },
    value: ({ row, level, metric }) => mixedUniform(one.key + row, level) + (metric === 'error' ? 1 / level : 1),
    metadata: {
      provenance: { kind: 'modelled', from: 'synthetic', rule: 'a rule' },
      instances: { hyperparameter: 'instance_type', types: one.types, scaled: ['latency_ms'] },
    },
  })
}

describe('a table with modelled instance types is its expanded copy', () => {
  it('in its configurations and what they hold', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const data = derived(one)
        checkTable(data, 'derived')
        checkTable(expand(data), 'expanded')
        const [table, naive] = [new SurrogateTable(data), new SurrogateTable(expand(data))]
        expect(table.rows * one.types.length).toBe(naive.rows)
        expect(table.configurations).toBe(naive.configurations)
        expect(table.space).toEqual(naive.space)
        expect(table.defaultConfig).toEqual(naive.defaultConfig)
        expect(table.defaultIndex).toBe(naive.defaultIndex)
        for (let i = 0; i < table.configurations; i++) {
          expect(table.configuration(i)).toEqual(naive.configuration(i))
          expect(table.indexOf({ ...table.configuration(i) })).toBe(i)
          expect(table.keyHash(i)).toBe(naive.keyHash(i))
          expect(table.repetitions(i)).toBe(naive.repetitions(i))
          expect(meanFullSeconds(table, i, 'table')).toBe(meanFullSeconds(naive, i, 'table'))
        }
        for (const metric of ['cost', 'elapsed_time', 'latency_ms', 'error'])
          expect(table.range(metric, 'min')).toEqual(naive.range(metric, 'min'))
        const draws = (of: SurrogateTable): unknown[] => {
          const [source, random] = [new TableSource(of), new RandomStreams(one.key).stream('searcher')]
          return Array.from({ length: 20 }, () => source.draw(random))
        }
        expect(draws(table)).toEqual(draws(naive))
      }),
      { numRuns: 60 },
    )
  })

  it.each(['fifo', 'asha-stopping', 'asha-promotion'] as const)(
    'in every decision, time and value of %s',
    (scheduler) => {
      fc.assert(
        fc.property(cases, fc.integer({ min: 1, max: 4 }), (one, workers) => {
          const data = derived(one)
          const options = {
            scheduler,
            options: scheduler === 'fifo' ? {} : { reductionFactor: 2 },
            workers,
            seed: one.key,
            metrics: ['error', 'cost', 'elapsed_time', 'latency_ms'],
          }
          const [virtual, naive] = [drive(data, options), drive(expand(data), options)]
          expect(virtual.all).toEqual(naive.all)
          expect(virtual.values).toEqual(naive.values)
        }),
        { numRuns: 60 },
      )
    },
  )

  it('with neighbours for what was not recorded, sought among what was recorded on the same type', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 3 }), (one, nearest) => {
        const data = derived(one)
        for (const { name } of one.types) {
          const config = { lr: 0.37, model: 'large', instance_type: name }
          const options = { configs: [config], simulation: { lookup: { nearest } }, metrics: ['error', 'latency_ms'] }
          const virtual = drive(data, options)
          const onlyType = drive(expand(data), { ...options, fixed: { instance_type: name } })
          for (const [i, values] of virtual.values.entries())
            for (const [m, value] of values.entries()) expect(value).toBeCloseTo(onlyType.values[i]![m]!, 9)
          expect(virtual.tuner.time).toBeCloseTo(onlyType.tuner.time, 9)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('what a trial costs', () => {
  const data = derived({
    key: 1,
    configurations: 1,
    repetitions: 1,
    levels: 10,
    startup: 0,
    types: [
      { name: 'slow', speed: 1, usdPerHour: 3600 },
      { name: 'fast', speed: 2, usdPerHour: 9000, startupSeconds: 1 },
    ],
  })
  const table = new SurrogateTable(data)
  const [slow, fast] = [table.configuration(0), table.configuration(1)]

  it('is the price of its own type', () => {
    // slow: 10 s at 1 USD/s; fast: 1 s of start-up and 5 s of training at 2.5 USD/s
    expect(drive(data, { configs: [slow] }).tuner).toMatchObject({ time: 10, usd: 10 })
    expect(drive(data, { configs: [fast] }).tuner).toMatchObject({ time: 6, usd: 15 })
    expect(drive(data, { configs: [slow, fast], workers: 2 }).tuner).toMatchObject({ time: 10, usd: 25 })
  })

  it('ends a run that has spent its budget', () => {
    const both = { configs: [slow, fast], workers: 2 }
    // both run until 6 s: 6 + 15 USD; then slow alone
    expect(drive(data, { ...both, stop: { cost: 23 } }).tuner).toMatchObject({ reason: 'cost', time: 8, usd: 23 })
    expect(drive(data, { ...both, stop: { cost: 7 } }).tuner).toMatchObject({ reason: 'cost', time: 2, usd: 7 })
    expect(drive(data, { ...both, stop: { cost: 25 } }).tuner).toMatchObject({ reason: 'exhausted', time: 10 })
  })

  it('is not known where a price is not', () => {
    const types = [{ name: 'slow', speed: 1, usdPerHour: null }]
    const unknown = { ...data, metadata: { ...data.metadata, instances: { ...data.metadata.instances!, types } } }
    const { tuner, values } = drive(unknown, { metrics: ['error', 'cost'] })
    expect(tuner.usd).toBeNaN()
    expect(values[0]![1]).toBeNaN()
  })

  it('of a table without types is its price, and unknown without one', () => {
    const plain = makeTable({ configurations: 1, repetitions: 1, metadata: { pricePerHour: 7200 } })
    expect(
      drive(plain, { metrics: ['error', 'cost', 'elapsed_time'] }).values.map((values) => values.slice(1)),
    ).toEqual([
      [2, 1],
      [4, 2],
      [6, 3],
      [8, 4],
    ])
    expect(() => drive(makeTable(), { metrics: ['error', 'cost'] })).toThrow(/has no price/)
  })
})

/** The first difference of two runs, against changes made on purpose. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstDivergence } from '../../src/report/run-diff.js'
import type { StoredRun } from '../../src/store/run-directory.js'
import { EVENT_KINDS, type EventColumns } from '../../src/store/run-log.js'

interface Event {
  readonly kind: number
  readonly trial: number
  readonly resource: number
  readonly time: number
  readonly value: number
}

const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.nat(EVENT_KINDS.length - 1),
  trial: fc.nat(3),
  resource: fc.nat(9),
  time: fc.double({ noNaN: true }),
  value: fc.oneof(fc.double(), fc.constant(Number.NaN)),
})

/** A run behind another one in its file. */
function stored(events: readonly Event[], lr = 0.1, metric = 'error'): StoredRun {
  const all = [{ kind: 0, trial: 0, resource: 0, time: 0, value: Number.NaN }, ...events]
  const columns: EventColumns = {
    offsets: [0, 1, all.length],
    kind: Uint8Array.from(all, ({ kind }) => kind),
    trial: Int32Array.from(all, ({ trial }) => trial),
    resource: Int32Array.from(all, ({ resource }) => resource),
    time: Float64Array.from(all, ({ time }) => time),
    values: [Float64Array.from(all, ({ value }) => value)],
  }
  return {
    run: 1,
    batch: { events: columns, metrics: [metric] },
    configs: { offsets: [0, 7], rows: new Int32Array(8), configuration: (at) => ({ lr: at === 7 ? lr : 0.5 }) },
  }
}

describe('the first divergence of two runs', () => {
  it('is none of equal runs', () => {
    const property = fc.property(fc.array(event), (events) => {
      expect(firstDivergence(stored(events), stored(events))).toBeUndefined()
    })
    expect(() => fc.assert(property)).not.toThrow()
  })

  it('is where an event was changed, and names what', () => {
    const change = fc.constantFrom('kind', 'trial', 'resource', 'time', 'value')
    const property = fc.property(fc.array(event, { minLength: 1 }), fc.nat(), change, (events, where, what) => {
      const at = where % events.length
      const old = events[at]!
      const other =
        what === 'kind' ? (old.kind + 1) % EVENT_KINDS.length : Number.isFinite(old[what]) ? old[what] + 1 : 1
      if (Object.is(other, old[what])) return
      const changed = events.with(at, { ...old, [what]: other })
      const found = firstDivergence(stored(events), stored(changed))!
      expect(found.position).toBe(at)
      expect(found.differs).toEqual([what === 'kind' ? 'event' : what === 'value' ? 'error' : what])
      expect(found.events).toEqual({ a: events.length, b: events.length })
      // Seen from the other side it is the same.
      expect(firstDivergence(stored(changed), stored(events))).toEqual({ ...found, a: found.b, b: found.a })
    })
    expect(() => fc.assert(property)).not.toThrow()
  })

  it('is the end of the shorter one', () => {
    const property = fc.property(fc.array(event, { minLength: 1 }), (events) => {
      expect(firstDivergence(stored(events), stored(events.slice(0, -1)))).toMatchObject({
        position: events.length - 1,
        differs: ['end'],
        b: null,
      })
    })
    expect(() => fc.assert(property)).not.toThrow()
  })

  it('is a start with another configuration', () => {
    const start = { kind: 0, trial: 0, resource: 0, time: 0, value: Number.NaN }
    expect(firstDivergence(stored([start], 0.1), stored([start], 0.2))).toMatchObject({
      position: 0,
      differs: ['config'],
      a: { config: { lr: 0.1 } },
      b: { config: { lr: 0.2 } },
    })
  })

  it('looks only at metrics that both recorded', () => {
    const report = { kind: 2, trial: 0, resource: 1, time: 1, value: 0.5 }
    expect(firstDivergence(stored([report]), stored([{ ...report, value: 0.6 }], 0.1, 'loss'))).toBeUndefined()
  })
})

/** The laws of schedulers, and a golden trace. */
import { tableOf, traceOf } from 'rungbench/testing'
import { schedulerLaws } from 'rungbench/testing/vitest'
import { describe, expect, it } from 'vitest'
import keepsBest from './keeps-best.js'

schedulerLaws('keeps-best', keepsBest)

describe('keeps-best', () => {
  const table = tableOf({ levels: 5, configurations: 12, value: ({ config, level }) => config.x + 1 / level })

  it('decides as it always did', () => {
    expect(traceOf(keepsBest, table, 0, { workers: 2 })).toMatchTrace()
  })

  it('keeps fewer where it is told to', () => {
    const stopped = (keep: number) =>
      traceOf({ type: keepsBest, keep }, table, 0).steps.filter(({ kind }) => kind === 'stop').length
    expect(stopped(1)).toBeGreaterThan(stopped(4))
    expect(stopped(12)).toBe(0)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findTable, listTables } from '../../src/run/catalogue.js'
import { metricRange } from '../../src/surrogates/metric-range.js'
import { readTable } from '../../src/surrogates/read.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from './make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-range-'))
afterAll(() => rmSync(folder, { recursive: true }))

const metrics = {
  error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
  accuracy: { goal: 'max', unit: '', split: 'validation', kind: 'curve' },
  latency: { goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
  steps: { goal: 'none', unit: '', split: 'none', kind: 'static' },
} as const

/** Three rows: 0 is complete, 1 diverged with all levels, 2 was stopped and holds the extremes. */
const data = makeTable({
  metrics,
  levels: 3,
  configurations: 3,
  repetitions: 1,
  end: (row) => ({ ended: (['completed', 'diverged', 'stopped'] as const)[row]!, reached: row === 2 ? 2 : 3 }),
  value: ({ row, level, metric }) =>
    row === 2
      ? level === 1
        ? -99
        : 99
      : row === 1 && level === 3 && metric !== 'latency'
        ? Number.NaN
        : row + level / 10,
})

describe('the range of a metric', () => {
  test('is over all levels of complete rows, without what is not finite', () => {
    expect(metricRange(data, 'error', 'min')).toEqual({ ideal: 0.1, nadir: 1.2 })
    expect(metricRange(data, 'accuracy', 'max')).toEqual({ ideal: 1.2, nadir: 0.1 })
    expect(metricRange(data, 'latency', 'min')).toEqual({ ideal: 0.3, nadir: 1.3 })
  })

  test('does not exist where no complete row holds a finite value', () => {
    const none = makeTable({ end: () => ({ ended: 'stopped', reached: 2 }) })
    expect(metricRange(none, 'error', 'min')).toBeUndefined()
    expect(() => new SurrogateTable(none).range('error', 'min')).toThrow(
      /holds no finite "error" of a complete training/,
    )
  })

  test('is written with a table, but for metrics without a goal, and what is stored is what is computed', () => {
    const path = join(folder, 'stored.arrow')
    writeTable(path, data)
    const read = readTable(path)
    const stored = new SurrogateTable(read)
    const computed = new SurrogateTable(data)
    expect(read.metadata.metrics['steps']!.range).toBeUndefined()
    for (const [name, { goal }] of Object.entries(metrics).slice(0, 3)) {
      expect(read.metadata.metrics[name]!.range).toBeDefined()
      expect(data.metadata.metrics[name]!.range).toBeUndefined()
      for (const one of [goal, 'min', 'max'] as ('min' | 'max')[])
        expect(stored.range(name, one)).toEqual(computed.range(name, one))
    }
  })

  test('that a table declares is kept', () => {
    const range = { ideal: 0, nadir: 7 }
    const declared = makeTable({ metrics: { error: { ...metrics.error, range } } })
    const path = join(folder, 'declared.arrow')
    writeTable(path, declared)
    expect(new SurrogateTable(readTable(path)).range('error', 'min')).toEqual(range)
  })

  const recorded = listTables().filter(({ path }) => path.endsWith('.arrow'))
  test.each(recorded.map(({ name }) => name))('%s, written before ranges, has the same when written again', (name) => {
    const shipped = readTable(findTable(name))
    const path = join(folder, `${name}.arrow`)
    writeTable(path, shipped)
    const again = readTable(path)
    const [old, fresh] = [new SurrogateTable(shipped), new SurrogateTable(again)]
    for (const [metric, { goal, range }] of Object.entries(again.metadata.metrics)) {
      if (goal === 'none') continue
      expect(range).toBeDefined()
      expect(fresh.range(metric, goal)).toEqual(old.range(metric, goal))
      expect(metricRange(again, metric, goal)).toEqual(range)
    }
  })
})

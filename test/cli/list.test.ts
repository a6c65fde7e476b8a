import { describe, expect, it } from 'vitest'
import type { Catalogue } from '../../src/report/catalogue-text.js'
import { bench } from './fake-terminal.js'

describe('bench list', () => {
  it('--json prints one document with everything that ships', async () => {
    const { code, out, err } = await bench(['list', '--json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { experiments, tables, recordings } = JSON.parse(out) as Catalogue
    expect(recordings.map(({ name }) => name)).toEqual([
      'minilm-cola',
      'minilm-mrpc',
      'minilm-small-cola',
      'minilm-small-mrpc',
      'minilm-stsb',
      'ngram-cola',
      'ngram-mrpc',
      'ngram-stsb',
    ])
    for (const entry of [...experiments, ...tables, ...recordings]) expect(entry).not.toHaveProperty('error')
  })

  it('is readable', async () => {
    const { code, out } = await bench(['list'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Experiments \(bench run NAME\)\n/)
    expect(out).toContain('\nTables (bench show NAME)\n')
    expect(out).toMatch(/\n {2}ngram-mrpc {2,}Microsoft Research/)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })
})

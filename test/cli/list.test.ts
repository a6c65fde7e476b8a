import { describe, expect, it } from 'vitest'
import { schedulers } from '../../src/core/schedulers/index.js'
import { searchers } from '../../src/core/searchers/index.js'
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
      'minilm-small-stsb',
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
    expect(out).toMatch(/\nSchedulers \(scheduler: \{ type: 'NAME' \}\)\n {2}fifo {2,}\S/)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('counts configurations with their instance types as show does, and says what was recorded', async () => {
    const name = 'ngram-mrpc-modelled-instances'
    const [listed, shown] = await Promise.all([bench(['list', 'tables', '--json']), bench(['show', name, '--json'])])
    const entry = (JSON.parse(listed.out) as Catalogue).tables.find((table) => table.name === name)
    const size = { rows: 1830, configurations: 901 * 6 }
    expect(entry).toMatchObject({ ...size, instanceTypes: 6 })
    expect(JSON.parse(shown.out)).toMatchObject(size)
    const text = '1,830 trainings of 901 configurations, 5,406 with 6 modelled instance types'
    for (const command of [
      ['list', 'tables'],
      ['show', name],
    ])
      expect((await bench(command)).out.replaceAll(/\s+/g, ' ')).toContain(text)
    expect((await bench(['show', 'ngram-mrpc'])).out).toContain('1,830 trainings of 901 configurations, 27 levels')
  })

  it('lists the schedulers or the searchers alone, with the paper of each', async () => {
    const { code, out } = await bench(['list', 'schedulers', '--json'])
    expect(code).toBe(0)
    const catalogue = JSON.parse(out) as Catalogue
    expect(Object.keys(catalogue)).toEqual(['schedulers'])
    expect(catalogue.schedulers.map(({ name }) => name)).toEqual(Object.keys(schedulers))
    for (const { summary, reference } of catalogue.schedulers) {
      expect(summary).toMatch(/\.$/)
      expect(reference).not.toBe('')
    }
    const { out: text } = await bench(['list', 'searchers'])
    expect(text).toMatch(/^Searchers \(searcher: \{ type: 'NAME' \}\)\n/)
    for (const name of Object.keys(searchers)) expect(text).toContain(`\n  ${name} `)
    expect(text).not.toContain('Tables')
  })

  it('refuses another kind', async () => {
    const { code, err } = await bench(['list', 'methods'])
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('experiments, tables, recordings, schedulers, searchers') as string,
    })
  })
})

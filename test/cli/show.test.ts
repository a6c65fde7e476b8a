import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableDescription } from '../../src/core/table-description.js'
import { bench } from './fake-terminal.js'
import { type Toy, makeToy } from './toy.js'

let toy: Toy
beforeAll(() => {
  toy = makeToy()
})
afterAll(() => toy.remove())

describe('bench show', () => {
  it('describes a table of a user', async () => {
    const { code, out, err } = await bench(['show', toy.table])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('180 trainings of 60 configurations, 9 levels (epoch)')
    expect(out).toMatch(/kind +synthetic/)
    expect(out).toContain('By error\n')
    expect(out).toMatch(/best *$/m)
    expect(out).toMatch(/1 +epoch +9$/m)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('describes a table that ships, by name', async () => {
    const { code, out } = await bench(['show', 'ngram-mrpc'])
    expect(code).toBe(0)
    expect(out).toMatch(/kind +recorded/)
    expect(out).toMatch(/learning_rate +float in \[0\.0001, 0\.1\] on the log scale/)
  })

  it('--json prints one document', async () => {
    const { code, out, err } = await bench(['show', toy.table, '--json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(JSON.parse(out) as TableDescription).toMatchObject({ name: 'toy', rows: 180, configurations: 60, levels: 9 })
  })

  it('says what is wrong with a table in one line', async () => {
    expect(await bench(['show', 'ngram-mprc'])).toEqual({
      code: 2,
      out: '',
      err: 'bench: unknown table "ngram-mprc"; did you mean "ngram-mrpc"?\n',
    })
    const path = join(toy.directory, 'text.arrow')
    writeFileSync(path, 'no table')
    const { code, out, err } = await bench(['show', path, '--json'])
    expect(err).toMatch(/^bench: [^\n]*text\.arrow[^\n]*\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseTrace } from '../testing/parse-trace.js'
import { bench } from './fake-terminal.js'
import { type Toy, makeToy } from './toy.js'

let toy: Toy
beforeAll(() => {
  toy = makeToy()
})
afterAll(() => toy.remove())

describe('bench trace', () => {
  it('prints every decision of one run', async () => {
    const { code, out, err } = await bench([
      'trace',
      toy.experiment,
      '--method',
      'asha',
      '--seed',
      '1',
      '--workers',
      '2',
    ])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^# scheduler {3}asha-stopping\n/)
    expect(out).toContain('\n# seed        1\n')
    const kinds = new Set(parseTrace(out).map(({ kind }) => kind))
    for (const kind of ['start', 'continue', 'stop', 'completed']) expect(kinds).toContain(kind)
    expect(await bench(['trace', toy.experiment, '--method', 'asha', '--seed', '1', '--workers', '2'])).toEqual({
      code,
      out,
      err,
    })
  })

  it('takes a table, workers and an end, and explains', async () => {
    const call = ['trace', toy.experiment, '--method', 'asha', '--table', toy.table, '--workers', '3', '--until', '4.5']
    const { out } = await bench(call)
    expect(out).toContain('\n# workers     3\n')
    expect(Math.max(...parseTrace(out).map(({ time }) => time))).toBeLessThanOrEqual(4.5)
    const explained = await bench([...call, '--explain'])
    expect(explained.out).toMatch(/^ {4}rung 1: trial \d+ with /m)
    expect(explained.out.replaceAll(/^ {4}.*\n/gm, '')).toBe(out)
  })

  it('takes objectives that no column holds as a curve: static ones, times, costs of instance types', async () => {
    const call = ['trace', 'instance-selection', '--method', 'mo-asha-stopping', '--until', '1']
    const { code, out, err } = await bench(call)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('# objectives  validation_error (min), latency_ms (min), cost (min)\n')
    expect(new Set(parseTrace(out).map(({ kind }) => kind))).toContain('continue')
  })

  it.each([
    [['--method', 'aha'], 'bench: --method: toy-experiment has no method "aha"; did you mean "asha"?\n'],
    [['--method', 'asha', '--seed', '-1'], 'bench: --seed must be a whole number from 0 to 2147483647, got "-1"\n'],
    [['--method', 'asha', '--until', '0'], 'bench: --until must be a number greater than 0, got "0"\n'],
    [['--method', 'asha', '--table', 'ngram-mprc'], 'bench: unknown table "ngram-mprc"; did you mean "ngram-mrpc"?\n'],
    [[], "bench: required option '--method <name>' not specified; see bench help trace\n"],
  ])('says what is wrong: %j', async (flags, err) => {
    expect(await bench(['trace', toy.experiment, ...flags])).toEqual({ code: 2, out: '', err })
  })
})

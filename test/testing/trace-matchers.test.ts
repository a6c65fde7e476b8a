import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MatcherContext, tableOf, traceMatchers, traceOf } from '../../src/testing/index.js'
import '../../src/testing/vitest.js'

const table = tableOf({ levels: 9, configurations: 9, value: ({ config, level }) => config.x + 1 / level })
const trace = traceOf('asha-stopping', table, 0, { workers: 2 })
const other = traceOf({ type: 'asha-stopping', reductionFactor: 2 }, table, 0, { workers: 2 })

describe('expect(trace).toMatchTrace()', () => {
  it.each(['fifo', 'asha-stopping', 'asha-promotion'])('%s decides as it always did', (type) => {
    expect(traceOf(type, table, 0, { workers: 2 })).toMatchTrace()
  })

  it('compares several traces in one test, or one by name', () => {
    expect(trace).toMatchTrace()
    expect(other).toMatchTrace()
    expect(trace).toMatchTrace('__traces__/by-name.trace')
  })

  it('takes traces only', () => {
    expect(() => expect(String(trace)).toMatchTrace()).toThrow('needs a trace')
    expect(() => expect(trace).not.toMatchTrace()).toThrow('not.toMatchTrace says nothing')
  })
})

describe('golden files', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rungbench-golden-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const match = (snapshotUpdateState: 'all' | 'new' | 'none', given = trace, path?: string) => {
    const context: MatcherContext = {
      testPath: join(folder, 'mine.test.ts'),
      currentTestName: 'my scheduler > keeps: going?',
      snapshotState: { snapshotUpdateState },
    }
    const { pass, message } = traceMatchers.toMatchTrace.call(context, given, path)
    return { pass, message: message() }
  }
  const file = (): string => join(folder, '__traces__/mine/my-scheduler-keeps-going.trace')

  it('are made on the first run, named after the test', () => {
    expect(match('new').pass).toBe(true)
    expect(readFileSync(file(), 'utf8')).toBe(String(trace))
    expect(match('none').pass).toBe(true)
  })

  it('are not made in CI', () => {
    const { pass, message } = match('none')
    expect(pass).toBe(false)
    expect(message).toContain('there is no golden trace')
    expect(readdirSync(folder)).toEqual([])
  })

  it('are written anew only when told to', () => {
    match('new')
    const { pass, message } = match('new', other)
    expect(pass).toBe(false)
    expect(message).toMatch(
      /^the trace differs from .*going\.trace at line \d+\ngolden and now are of different runs:\n/,
    )
    expect(message).toMatch(/trial \d+ at level \d+: golden says stop, now says continue/)
    expect(message).toContain('why, in now:\n    rung ')
    expect(message).toContain('vitest -u')
    expect(readFileSync(file(), 'utf8')).toBe(String(trace))
    expect(match('all', other).pass).toBe(true)
    expect(readFileSync(file(), 'utf8')).toBe(String(other))
  })

  it('may have been checked out with other line ends', () => {
    writeFileSync(join(folder, 'a.trace'), String(trace).replaceAll('\n', '\r\n'))
    expect(match('none', trace, 'a.trace').pass).toBe(true)
  })
})

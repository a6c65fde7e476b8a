/** The matcher `toMatchTrace`, for `expect.extend(traceMatchers)`; imports no test framework. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { BenchError, show } from '../core/errors.js'
import { compareTraces } from './compare-traces.js'
import { Trace } from './trace.js'

/** What vitest tells a matcher about the test it runs in. */
export interface MatcherContext {
  readonly isNot?: boolean
  readonly testPath?: string | undefined
  readonly currentTestName?: string | undefined
  /** `all`: write golden files anew (`-u`); `new`: write what is missing; `none`: write nothing (in CI). */
  readonly snapshotState?: { readonly snapshotUpdateState?: 'all' | 'new' | 'none' }
}

export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * `expect(trace).toMatchTrace()` compares a trace with a golden file next to the test,
 * `__traces__/<test file>/<test name>.trace`, or at a path relative to the test file. A file that is missing is written,
 * except in CI; `vitest -u` writes it anew.
 *
 * A failure shows the first decision that differs, the lines around it, and the scheduler's own explanation; before it the
 * lines of the header that differ, such as a changed option.
 */
export const traceMatchers = {
  toMatchTrace(this: MatcherContext, received: unknown, path?: string): MatcherResult {
    if (!(received instanceof Trace))
      throw new BenchError(`toMatchTrace needs a trace, got ${show(received)}; write expect(traceOf(...))`)
    if (this.isNot === true) throw new BenchError('not.toMatchTrace says nothing: compare with another golden file')
    const file = goldenFile(this, path)
    const name = relative(process.cwd(), file)
    const update = this.snapshotState?.snapshotUpdateState ?? 'none'
    const golden = existsSync(file) ? readFileSync(file, 'utf8') : undefined
    const difference =
      golden === undefined ? undefined : compareTraces(golden, received, { first: 'golden', second: 'now' })
    if (golden !== undefined && difference === undefined) return { pass: true, message: () => `equal to ${name}` }
    if (update === 'all' || (update === 'new' && golden === undefined)) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, String(received))
      return { pass: true, message: () => `written: ${name}` }
    }
    if (difference === undefined)
      return {
        pass: false,
        message: () =>
          `there is no golden trace ${name}, and none is written in CI; run vitest once without CI, look at it and commit it`,
      }
    return {
      pass: false,
      message: () =>
        `the trace differs from ${name} at line ${difference.lines[0]}\n${difference.message}\n\nIf the new decisions are right, write them down with vitest -u.`,
    }
  },
}

/** How often each test compared a trace so far, by file and test, so that its golden files are numbered. */
const counts = new WeakMap<object, Map<string, number>>()

function goldenFile(context: MatcherContext, path: string | undefined): string {
  const { testPath, currentTestName = '' } = context
  if (testPath === undefined) throw new BenchError('toMatchTrace works inside a test only')
  if (path !== undefined) return resolve(dirname(testPath), path)
  const slug = currentTestName
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 120)
  const number = countOf(context, currentTestName)
  const folder = basename(testPath).replace(/\.(?:test|spec)\.[cm]?[jt]sx?$|\.[cm]?[jt]sx?$/, '')
  return join(dirname(testPath), '__traces__', folder, `${slug}${number > 1 ? `-${number}` : ''}.trace`)
}

/** 1 for the first trace that a test compares, 2 for the second, ... */
function countOf({ snapshotState }: MatcherContext, test: string): number {
  if (snapshotState === undefined) return 1
  const ofFile = counts.get(snapshotState) ?? new Map<string, number>()
  counts.set(snapshotState, ofFile)
  const count = (ofFile.get(test) ?? 0) + 1
  ofFile.set(test, count)
  return count
}

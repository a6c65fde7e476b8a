/** What needs vitest: importing it registers `toMatchTrace`, and `schedulerLaws` registers a suite. */
import { expect } from 'vitest'
import { traceMatchers } from './trace-matchers.js'

expect.extend(traceMatchers)

declare module 'vitest' {
  // oxlint-disable-next-line no-explicit-any -- all declarations of it must be as vitest's own
  interface Matchers<T = any> {
    /**
     * Compares a trace with a golden file next to the test.
     *
     * @param path relative to the test file; default `__traces__/<test file>/<test name>.trace`
     */
    toMatchTrace(path?: string): void
  }
}

export { traceMatchers } from './trace-matchers.js'

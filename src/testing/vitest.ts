/** What needs vitest: importing it registers `toMatchTrace`, and `schedulerLaws` registers a suite. */
import { describe, expect, it } from 'vitest'
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import { type LawOptions, lawsOf } from './laws/scheduler-laws.js'
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

/**
 * Registers the laws of a scheduler as tests: with its defaults and its variants, on made-up runs with early ends,
 * failures and a stopping rule around it, and on the simulator. A law that the definition declares not to hold is
 * reported as skipped with the reason. A failure shows the smallest run that breaks the law.
 *
 * @param definition what the registry holds, or a module of one's own default-exports
 * @example
 * schedulerLaws('my-scheduler', definition)
 */
export function schedulerLaws(name: string, definition: SchedulerDefinition, options: LawOptions = {}): void {
  describe(`the laws of ${name}`, () => {
    const checks = lawsOf(definition, options)
    const groups = new Set(checks.map(({ group }) => group))
    describe.each([...groups])('%s', (of) => {
      for (const law of checks.filter(({ group }) => group === of))
        // oxlint-disable-next-line expect-expect, valid-title -- a law throws where it is broken, and knows its name
        it(law.name, ({ skip }) => {
          if (law.skipped !== undefined) skip(law.skipped)
          law.run()
        })
    })
  })
}

export { traceMatchers } from './trace-matchers.js'

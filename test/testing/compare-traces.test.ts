import { describe, expect, it } from 'vitest'
import type { SchedulerDefinition } from '../../src/core/schedulers/index.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import type { Decision } from '../../src/core/scheduler.js'
import { compareTraces, tableOf, traceOf } from '../../src/testing/index.js'

const table = tableOf({ levels: 9, configurations: 12, value: ({ config, level }) => config.x + 1 / level })
const asha = schedulers['asha-stopping'] as unknown as SchedulerDefinition

/** ASHA that lets its `first`th stopped trial go on. */
function lenient(first: number): SchedulerDefinition {
  return {
    ...asha,
    create(options, context) {
      const inner = asha.create(options, context)
      let stops = 0
      return {
        next: (trial) => inner.next(trial),
        onReport(...report): Decision {
          const decision = inner.onReport(...report)
          return decision === 'stop' && stops++ === first ? 'continue' : decision
        },
        onEnd: (trial, state) => inner.onEnd(trial, state),
        explain: () => inner.explain!(),
      }
    },
  }
}

describe('compareTraces', () => {
  const golden = traceOf(asha, table, 0, { workers: 2 })

  it('finds nothing where nothing differs, line ends and a missing last one included', () => {
    expect(compareTraces(golden, golden)).toBeUndefined()
    expect(compareTraces(String(golden).replaceAll('\n', '\r\n'), golden)).toBeUndefined()
    expect(compareTraces(String(golden).trimEnd(), String(golden))).toBeUndefined()
  })

  it.each([0, 1, 3])('finds the first decision that differs, and says why it was made (%i)', (first) => {
    const stops = golden.steps.flatMap(({ kind }, i) => (kind === 'stop' ? [i] : []))
    const at = stops[first]!
    const { trial, level } = golden.steps[at]!
    const difference = compareTraces(String(golden), traceOf(lenient(first), table, 0, { workers: 2 }), {
      first: 'golden',
      second: 'now',
    })!
    const line = golden.lines.findIndex((text) => text.startsWith('# time')) + 2 + at
    expect(difference).toMatchObject({ step: at, lines: [line, line], first: golden.lines[line - 1] })
    expect(difference.message).toContain(`trial ${trial} at level ${level}: golden says stop, now says continue`)
    expect(difference.message).toContain(`\n- ${golden.lines[line - 1]}\n`)
    expect(difference.message).toContain(`\n  ${golden.lines[line - 2]}\n`)
    expect(difference.message).toContain(`why, in now:\n    rung ${level}: trial ${trial}`)
    expect(difference.message).toContain('does not pass')
    expect(difference.message.split('\n').length).toBeLessThan(20)
  })

  it('says it first if the traces are of different runs', () => {
    const difference = compareTraces(golden, traceOf(asha, table, 1, { workers: 2 }))!
    expect(difference.step).toBeUndefined()
    expect(difference.message).toContain('- # seed        0')
    expect(difference.message).toContain('+ # seed        1')
  })

  it('says where one goes on and the other ends', () => {
    const lines = String(golden).trimEnd().split('\n')
    const shorter = lines.slice(0, -3).join('\n')
    expect(compareTraces(shorter, golden)).toMatchObject({ first: undefined, second: lines.at(-3) })
    expect(compareTraces(shorter, golden, { second: 'now' })!.message).toContain('now has more')
  })

  it('compares explanations where both have them', () => {
    const explained = String(traceOf(asha, table, 0, { workers: 2, explain: true }))
    expect(compareTraces(explained, explained.replace('1st of 1', '2nd of 1'))).toMatchObject({ step: 2 })
  })

  it('refuses what is no trace', () => {
    expect(() => compareTraces('', golden)).toThrow('this is no trace')
  })
})

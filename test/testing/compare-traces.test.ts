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

/** The lines of a message that are marked as different. */
function signs(message: string): string[] {
  return message.split('\n').filter((line) => /^[-+] /.test(line))
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

  it('marks the line that differs, and not those after it on which both agree', () => {
    const lines = [...golden.lines]
    const at = lines.findIndex((line) => line.startsWith('# time')) + 5
    const changed = lines.with(at, lines[at]!.replace(/[a-z]+(?=\s*$|  )/, 'pause')).join('\n')
    expect(compareTraces(golden, changed)!.message.split('\n').slice(2)).toEqual([
      '  ... (1 before)',
      ...lines.slice(at - 3, at).map((line) => `  ${line}`),
      `- ${lines[at]!}`,
      `+ ${changed.split('\n')[at]!}`,
      ...lines.slice(at + 1, at + 3).map((line) => `  ${line}`),
    ])
    const inserted = lines.toSpliced(at, 0, '1 2 3 4 stop').join('\n')
    expect(signs(compareTraces(golden, inserted)!.message)).toEqual(['+ 1 2 3 4 stop'])
    expect(signs(compareTraces(inserted, golden)!.message)).toEqual(['- 1 2 3 4 stop'])
  })

  it('of different runs shows the lines of the header that differ, and no others', () => {
    const difference = compareTraces(golden, traceOf(asha, table, 1, { workers: 2, until: 30 }))!
    expect(difference.header).toEqual([
      { first: '# seed        0', second: '# seed        1' },
      { first: undefined, second: '# until       {"seconds":30}' },
    ])
    expect(difference.step).toBe(0)
    expect(signs(difference.message).slice(0, 3)).toEqual([
      '- # seed        0',
      '+ # seed        1',
      '+ # until       {"seconds":30}',
    ])
    expect(difference.message).toMatch(/^first and second are of different runs:\n/)
  })

  it('shows the first decision that another option changes, and why it is made', () => {
    const now = traceOf({ type: asha, reductionFactor: 2 }, table, 0, { workers: 2 })
    const difference = compareTraces(String(golden), now, { first: 'golden', second: 'now' })!
    const at = golden.steps.findIndex(({ kind }, i) => kind !== now.steps[i]!.kind)
    expect(difference.step).toBe(at)
    const { trial, level } = golden.steps[at]!
    expect(difference.header).toHaveLength(1)
    expect(difference.message).toContain('+ # scheduler   (given by value) {"reductionFactor":2}')
    expect(difference.message).toContain(`trial ${trial} at level ${level}: golden says stop, now says continue`)
    expect(difference.message).toContain(`why, in now:\n    rung ${level}: trial ${trial}`)
    expect(difference.message.split('\n').length).toBeLessThan(25)
  })

  it('says that all decisions are equal where only the header differs', () => {
    const difference = compareTraces(golden, String(golden).replace('# seed        0', '# seed        1'))!
    const line = golden.lines.indexOf('# seed        0') + 1
    expect(difference).toMatchObject({ step: undefined, lines: [line, line], first: '# seed        0' })
    expect(difference.message).toBe(
      'first and second are of different runs:\n- # seed        0\n+ # seed        1\n\nall decisions are equal',
    )
    const otherEnd = String(golden).replace(/^# end .*$/m, '# end         limit in seconds at 3 s: 1 trials, 1 reports')
    expect(compareTraces(golden, otherEnd)!.message).toMatch(/^all decisions are equal, but first and second end in/)
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

import { describe, expect, test } from 'vitest'
import { aloneTimes } from '../../src/record/alone-pass.js'
import type { AloneTraining, RecordedTraining } from '../../src/record/record-journal.js'
import { fakeRecording } from './fake.js'

const base = fakeRecording('/nowhere')
const metrics = {
  ...base.metrics,
  latency_ms: { goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
  size: { goal: 'min', unit: 'MB', split: 'none', kind: 'static' },
} as const
const recording = { ...base, metrics }

/** Two repetitions of a configuration, recorded beside others at a third of the speed: latency 6 ms, start-up 3 s. */
function recorded(configuration: number, shared = 2): RecordedTraining[] {
  return [0, 1].map(
    (repetition) =>
      ({
        index: 2 * configuration + repetition,
        configuration,
        repetition,
        shared,
        reached: 3,
        elapsed: [3, 6, 9],
        startup: 3,
        statics: { size: 7, latency_ms: 6 },
      }) as unknown as RecordedTraining,
  )
}

function alone(configuration: number, elapsed: number[], more: Partial<AloneTraining> = {}): AloneTraining {
  const statics = { size: 7, latency_ms: 1.5 }
  const known = { index: 2 * configuration, configuration, repetition: 0, ended: 'completed', startup: 1, statics }
  return { ...known, elapsed, ...more } as unknown as AloneTraining
}

function timesOf(rows: readonly RecordedTraining[], lines: readonly AloneTraining[]): ReturnType<typeof aloneTimes> {
  return aloneTimes({ recording, alone: lines, finished: new Map(rows.map((row) => [row.index, row])) })
}

describe('times of a pass alone', () => {
  test('take the place of all times of the configuration, whatever the repetition', () => {
    const rows = recorded(0)
    const times = timesOf(rows, [alone(0, [1, 2, 3.5])])!
    for (const row of rows)
      expect(times.of(row)).toEqual({ elapsed: [1, 2, 3.5], startup: 1, statics: { size: 7, latency_ms: 1.5 } })
    expect(times.rows).toEqual({ own: 0, measured: 2, scaled: 0 })
    expect(times.rules).toEqual({
      elapsed_time: '2 rows: measured with the device to itself on repetition 0 of their configuration',
      startup_time: expect.any(String) as string,
      latency_ms: expect.any(String) as string,
    })
  })

  test.each([
    ['one level', [1.25], [1.25, 2.5, 3.75]],
    ['two levels, the first of which warms up', [2, 3], [2, 3, 4]],
  ])('are continued at the pace so far: %s', (_name, measured, all) => {
    const rows = recorded(0)
    const times = timesOf(rows, [alone(0, measured)])!
    expect(times.of(rows[1]!).elapsed).toEqual(all)
    expect(times.rules['elapsed_time']).toMatch(/, past epoch \d at the pace until then$/)
    const short = { ...rows[0]!, reached: 2, elapsed: [3, 6] }
    expect(times.of(short).elapsed).toEqual(all.slice(0, 2))
  })

  test('the pass with most levels counts, the last of several; failed ones do not', () => {
    const rows = recorded(0)
    const lines = [alone(0, [1, 2, 3]), alone(0, [1, 2, 4]), alone(0, [9]), alone(0, [], { ended: 'failed' })]
    expect(timesOf(rows, lines)!.of(rows[0]!).elapsed).toEqual([1, 2, 4])
    expect(timesOf(rows, [alone(0, [], { ended: 'failed' })])).toBeUndefined()
  })

  test('take the place of those of rows that had the device to themselves, among the trainings of the recorder', () => {
    const times = timesOf(recorded(1, 0), [alone(1, [1, 2, 3])])!
    expect(times.of(recorded(1, 0)[0]!).elapsed).toEqual([1, 2, 3])
    expect(times.rows).toEqual({ own: 0, measured: 2, scaled: 0 })
  })

  test('rows that were not measured and had the device to themselves keep their own', () => {
    const rows = [...recorded(0), ...recorded(1, 0)]
    const times = timesOf(rows, [alone(0, [1, 2, 3])])!
    expect(times.of(rows[2]!).elapsed).toEqual([3, 6, 9])
    expect(times.rows).toEqual({ own: 2, measured: 2, scaled: 0 })
    expect(timesOf(rows, [])).toBeUndefined()
  })

  test('rows that were not measured are divided by the median slowdown, and say so', () => {
    const rows = [0, 1, 2, 3, 4, 5].flatMap((configuration) => recorded(configuration))
    const lines = [2, 3, 4.5, 3, 3].map((first, i) => alone(i, [first / 3]))
    const times = timesOf(rows, lines)!
    expect(times.of(rows[11]!)).toEqual({ elapsed: [1, 2, 3], startup: 1, statics: { size: 7, latency_ms: 1.5 } })
    expect(times.rows).toEqual({ own: 0, measured: 10, scaled: 2 })
    expect(times.rules['elapsed_time']).toContain(
      '2 rows: as recorded beside others, divided by 3, the median slowdown of 5 configurations measured both ways (from 2 to 4.5)',
    )
  })

  test('a mixture that nothing connects is no table: all keep their recorded times', () => {
    const rows = [0, 1, 2, 3, 4].flatMap((configuration) => recorded(configuration))
    expect(
      timesOf(
        rows,
        [0, 1, 2, 3].map((i) => alone(i, [1, 2, 3])),
      ),
    ).toBeUndefined()
  })
})

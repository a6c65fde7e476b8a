import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/backends/real-time/report-line.js'
import type { Recording } from '../../src/record/recording.js'
import { TrainingCollector, type TrainingResult } from '../../src/record/training-result.js'
import { fakeFolder, fakeRecording, removeFolders } from './fake.js'

afterAll(removeFolders)

let recording: Recording
beforeAll(() => {
  recording = fakeRecording(fakeFolder())
})

/** Reports that arrive one second apart. */
function resultOf(reports: readonly Report[], failure = ''): TrainingResult {
  const collector = new TrainingCollector(recording)
  for (const [i, report] of reports.entries()) collector.add(report, i + 1)
  return collector.result(failure)
}

const level = (epoch: number, more: Report = {}): Report => ({ epoch, loss: 1 / epoch, accuracy: 0, size: 7, ...more })
const three = (more: (epoch: number) => Report = () => ({})): Report[] =>
  [1, 2, 3].map((epoch) => level(epoch, more(epoch)))

describe('times', () => {
  test('arrival, where the program reports none', () =>
    expect(resultOf(three())).toMatchObject({
      ended: 'completed',
      reason: '',
      elapsed: [1, 2, 3],
      elapsedSource: 'arrival',
      startup: 0,
      startupSource: 'arrival',
      cpu: Number.NaN,
    }))

  test('reports that arrive at once are kept apart', () => {
    const collector = new TrainingCollector(recording)
    for (const report of three()) collector.add(report, 1)
    const { elapsed } = collector.result('')
    expect(elapsed).toHaveLength(3)
    expect(elapsed[0]! < elapsed[1]! && elapsed[1]! < elapsed[2]!).toBe(true)
  })

  test.each(['elapsed_time', 'st_worker_time'] as const)('%s of the program', (key) =>
    expect(resultOf(three((epoch) => ({ [key]: epoch / 4, cpu_time: epoch })))).toMatchObject({
      elapsed: [0.25, 0.5, 0.75],
      elapsedSource: key,
      // The first report arrived after 1 s and training had taken 0.25 s by then.
      startup: 0.75,
      cpu: 3,
    }),
  )

  test.each([
    ['stands still', () => ({ elapsed_time: 1 })],
    ['is no number', (epoch: number) => ({ elapsed_time: epoch === 2 ? Number.NaN : epoch })],
    ['is gone', (epoch: number) => (epoch === 2 ? {} : { elapsed_time: epoch })],
    ['is endless', (epoch: number) => ({ elapsed_time: epoch === 2 ? Infinity : epoch })],
  ])('a time that %s fails the training', (_name, more) => {
    const { ended, reason, reached, elapsed } = resultOf(three(more))
    expect(ended).toBe('failed')
    expect(reason).toMatch(/^elapsed_time must grow with every report, got \w+ after 1$/)
    expect([reached, elapsed]).toEqual([1, [1]])
  })
})

describe('ends', () => {
  test('fewer levels than asked for', () =>
    expect(resultOf([level(1)])).toMatchObject({ ended: 'failed', reason: 'ended after 1 of 3 epochs', reached: 1 }))

  test('an exit code before the last level', () =>
    expect(resultOf([level(1)], 'exit code 1')).toMatchObject({ ended: 'failed', reason: 'exit code 1', reached: 1 }))

  test('all levels count, whatever came after them', () =>
    expect(resultOf(three(), 'exit code 1')).toMatchObject({ ended: 'completed', reached: 3 }))

  test('nothing at all', () =>
    expect(resultOf([])).toMatchObject({ ended: 'failed', reached: 0, startup: 0, startupSource: 'none' }))

  test('a level that was skipped', () =>
    expect(resultOf([level(1), level(3)])).toMatchObject({
      ended: 'failed',
      reached: 1,
      reason: 'epoch 3 was reported after 1; a recording needs every epoch',
    }))

  test('a static metric that never came', () =>
    expect(resultOf(three(() => ({ size: 'seven' })))).toMatchObject({
      ended: 'failed',
      reached: 0,
      reason: 'never reported the metric "size" as a finite number',
      curves: { loss: [] },
    }))

  test('divergence: NaN stays NaN, and early ends are kept as they are', () => {
    const loss = [0.5, Number.NaN, 0.25]
    expect(resultOf(three((epoch) => ({ loss: loss[epoch - 1] })))).toMatchObject({
      ended: 'diverged',
      reason: '',
      reached: 3,
      curves: { loss: [0.5, Number.NaN, Number.NaN], accuracy: [0, 0, 0] },
    })
    expect(resultOf([level(1), level(2, { loss: Infinity })], 'exit code 1')).toMatchObject({
      ended: 'diverged',
      reason: 'exit code 1',
      reached: 2,
    })
    // Infinite in the single precision of a table.
    expect(resultOf(three(() => ({ loss: 1e300 }))).ended).toBe('diverged')
  })
})

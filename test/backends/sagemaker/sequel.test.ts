/** What becomes of an attempt by how its job ended. */
import { describe, expect, it } from 'vitest'
import type { Attempt, Job } from '../../../src/backends/sagemaker/attempt.js'
import type { SageMakerBackendOptions } from '../../../src/backends/sagemaker/options.js'
import { goBack, sequelOf } from '../../../src/backends/sagemaker/sequel.js'
import type { JobDescription } from '../../../src/backends/sagemaker/services.js'
import { LostLevels } from '../../../src/backends/real-time/lost-levels.js'

const ATTEMPT = {
  fault: '',
  level: 3,
  crashes: 0,
  losses: 0,
  repeated: 0,
  jumped: false,
  continues: true,
  copied: false,
}
const given = (attempt: Partial<Attempt>, job: Partial<Job> = {}): Job =>
  ({
    attempt: { ...ATTEMPT, ...attempt },
    stopWanted: false,
    former: false,
    saidAt: Number.NaN,
    log: { last: [] },
    ...job,
  }) as unknown as Job
const options = (checkpoints = true): SageMakerBackendOptions =>
  ({
    config: { retries: 1, requeues: 1, environment: {} },
    run: { checkpoints },
    resource: 'epoch',
    maxResource: 9,
  }) as unknown as SageMakerBackendOptions
const CRASHED = { TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: no' } as JobDescription
const DONE = { TrainingJobStatus: 'Completed' } as JobDescription
const sequel = (job: Job, description: JobDescription, checkpoints?: boolean): string => {
  const { kind, reason } = sequelOf(job, description, options(checkpoints), new LostLevels())
  return `${kind} ${reason}`.trim()
}
const WAS_LOST = 'back epoch 4 was trained before, but its report was lost'

describe('a program that crashed', () => {
  const tried = { crashes: 1 }

  it('is tried again as often as was said, then goes back if it never said anything on what was trained before', () => {
    expect(sequel(given({}), CRASHED)).toBe('again AlgorithmError: no')
    expect(sequel(given(tried), CRASHED)).toBe('back AlgorithmError: no')
    expect(sequel(given(tried, { saidAt: 5 }), CRASHED)).toBe('failed AlgorithmError: no')
    expect(sequel(given({ ...tried, level: 0 }), CRASHED)).toBe('failed AlgorithmError: no')
    expect(sequel(given(tried), CRASHED, false)).toBe('failed AlgorithmError: no')
  })

  it('on another spot machine: what it said on the first does not count', () => {
    const taken = { Status: 'Interrupted' as const, StartTime: new Date(1000) }
    const description = { ...CRASHED, SecondaryStatusTransitions: [taken] }
    expect(sequel(given(tried, { saidAt: 900 }), description)).toBe('back AlgorithmError: no')
    expect(sequel(given(tried, { saidAt: 1100 }), description)).toBe('failed AlgorithmError: no')
  })
})

it('levels that were lost are trained again: those that were jumped over, and those before an end that came too early', () => {
  expect(sequel(given({ jumped: true }), DONE)).toBe(WAS_LOST)
  expect(sequel(given({ jumped: true }), { TrainingJobStatus: 'Stopped' } as JobDescription)).toBe(WAS_LOST)
  expect(sequel(given({}), DONE)).toBe(WAS_LOST)
  expect(sequel(given({ level: 9 }), DONE)).toBe('completed')
  // It has reported something new by itself, and ended: programs may end early.
  expect(sequel(given({ repeated: Infinity }), DONE)).toBe('completed')
})

it('goes back to another copy of what it began from, then to nothing, then no more', () => {
  const attempt = given({ donor: 2, copiedAgain: false, fresh: false }).attempt
  expect([goBack(attempt), attempt.begins]).toEqual(["another copy of trial 2's checkpoint", 'copy'])
  expect([goBack(attempt), attempt.begins]).toEqual(['nothing', 'empty'])
  expect(goBack(attempt)).toBeUndefined()
  expect(goBack(given({ donor: undefined, fresh: false }).attempt)).toBe('nothing')
})

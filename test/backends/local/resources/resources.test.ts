import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptEnvironment } from '../../../../src/backends/local/resources/attempt-environment.js'
import {
  type ResourceNeeds,
  type ResourceOptions,
  type Resources,
  resolveResources,
} from '../../../../src/backends/local/resources/resources.js'
import { THREAD_VARIABLES, defaultThreads, threadVariables } from '../../../../src/backends/local/resources/threads.js'
import { fakeGpus, fakeNvidiaSmi } from './fake-nvidia-smi.js'

let folder: string
let two: Record<string, string | undefined>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-resources-'))
  two = fakeNvidiaSmi(folder, fakeGpus(2))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** On a machine with two GPUs. */
const resolve = (options: ResourceOptions, workers = 1, needs: Partial<ResourceNeeds> = {}): Resources =>
  resolveResources(options, { workers, environment: two, ...needs })
const ids = (resources: Resources): string[] => resources.gpus.map(({ id }) => id)
const NOWHERE = { PATH: '/nowhere' }

describe('GPUs', () => {
  test('by default all that there are, one per trial', () => {
    expect(resolve({}, 2)).toMatchObject({ gpusPerTrial: 1, trialsPerGpu: 1, noGpus: false, busOrder: true })
    expect(ids(resolve({}, 2))).toEqual(['0', '1'])
    expect(ids(resolve({ gpus: ['1'] }))).toEqual(['1'])
    expect(ids(resolve({}, 2, { environment: { ...two, CUDA_VISIBLE_DEVICES: '5,7' } }))).toEqual(['5', '7'])
    expect(resolve({}, 1, { environment: { CUDA_VISIBLE_DEVICES: '5' } }).busOrder).toBe(false)
  })

  test('none on a machine without, whatever the number of workers', () => {
    expect(resolve({}, 64, { environment: NOWHERE })).toMatchObject({ gpus: [], noGpus: false })
    expect(resolve({}, 64, { environment: NOWHERE, gpusPerTrial: 2 })).toMatchObject({ gpus: [], noGpus: false })
  })

  test('none where the program needs none, or where it is asked for', () => {
    expect(resolve({}, 64, { gpusPerTrial: 0 })).toMatchObject({ gpus: [], noGpus: false })
    expect(resolve({ gpus: 'none' }, 64)).toMatchObject({ gpus: [], noGpus: true })
    expect(resolve({ gpusPerTrial: 0 }, 64)).toMatchObject({ gpus: [], noGpus: true })
    expect(resolve({ gpusPerTrial: 1 }, 2, { gpusPerTrial: 0 }).gpus).toHaveLength(2)
    expect(resolve({ gpus: ['1'] }, 64, { gpusPerTrial: 0 }).gpus).toEqual([])
    expect(() => resolve({ gpus: ['99'] }, 1, { gpusPerTrial: 0 })).toThrow(
      '--gpus names GPU "99", which is not there: there are 0, 1 (nvidia-smi lists them)',
    )
  })

  test('what the program says counts unless it is asked for otherwise', () => {
    expect(resolve({}, 1, { gpusPerTrial: 2 }).gpusPerTrial).toBe(2)
    expect(resolve({ gpusPerTrial: 1 }, 2, { gpusPerTrial: 2 }).gpusPerTrial).toBe(1)
  })

  test.each<[ResourceOptions, number]>([
    [{ trialsPerGpu: 3 }, 6],
    [{ gpusPerTrial: 2 }, 1],
    [{ gpusPerTrial: 2, trialsPerGpu: 4 }, 4],
  ])('%j holds %i workers and no more', (options, workers) => {
    expect(resolve(options, workers).gpus).toHaveLength(2)
    expect(() => resolve(options, workers + 1)).toThrow(/workers are more than/)
  })

  test.each<[ResourceOptions, number, RegExp]>([
    [
      {},
      3,
      /^3 workers are more than the 2 that fit on 2 GPUs \(0, 1\), 1 per trial; give --workers 2, --trials-per-gpu 2 to share the GPUs, or --gpus none$/,
    ],
    [
      { gpus: ['0'], trialsPerGpu: 2 },
      3,
      /fit on 1 GPU \(0\), 1 per trial, 2 trials per GPU; give --workers 2, --trials-per-gpu 3/,
    ],
    [{ gpusPerTrial: 3 }, 1, /^--gpus-per-trial 3 is more than there are: 2 GPUs \(0, 1\); give at most 2$/],
    [{ gpus: ['2'] }, 1, /^--gpus names GPU "2", which is not there: there are 0, 1 \(nvidia-smi lists them\)$/],
    [{ gpus: 'none', trialsPerGpu: 2 }, 1, /^--trials-per-gpu says how GPUs are given out, but trials are to use none/],
    [{ gpus: 'none', gpusPerTrial: 1 }, 1, /^--gpus-per-trial says how/],
    [{ trialsPerGpu: 0 }, 1, /^trialsPerGpu must be a whole number from 1 on, got 0/],
    [{ gpusPerTrial: -1 }, 1, /^gpusPerTrial must be/],
    [{ threadsPerTrial: 0.5 }, 1, /^threadsPerTrial must be/],
  ])('refused: %j for %i workers', (options, workers, message) => {
    expect(() => resolve(options, workers)).toThrow(message)
  })

  test('the cure of the error works', () => {
    for (const gpusPerTrial of [1, 2])
      for (let workers = 1; workers < 20; workers++) {
        const enough = Math.ceil((workers * gpusPerTrial) / 2)
        expect(resolve({ gpusPerTrial, trialsPerGpu: enough }, workers).gpus).toHaveLength(2)
      }
  })

  test.each<ResourceOptions>([{ gpus: 'all' }, { gpusPerTrial: 1 }, { trialsPerGpu: 2 }])(
    'asked for by %j where there is none: refused',
    (options) =>
      expect(() => resolve(options, 1, { environment: NOWHERE })).toThrow(
        'there is no GPU (there is no program nvidia-smi); leave --gpus,',
      ),
  )
})

describe('threads', () => {
  test.each([
    [16, 4, 4],
    [16, 5, 3],
    [2, 8, 1],
  ])('%i cores for %i workers: %i each', (cores, workers, threads) =>
    expect(defaultThreads(cores, workers)).toBe(threads),
  )

  test('the default gives way to anybody who set one; what was asked for to the program only', () => {
    const all = (text: string): unknown => Object.fromEntries(THREAD_VARIABLES.map((name) => [name, text]))
    const limit = { threads: 3, given: false }
    expect(threadVariables(limit, {}, {})).toEqual(all('3'))
    expect(threadVariables(limit, {}, { OMP_NUM_THREADS: '8' })).toEqual({})
    expect(threadVariables(limit, { MKL_NUM_THREADS: '8' }, {})).toEqual({})
    const given = { threads: 3, given: true }
    expect(threadVariables(given, {}, { OMP_NUM_THREADS: '8' })).toEqual(all('3'))
    const { MKL_NUM_THREADS: _mkl, ...others } = all('3') as Record<string, string>
    expect(threadVariables(given, { MKL_NUM_THREADS: '8' }, {})).toEqual(others)
  })
})

describe('the environment of an attempt', () => {
  const place = { trial: 7, attempt: 2, restarts: 1, level: 4, worker: 3, directory: '/runs/7', gpus: [] }
  const names = {
    RUNGBENCH_TRIAL: '7',
    RUNGBENCH_ATTEMPT: '2',
    RUNGBENCH_RESTARTS: '1',
    RUNGBENCH_LEVEL: '4',
    RUNGBENCH_WORKER: '3',
    RUNGBENCH_TRIAL_DIR: '/runs/7',
  }

  test('names the trial, and is otherwise the program’s', () => {
    expect(attemptEnvironment(place, { COLOR: 'blue', RUNGBENCH_TRIAL: 'mine' }, undefined)).toEqual({
      COLOR: 'blue',
      ...names,
    })
  })

  test('names its own GPUs; indices are those of nvidia-smi', () => {
    const gpus = [{ id: '1' }, { id: '0' }]
    const visible = (resources: Resources, program = {}): unknown => {
      const environment = attemptEnvironment({ ...place, gpus }, program, resources)
      return [environment['CUDA_VISIBLE_DEVICES'], environment['CUDA_DEVICE_ORDER']]
    }
    expect(visible(resolve({}, 2))).toEqual(['1,0', 'PCI_BUS_ID'])
    expect(visible(resolve({}, 2), { CUDA_VISIBLE_DEVICES: '5', CUDA_DEVICE_ORDER: 'FASTEST_FIRST' })).toEqual([
      '1,0',
      'FASTEST_FIRST',
    ])
    expect(visible({ ...resolve({}, 2), busOrder: false })).toEqual(['1,0', undefined])
  })

  test('says that there is none only where that was asked for', () => {
    const visible = (options: ResourceOptions): unknown => {
      const resources = resolve(options, 1, { environment: NOWHERE })
      return attemptEnvironment(place, {}, resources)['CUDA_VISIBLE_DEVICES']
    }
    expect(visible({})).toBeUndefined()
    expect(visible({ gpus: 'none' })).toBe('')
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findGpus } from '../../../../src/backends/local/resources/gpus.js'
import { fakeGpus, fakeNvidiaSmi } from './fake-nvidia-smi.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-gpus-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ids = (environment: Record<string, string | undefined>): string[] =>
  findGpus(environment).gpus.map(({ id }) => id)

describe('CUDA_VISIBLE_DEVICES', () => {
  test.each([
    ['0,1', ['0', '1']],
    [' 3 , 1', ['3', '1']],
    [
      'GPU-8932f937-d72c-4106-c12f-20bd9faed9f6,MIG-GPU-89/1/0',
      ['GPU-8932f937-d72c-4106-c12f-20bd9faed9f6', 'MIG-GPU-89/1/0'],
    ],
    ['', []],
    ['-1', []],
    ['NoDevFiles', []],
    ['0,-1,1', ['0']],
    ['2,,3', ['2']],
  ])('%j gives %j, without asking anybody', (text, expected) => {
    const environment = fakeNvidiaSmi(folder, fakeGpus(8))
    expect(ids({ ...environment, CUDA_VISIBLE_DEVICES: text })).toEqual(expected)
    expect(() => readFileSync(join(folder, 'asked'))).toThrow('ENOENT')
  })

  test('that names a GPU twice is refused, as CUDA would give none', () => {
    expect(() => ids({ CUDA_VISIBLE_DEVICES: '0,1,0' })).toThrow(/^CUDA_VISIBLE_DEVICES is "0,1,0", .* 0 twice; name/)
  })
})

describe('nvidia-smi', () => {
  test('lists GPUs with names and memory', () => {
    const environment = fakeNvidiaSmi(folder, fakeGpus(2))
    expect(findGpus(environment).gpus).toEqual([
      { id: '0', name: 'Toy GPU', memoryMiB: 2048 },
      { id: '1', name: 'Toy GPU', memoryMiB: 2048 },
    ])
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(
      '--query-gpu=index,uuid,name,memory.total --format=csv,noheader\n',
    )
  })

  test('is not there: no GPU', () => {
    expect(findGpus({ PATH: folder })).toEqual({ gpus: [], source: 'there is no program nvidia-smi' })
  })

  test.each([0, 6])('finds no device (exit code %i): no GPU', (exit) => {
    expect(ids(fakeNvidiaSmi(folder, 'No devices were found', exit))).toEqual([])
  })

  test('fails: that is said, with what it said', () => {
    const environment = fakeNvidiaSmi(folder, 'Failed to initialize NVML: Driver/library version mismatch', 18)
    expect(() => findGpus(environment)).toThrow(
      /^nvidia-smi failed \("Failed to initialize NVML: .*mismatch"\), .* or give --gpus none$/,
    )
  })

  test('says what is not known of a GPU', () => {
    expect(findGpus(fakeNvidiaSmi(folder, '0, GPU-1, [N/A], [N/A]')).gpus).toEqual([{ id: '0', name: '[N/A]' }])
  })
})

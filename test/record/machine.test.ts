import { expect, test } from 'vitest'
import { hardwareText } from '../../src/record/machine.js'

const cpu = { cpu: 'AMD EPYC 7B13', cores: 2, memoryGiB: 8, platform: 'linux' }
const gpu = { ...cpu, gpu: 'NVIDIA H100 80GB HBM3' }

test.each([
  [cpu, undefined, 'AMD EPYC 7B13, 2 cores'],
  [{ ...cpu, cores: 1 }, 'cpu', 'AMD EPYC 7B13, 1 core'],
  [gpu, 'cpu', 'AMD EPYC 7B13, 2 cores'],
  [gpu, 'cuda:1', 'NVIDIA H100 80GB HBM3'],
  [cpu, 'cuda:1', 'cuda:1 (AMD EPYC 7B13, 2 cores)'],
  [cpu, 'NVIDIA A10G', 'NVIDIA A10G'],
])('hardware in words: %o on %s', (hardware, device, text) => {
  expect(hardwareText(hardware, device)).toBe(text)
})

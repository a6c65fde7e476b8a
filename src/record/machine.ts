/** What a recording says about the machine and the software it ran on. */
import { existsSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { Gpu } from '../backends/local/resources/gpus.js'

/** As in the provenance of a table. */
export interface Machine {
  readonly hardware: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGiB: number
    readonly platform: string
    /** The accelerator, e.g. `NVIDIA H100 80GB HBM3`, where whoever wrote this down knew it. */
    readonly gpu?: string | undefined
  }
  readonly versions: Readonly<Record<string, string>>
}

/** Libraries inside Node that can change what a program computes or how fast. */
const LIBRARIES = ['node', 'v8', 'uv'] as const

/**
 * The machine that this process runs on.
 *
 * @param gpus those that trainings are given; they are named where they are all alike
 */
export function thisMachine(gpus: readonly Gpu[] = []): Machine {
  const [gpu, ...others] = new Set(gpus.map(({ name }) => name))
  return {
    hardware: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
      platform: `${platform()} ${release()} ${arch()}`,
      ...(gpu !== undefined && others.length === 0 && { gpu }),
    },
    versions: Object.fromEntries(LIBRARIES.map((name) => [name, process.versions[name] ?? 'unknown'])),
  }
}

/**
 * What a training ran on, in a few words: the processor (`AMD EPYC 7B13, 2 cores`) or the accelerator.
 *
 * @param device what its journal line says: `cpu`, `cuda:0`, the name of an accelerator; undefined: not known
 */
export function hardwareText({ cpu, cores, gpu }: Machine['hardware'], device: string | undefined): string {
  const processor = `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}`
  if (device === undefined || device === 'cpu') return processor
  return gpu ?? (/^\w+(?::\d+)?$/.test(device) ? `${device} (${processor})` : device)
}

/** Device files that the drivers of accelerators make on Linux. */
const ACCELERATORS = ['/dev/nvidiactl', '/dev/kfd', '/dev/accel0'] as const

/** Whether this machine has an accelerator that is known here; a program may train on it without saying so. */
export function hasAccelerator(): boolean {
  return platform() === 'darwin' || ACCELERATORS.some((file) => existsSync(file))
}

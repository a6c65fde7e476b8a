/** The environment that one process of a trial gets beside that of this process. */
import type { Gpu } from './gpus.js'
import { VISIBLE } from './gpus.js'
import type { Resources } from './resources.js'
import { threadVariables } from './threads.js'

/** The variable with the trial's folder: no other trial that runs on this machine has the same. */
export const TRIAL_DIRECTORY_VARIABLE = 'RUNGBENCH_TRIAL_DIR'

/** Which process it is for. */
export interface AttemptPlace {
  readonly trial: number
  /** 0 for the first start of a trial, 1 after its first resumption, ... */
  readonly attempt: number
  /** How often this attempt's program was started before. */
  readonly restarts: number
  /** The last level of the trial that counts already; 0 for a new one. */
  readonly level: number
  /** 0..workers-1 */
  readonly worker: number
  /** The trial's folder. */
  readonly directory: string
  /** Its own; empty where none are given out. */
  readonly gpus: readonly Gpu[]
}

/** What names the trial goes before nothing: the program's own environment may not replace it. */
export function attemptEnvironment(
  { trial, attempt, restarts, level, worker, directory, gpus }: AttemptPlace,
  ofProgram: Readonly<Record<string, string>>,
  resources: Resources | undefined,
): Record<string, string> {
  return {
    ...(resources !== undefined && threadVariables(resources.threads, ofProgram, process.env)),
    ...ofProgram,
    ...(resources !== undefined && gpuVariables(gpus, resources, ofProgram)),
    RUNGBENCH_TRIAL: String(trial),
    RUNGBENCH_ATTEMPT: String(attempt),
    RUNGBENCH_RESTARTS: String(restarts),
    RUNGBENCH_LEVEL: String(level),
    RUNGBENCH_WORKER: String(worker),
    [TRIAL_DIRECTORY_VARIABLE]: directory,
  }
}

function gpuVariables(
  gpus: readonly Gpu[],
  { noGpus, busOrder }: Resources,
  ofProgram: Readonly<Record<string, string>>,
): Record<string, string> {
  if (noGpus) return { [VISIBLE]: '' }
  if (gpus.length === 0) return {}
  const order = busOrder && ofProgram['CUDA_DEVICE_ORDER'] === undefined ? { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' } : {}
  return { [VISIBLE]: gpus.map(({ id }) => id).join(','), ...order }
}

/** What trials may use of this machine: asked for, then checked against what there is. */
import { availableParallelism } from 'node:os'
import { BenchError, invalid, show } from '../../../core/errors.js'
import { GpuSlots } from './gpu-slots.js'
import { type FoundGpus, type Gpu, findGpus } from './gpus.js'
import { type ThreadLimit, defaultThreads } from './threads.js'

/** What may be asked for. */
export interface ResourceOptions {
  /** Default `all`: every GPU that is found, if any. A list names some of them, by index or UUID. */
  readonly gpus?: 'all' | 'none' | readonly string[]
  /** GPUs that each trial gets, where there are GPUs. Default: what the program says, else 1. */
  readonly gpusPerTrial?: number
  /** Trials that share a GPU. Default 1. */
  readonly trialsPerGpu?: number
  /** Default: the cores shared out evenly among the workers. */
  readonly threadsPerTrial?: number
}

/** What every trial gets. */
export interface Resources {
  /** Empty: trials are not told about GPUs, or that there are none; see `noGpus`. */
  readonly gpus: readonly Gpu[]
  readonly gpusPerTrial: number
  readonly trialsPerGpu: number
  /** Trials are told to use no GPU. */
  readonly noGpus: boolean
  /** The indices are those of nvidia-smi, which counts in the order of the bus; CUDA by itself counts the fastest first. */
  readonly busOrder: boolean
  readonly threads: ThreadLimit
}

/** For whom. */
export interface ResourceNeeds {
  /** Trials at a time. */
  readonly workers: number
  /** GPUs that a trial of the program uses where there are some. Default 1. */
  readonly gpusPerTrial?: number | undefined
  /** Of this process, with what the program's own adds to it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * What every trial gets of this machine.
 *
 * @throws BenchError if there are fewer GPUs than asked for, or more workers than can run on them
 */
export function resolveResources(options: ResourceOptions, needs: ResourceNeeds): Resources {
  const { gpus: wanted, trialsPerGpu = 1, threadsPerTrial } = options
  for (const [name, value] of Object.entries({ trialsPerGpu, threadsPerTrial }))
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw invalid(name, value, 'must be a whole number from 1 on')
  const gpusPerTrial = options.gpusPerTrial ?? needs.gpusPerTrial ?? 1
  if (!Number.isInteger(gpusPerTrial) || gpusPerTrial < 0)
    throw invalid('gpusPerTrial', gpusPerTrial, 'must be a whole number from 0 on')
  const threads: ThreadLimit = {
    threads: threadsPerTrial ?? defaultThreads(availableParallelism(), needs.workers),
    given: threadsPerTrial !== undefined,
  }
  const none = { gpus: [], gpusPerTrial: 0, trialsPerGpu, busOrder: false, threads }
  if (wanted === 'none' || gpusPerTrial === 0) {
    const unused = options.trialsPerGpu !== undefined ? '--trials-per-gpu' : '--gpus-per-trial'
    if (options.trialsPerGpu !== undefined || (options.gpusPerTrial ?? 0) > 0)
      throw new BenchError(`${unused} says how GPUs are given out, but trials are to use none; leave one of both out`)
    // Nothing is given out, but what is named must be there.
    if (Array.isArray(wanted)) pick(wanted, findGpus(needs.environment))
    return { ...none, noGpus: wanted === 'none' || options.gpusPerTrial === 0 }
  }
  const found = findGpus(needs.environment)
  const gpus = Array.isArray(wanted) ? pick(wanted, found) : found.gpus
  if (gpus.length === 0) {
    if (wanted === undefined && options.gpusPerTrial === undefined && options.trialsPerGpu === undefined)
      return { ...none, noGpus: false }
    throw new BenchError(`there is no GPU (${found.source}); leave --gpus, --gpus-per-trial and --trials-per-gpu out`)
  }
  checkCapacity(gpus, gpusPerTrial, trialsPerGpu, needs.workers)
  const busOrder = needs.environment['CUDA_VISIBLE_DEVICES'] === undefined
  return { gpus, gpusPerTrial, trialsPerGpu, noGpus: false, busOrder, threads }
}

function pick(wanted: readonly string[], { gpus, source }: FoundGpus): Gpu[] {
  return wanted.map((id) => {
    const gpu = gpus.find((one) => one.id === id)
    if (gpu !== undefined) return gpu
    const there = gpus.length === 0 ? 'there is none' : `there are ${gpus.map((one) => one.id).join(', ')}`
    throw new BenchError(`--gpus names GPU ${show(id)}, which is not there: ${there} (${source})`)
  })
}

/** More trials than the GPUs hold would share some of them without anybody having said so. */
function checkCapacity(gpus: readonly Gpu[], gpusPerTrial: number, trialsPerGpu: number, workers: number): void {
  const there =
    gpus.length === 1 ? `1 GPU (${gpus[0]!.id})` : `${gpus.length} GPUs (${gpus.map((gpu) => gpu.id).join(', ')})`
  if (gpusPerTrial > gpus.length)
    throw new BenchError(
      `--gpus-per-trial ${gpusPerTrial} is more than there are: ${there}; give at most ${gpus.length}`,
    )
  const capacity = GpuSlots.capacity(gpus.length, gpusPerTrial, trialsPerGpu)
  if (workers <= capacity) return
  const enough = Math.ceil((workers * gpusPerTrial) / gpus.length)
  const each = `${gpusPerTrial} per trial${trialsPerGpu === 1 ? '' : `, ${trialsPerGpu} trials per GPU`}`
  throw new BenchError(
    `${workers} workers are more than the ${capacity} that fit on ${there}, ${each}; ` +
      `give --workers ${capacity}, --trials-per-gpu ${enough} to share the GPUs, or --gpus none`,
  )
}

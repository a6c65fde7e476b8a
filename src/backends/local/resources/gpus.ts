/** The GPUs of this machine that its user lets this process have. */
import { spawnSync } from 'node:child_process'
import { BenchError, messageOf, show } from '../../../core/errors.js'

/** One GPU, or one slice of one (MIG). */
export interface Gpu {
  /** What stands for it in CUDA_VISIBLE_DEVICES: an index or a UUID. */
  readonly id: string
  /** e.g. `NVIDIA H100 80GB HBM3`, where nvidia-smi was asked. */
  readonly name?: string
  readonly memoryMiB?: number
}

/** What was found. */
export interface FoundGpus {
  readonly gpus: readonly Gpu[]
  /** Where they were looked for, as part of a sentence: `CUDA_VISIBLE_DEVICES is "0,1"`. */
  readonly source: string
}

/** The variable by which CUDA programs are told their GPUs. */
export const VISIBLE = 'CUDA_VISIBLE_DEVICES'
const QUERY = ['--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader'] as const
/** A driver that is not kept loaded takes seconds per GPU to answer. */
const PATIENCE_MS = 60_000

/**
 * The GPUs that CUDA_VISIBLE_DEVICES lists where it is set, else those that nvidia-smi lists. No nvidia-smi means no GPU.
 *
 * @throws BenchError if CUDA_VISIBLE_DEVICES lists one twice, or nvidia-smi fails
 */
export function findGpus(environment: Readonly<Record<string, string | undefined>>): FoundGpus {
  const visible = environment[VISIBLE]
  return visible === undefined
    ? askDriver(environment)
    : { gpus: visibleGpus(visible), source: `${VISIBLE} is ${show(visible)}` }
}

/** As CUDA reads it: indices or UUIDs, separated by commas, up to the first entry that is neither (-1 ends the list). */
function visibleGpus(text: string): Gpu[] {
  const gpus: Gpu[] = []
  for (const entry of text.split(',')) {
    const id = entry.trim()
    if (!/^(?:\d+|(?:GPU|MIG)-[\w/-]+)$/.test(id)) break
    if (gpus.some((gpu) => gpu.id === id))
      throw new BenchError(`${VISIBLE} is ${show(text)}, which lists GPU ${id} twice; name every GPU once`)
    gpus.push({ id })
  }
  return gpus
}

function askDriver(environment: Readonly<Record<string, string | undefined>>): FoundGpus {
  const { error, status, stdout, stderr } = spawnSync('nvidia-smi', QUERY, {
    encoding: 'utf8',
    env: environment,
    timeout: PATIENCE_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    return { gpus: [], source: 'there is no program nvidia-smi' }
  // It prints this, and fails, where a driver is installed and no GPU is.
  if (/no devices were found/i.test(`${stdout}${stderr}`)) return { gpus: [], source: 'nvidia-smi lists none' }
  if (error !== undefined || status !== 0) {
    const said = `${stderr}\n${stdout}`.split('\n').find((line) => line.trim() !== '')
    const why = error === undefined ? (said ?? `exit code ${status}`) : messageOf(error)
    throw new BenchError(
      `nvidia-smi failed (${show(why)}), so the GPUs are not known; mend the driver, set ${VISIBLE}, or give --gpus none`,
    )
  }
  return { gpus: listedGpus(stdout), source: 'nvidia-smi lists them' }
}

/** Lines of `index, uuid, name, memory`, e.g. `0, GPU-5ac0f1d2-..., NVIDIA H100 80GB HBM3, 81559 MiB`. */
function listedGpus(text: string): Gpu[] {
  const gpus: Gpu[] = []
  for (const line of text.split('\n')) {
    const [id, , name, memory] = line.split(',').map((part) => part.trim())
    if (id === undefined || !/^\d+$/.test(id)) continue
    const memoryMiB = Number.parseInt(memory ?? '', 10)
    gpus.push({ id, ...(name && { name }), ...(memoryMiB > 0 && { memoryMiB }) })
  }
  return gpus
}

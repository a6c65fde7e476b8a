/** The rule that models how fast a recorded program would be on another instance type, and on what it rests. */
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { FAMILY_GHZ, FAMILY_GPU, GPU_BANDWIDTH, type Published } from './published.js'
import { type InstanceType, familyOf } from './price-list.js'

/** What a table's provenance says about the machine it was recorded on. */
export interface RecordedHardware {
  readonly cpu: string
  readonly cores: number
  /** Model of the GPU that was used, e.g. `NVIDIA A10G`; undefined: recorded on processors. */
  readonly gpu?: string | undefined
}

export interface SpeedOptions {
  /** The CPU family that one core of the recorded machine is taken to be equal to. */
  readonly recordedAs: string
  /** Share of the time on one core that further cores divide among themselves, 0 to 1. */
  readonly parallelFraction: number
}

/** Speeds of instance types relative to the recorded machine. */
export interface SpeedModel {
  readonly kind: 'CPU' | 'GPU'
  /** One sentence with every assumption. */
  readonly rule: string
  /** The published figures that it uses, by family or GPU. */
  readonly figures: Readonly<Record<string, Published>>
  /** Speed, 1 = the recorded machine; or, as text, why it is not known. */
  speedOf(type: Pick<InstanceType, 'name'> & { readonly vcpus: number | undefined }): number | string
}

/**
 * CPU: speed = (GHz of the family / GHz of the family `recordedAs`) x (A(cores of the type) / A(recorded cores)), where
 * A(n) = 1 / ((1 - f) + f / n) is Amdahl's law with the parallel fraction f (Amdahl 1967) and a core is two vCPUs.
 *
 * GPU: speed = memory bandwidth of the family's GPU / memory bandwidth of the recorded GPU; a training uses one GPU.
 *
 * @throws BenchError if the recorded hardware or `recordedAs` is not known
 */
export function speedModel(hardware: RecordedHardware, options: SpeedOptions): SpeedModel {
  return hardware.gpu === undefined ? cpuModel(hardware, options) : gpuModel(hardware.gpu)
}

function cpuModel({ cpu, cores }: RecordedHardware, { recordedAs, parallelFraction: f }: SpeedOptions): SpeedModel {
  const reference = FAMILY_GHZ[recordedAs]
  if (reference === undefined)
    throw new BenchError(
      `--recorded-as: there is no published clock of the family ${show(recordedAs)}${suggestion(recordedAs, Object.keys(FAMILY_GHZ))}`,
    )
  const amdahl = (n: number): number => 1 / (1 - f + f / n)
  return {
    kind: 'CPU',
    rule:
      'speed = published sustained clock of the family / that of the family that the recorded machine is taken to equal ' +
      `(${recordedAs}, ${reference.value} GHz)` +
      (f === 0
        ? '; more cores change nothing (parallel fraction 0)'
        : ` x Amdahl's law with the parallel fraction ${f} over cores of two vCPUs (recorded on ${cores})`) +
      `. Seconds per clock cycle are taken to be those of the recorded ${cpu}, whatever the generation. Start-up and ` +
      'latency are divided by the speed too; cost = seconds of training x price; other metrics are as recorded.',
    figures: FAMILY_GHZ,
    speedOf({ name, vcpus }) {
      const ghz = FAMILY_GHZ[familyOf(name)]
      if (ghz === undefined) return `there is no published clock of the family ${show(familyOf(name))}`
      if (f > 0 && vcpus === undefined) return 'the number of its vCPUs is not known'
      const more = f === 0 ? 1 : amdahl(Math.max(1, vcpus! / 2)) / amdahl(cores)
      return (ghz.value / reference.value) * more
    },
  }
}

function gpuModel(recorded: string): SpeedModel {
  const model = Object.keys(GPU_BANDWIDTH).find((name) =>
    recorded
      .toUpperCase()
      .split(/[\s-]+/)
      .includes(name),
  )
  if (model === undefined)
    throw new BenchError(
      `the table was recorded on ${show(recorded)}, of which no published figure is at hand; known are ` +
        Object.keys(GPU_BANDWIDTH).join(', '),
    )
  const reference = GPU_BANDWIDTH[model]!
  return {
    kind: 'GPU',
    rule:
      `speed = published memory bandwidth of the type's GPU / that of the recorded ${model} (${reference.value} GB/s); ` +
      'a training uses one GPU, and processors are taken to be equal. Start-up and latency are divided by the speed too; ' +
      'cost = seconds of training x price; other metrics are as recorded.',
    figures: GPU_BANDWIDTH,
    speedOf({ name }) {
      const gpu = FAMILY_GPU[familyOf(name)]
      const bandwidth = gpu === undefined ? undefined : GPU_BANDWIDTH[gpu]
      if (bandwidth === undefined) return `the GPU of the family ${show(familyOf(name))} is not known`
      return bandwidth.value / reference.value
    },
  }
}

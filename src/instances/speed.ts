/** The rule that models how fast a recorded program would be on another instance type, and on what it rests. */
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { FAMILY_GHZ, FAMILY_GPU, GPU_BANDWIDTH, GPU_NAMES, type Published, lookUp } from './published.js'
import { type InstanceType, familyOf } from './price-list.js'

/** What a table's provenance says about the machine it was recorded on. */
export interface RecordedHardware {
  readonly cpu: string
  readonly cores: number
  /** Model of the GPU that was used, e.g. `NVIDIA A10G`; undefined: recorded on processors. */
  readonly gpu?: string | undefined
}

export interface SpeedOptions {
  /**
   * The CPU family that one core of the recorded machine is taken to be equal to, default `m5`; or the GPU that it had,
   * where its name does not say which variant it was.
   */
  readonly recordedAs?: string | undefined
  /** Share of the time on one core that further cores divide among themselves, 0 to 1. */
  readonly parallelFraction: number
}

/** Speeds of instance types relative to the recorded machine. */
export interface SpeedModel {
  readonly kind: 'CPU' | 'GPU'
  /** One sentence with every assumption. */
  readonly rule: string
  /** The published figures that it can use, by family or GPU. */
  readonly figures: Readonly<Record<string, Published>>
  /** What they are: `GHz`, `GB/s`. */
  readonly unit: string
  /** The figure of the recorded machine, by its name in `figures`. */
  readonly reference: string
  /** The figure of a family, by its name in `figures`; undefined where none is published. */
  figureOf(family: string): string | undefined
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
  return hardware.gpu === undefined ? cpuModel(hardware, options) : gpuModel(hardware.gpu, options.recordedAs)
}

function cpuModel(
  { cpu, cores }: RecordedHardware,
  { recordedAs = 'm5', parallelFraction: f }: SpeedOptions,
): SpeedModel {
  const reference = lookUp(FAMILY_GHZ, recordedAs)
  if (reference === undefined)
    throw new BenchError(
      `--recorded-as: there is no published clock of the family ${show(recordedAs)}${suggestion(recordedAs, Object.keys(FAMILY_GHZ))}`,
    )
  if (f > 0 && !(cores >= 1))
    throw new BenchError(
      `--parallel-fraction needs the number of cores that the table was recorded on, and the table says ${cores}; leave it out`,
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
    unit: 'GHz',
    reference: recordedAs,
    figureOf: (family) => (lookUp(FAMILY_GHZ, family) === undefined ? undefined : family),
    speedOf({ name, vcpus }) {
      const ghz = lookUp(FAMILY_GHZ, familyOf(name))
      if (ghz === undefined) return `there is no published clock of the family ${show(familyOf(name))}`
      if (f > 0 && vcpus === undefined) return 'the number of its vCPUs is not known'
      const more = f === 0 ? 1 : amdahl(Math.max(1, vcpus! / 2)) / amdahl(cores)
      return (ghz.value / reference.value) * more
    },
  }
}

function gpuModel(recorded: string, recordedAs: string | undefined): SpeedModel {
  const model = recordedAs ?? variantOf(recorded)
  const reference = lookUp(GPU_BANDWIDTH, model)
  if (reference === undefined)
    throw new BenchError(
      `--recorded-as: there is no published figure of the GPU ${show(model)}${suggestion(model, Object.keys(GPU_BANDWIDTH))}`,
    )
  const figureOf = (family: string): string | undefined => lookUp(FAMILY_GPU, family)
  return {
    kind: 'GPU',
    rule:
      `speed = published memory bandwidth of the type's GPU / that of the recorded ${model} (${reference.value} GB/s); ` +
      'a training uses one GPU, and processors are taken to be equal. Start-up and latency are divided by the speed too; ' +
      'cost = seconds of training x price; other metrics are as recorded.',
    figures: GPU_BANDWIDTH,
    unit: 'GB/s',
    reference: model,
    figureOf,
    speedOf({ name }) {
      const gpu = figureOf(familyOf(name))
      if (gpu === undefined) return `the GPU of the family ${show(familyOf(name))} is not known`
      return GPU_BANDWIDTH[gpu]!.value / reference.value
    },
  }
}

/** The variant of a GPU by the name that its driver gave. @throws BenchError where the name leaves it open */
function variantOf(recorded: string): string {
  const words = recorded
    .toUpperCase()
    .split(/[\s-]+/)
    .filter((word) => !['', 'NVIDIA', 'TESLA'].includes(word))
  const found = GPU_NAMES.find(
    ({ needs, may }) =>
      needs.every((word) => words.includes(word)) && words.every((word) => needs.includes(word) || may.includes(word)),
  )
  if (found !== undefined) return found.gpu
  const near = [...new Set(GPU_NAMES.filter(({ needs }) => words.includes(needs[0]!)).map(({ gpu }) => gpu))]
  if (near.length > 0)
    throw new BenchError(
      `the table was recorded on ${show(recorded)}, which is none of the variants of which a figure is published ` +
        `(${near.join(', ')}); if it has the memory of one of them, say which: --recorded-as ${show(near[0]!)}`,
    )
  throw new BenchError(
    `the table was recorded on ${show(recorded)}, of which no published figure is at hand; known are ` +
      Object.keys(GPU_BANDWIDTH).join(', '),
  )
}

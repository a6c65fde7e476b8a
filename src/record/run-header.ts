/** The header that a local run's journal needs so that a table can be made of it: everything a table says. */
import { z } from 'zod'
import { BenchError } from '../core/errors.js'
import type { Gpu } from '../backends/local/resources/gpus.js'
import { metricSchema } from '../surrogates/metadata.js'
import type { JournalLine } from '../store/journal.js'
import { type Machine, thisMachine } from './machine.js'
import { recordingHeader } from './recording-header.js'
import type { Recording } from './recording.js'

const texts = z.record(z.string(), z.string())
const value = z.union([z.number(), z.string(), z.boolean()])

const schema = z.looseObject({
  journal: z.literal('rungbench-run'),
  version: z.literal(1),
  name: z.string().min(1),
  description: z.string(),
  /** What the numbers of a report are, in their order. */
  values: z.array(z.string()).min(1),
  resource: z.object({ name: z.string(), levels: z.int().positive() }),
  metrics: z.record(z.string(), metricSchema),
  space: z.record(z.string(), z.looseObject({ type: z.string() })),
  defaultConfig: z.record(z.string(), value),
  program: z.object({ name: z.string(), command: z.array(z.string()), sha256: z.string() }),
  data: z.object({ name: z.string(), files: texts }).optional(),
  hardware: z.looseObject({
    cpu: z.string(),
    cores: z.number(),
    memoryGiB: z.number(),
    platform: z.string(),
    gpu: z.string().optional(),
  }),
  versions: texts,
  workers: z.int().positive(),
  /** Whether trials kept checkpoints; older journals do not say. */
  checkpoints: z.boolean().optional(),
  /** ISO 8601, UTC */
  at: z.string(),
})
/** The first line of a local run's journal. */
export type RunHeader = z.infer<typeof schema>

/** What a run adds to its recording. */
export interface RunHeaderOptions {
  readonly recording: Recording
  readonly dataDir?: string | undefined
  /** What the numbers of a report are, in their order; with `elapsed_time`, times are the program's own. */
  readonly values: readonly string[]
  readonly workers: number
  /** Those that are given out. */
  readonly gpus?: readonly Gpu[]
  /** Whether trials keep checkpoints. */
  readonly checkpoints?: boolean
}

/** The header of a run of a recording's program on the local backend; more fields may be added to it. */
export function runHeader({ recording, dataDir, values, workers, gpus, checkpoints }: RunHeaderOptions): RunHeader {
  const { name, description, resource, metrics, space, defaultConfig, program } = recording
  const { program: sha256, data } = recordingHeader(recording, dataDir)
  const machine: Machine = thisMachine(gpus)
  const command = [...program.command]
  for (const [argument, fixed] of Object.entries(program.arguments ?? {})) command.push(`--${argument}`, String(fixed))
  return {
    journal: 'rungbench-run',
    version: 1,
    name,
    description: description ?? '',
    values: [...values],
    resource,
    metrics: { ...metrics },
    space: { ...space } as unknown as RunHeader['space'],
    defaultConfig,
    program: { name: program.name, command, sha256 },
    ...(program.dataArgument === undefined ? {} : { data: { name: program.dataName ?? name, files: data } }),
    hardware: machine.hardware,
    versions: { ...machine.versions },
    workers,
    ...(checkpoints === undefined ? {} : { checkpoints }),
    at: new Date().toISOString(),
  }
}

/** Reads the header of a run's journal. @throws BenchError if it is another kind of journal */
export function parseRunHeader(path: string, header: JournalLine | undefined): RunHeader {
  const parsed = schema.safeParse(header?.['backend'] === 'sagemaker' ? withMachines(header) : header)
  if (parsed.success) return parsed.data
  const { path: field, message } = parsed.error.issues[0]!
  throw new BenchError(
    `${path} is not the journal of a real run that a table can be made of (${field.join('.')}: ${message})`,
  )
}

/** Of runs on SageMaker: their machines are known by the names of their types, and each job says which it had. */
function withMachines(header: JournalLine): JournalLine {
  const { instanceTypes, region, image, prices } = header
  const cpu = `Amazon SageMaker ${Array.isArray(instanceTypes) ? instanceTypes.join(', ') : ''}`
  const platform = `training jobs in ${String(region)}`
  return {
    ...header,
    hardware: { cpu, cores: 0, memoryGiB: 0, platform, sagemaker: { region, image, prices } },
    versions: {},
  }
}

/** A recording: which program is trained on what, with which configurations, how often, and what is kept. */
import { existsSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { BenchError, invalid } from '../core/errors.js'
import { refuseLostKeys } from '../core/lost-key.js'
import { type Config, type ConfigOf, type Space, type Value, checkConfig, checkSpace, contains } from '../core/space.js'
import { type Metric, OPTIONAL_COLUMNS, RESERVED_COLUMNS, metricSchema } from '../surrogates/metadata.js'
import { canonicalJson, checksumEach, checksumOf, sha256Text } from './checksums.js'

/** The training program; it prints one `[tune-metric]: {...}` line per level. */
export interface RecordingProgram {
  readonly name: string
  /** Program and leading arguments, e.g. `['node', 'trainer/ngram/train.js']`; `node` is the Node that runs now. */
  readonly command: readonly string[]
  /** Where the relative paths of `command` and `files` start, and where the program runs. Default: the current directory. */
  readonly directory?: string
  /** Files and folders whose contents are the program's checksum. Default: the folder of the script in `command`. */
  readonly files?: readonly string[]
  /** Passed to every training as `--name value`. */
  readonly arguments?: Readonly<Record<string, Value>>
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** The argument that gets the data folder; absent: the program needs no data. */
  readonly dataArgument?: string
  /** What the data are called in the provenance. Default: the recording's name. */
  readonly dataName?: string
  /** Files below the data folder that the program reads; their checksums are kept. */
  readonly dataFiles?: readonly string[]
  /** The argument that gets the training seed. Default `seed`. */
  readonly seedArgument?: string
  /** The argument that gets the number of levels, e.g. `epochs`; absent: the program knows it. */
  readonly levelsArgument?: string
  /**
   * Where the program runs: in `directory` (default), or each training in an empty folder of its own, for programs that
   * write files of fixed names. Paths of files in `command` hold either way.
   */
  readonly workingDirectory?: 'program' | 'trial'
  /** GPUs that a training uses on a machine that has some; 0: none. Default 1. */
  readonly gpus?: number
  /** A training that runs longer is ended and counts as failed, in seconds. Default: no limit. */
  readonly timeout?: number
}

/** Configurations that share some values. */
export interface RecordingGroup<S extends Space = Space> {
  /** Hyperparameters that do not vary within the group. */
  readonly fixed: Partial<ConfigOf<S>>
  /** How many are drawn; left out with `draw: 'grid'`, which takes all. */
  readonly configurations?: number
}

/** Which trainings a recording consists of. */
export interface RecordingPlan<S extends Space = Space> {
  /** `random`: distinct draws from the space's prior; `grid`: all configurations of a finite space. */
  readonly draw: 'random' | 'grid'
  readonly groups: readonly RecordingGroup<S>[]
  /** Trainings per configuration, each with another seed. */
  readonly repetitions: number
  /** Trainings of the default configuration. */
  readonly defaultRepetitions: number
  /** What configurations, training seeds and the order of trainings are drawn from. */
  readonly seed: number
}

/** How a metric of a recording is described; everything but the goal may be left out. */
export type RecordingMetric = z.input<typeof metricSchema>

/** A recording as it is written down. */
export interface RecordingDefinition<S extends Space = Space> {
  readonly name: string
  readonly description?: string
  readonly program: RecordingProgram
  /** What grows along a curve: the key of the reports, and how many levels a full training has. */
  readonly resource: { readonly name: string; readonly levels: number }
  /** The numbers of a report that are kept; `kind: 'static'` for those that are the same at every level. */
  readonly metrics: Readonly<Record<string, RecordingMetric>>
  readonly space: S
  /** What a user would run without tuning; always recorded. */
  readonly defaultConfig: ConfigOf<S>
  readonly plan: RecordingPlan<S>
}

/** A checked recording. */
export interface Recording extends Omit<RecordingDefinition, 'metrics' | 'defaultConfig'> {
  readonly metrics: Readonly<Record<string, Metric>>
  readonly defaultConfig: Config
}

/** Names that no hyperparameter or metric of a recording may have. */
const RESERVED: readonly string[] = [...RESERVED_COLUMNS, ...OPTIONAL_COLUMNS]

const text = z.string().min(1)
const value = z.union([z.number(), z.string(), z.boolean()])
const schema = z.strictObject({
  name: text.regex(/^[\w.-]+$/, 'may have letters, digits, "_", "-" and "." only'),
  description: z.string().optional(),
  program: z.strictObject({
    name: text,
    command: z.array(text).min(1),
    directory: text.optional(),
    files: z.array(text).min(1).optional(),
    arguments: z.record(text, value).optional(),
    env: z.record(text, z.string()).optional(),
    dataArgument: text.optional(),
    dataName: text.optional(),
    dataFiles: z.array(text).optional(),
    seedArgument: text.optional(),
    levelsArgument: text.optional(),
    workingDirectory: z.enum(['program', 'trial']).optional(),
    gpus: z.int().nonnegative().optional(),
    timeout: z.number().positive().optional(),
  }),
  resource: z.strictObject({ name: text, levels: z.int().positive() }),
  metrics: z.record(text, metricSchema),
  space: z.record(text, z.looseObject({ type: z.string() })),
  defaultConfig: z.record(z.string(), value),
  plan: z.strictObject({
    draw: z.enum(['random', 'grid']),
    groups: z
      .array(z.strictObject({ fixed: z.record(z.string(), value), configurations: z.int().positive().optional() }))
      .min(1),
    repetitions: z.int().positive(),
    defaultRepetitions: z.int().positive(),
    seed: z.int(),
  }),
})

/**
 * Checks a recording. A wrong name or value of a hyperparameter does not compile.
 *
 * @throws BenchError that names the field and the rule
 */
export function defineRecording<const S extends Space>(definition: RecordingDefinition<S>): Recording {
  refuseLostKeys(definition, 'recording')
  const parsed = schema.safeParse(definition)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw new BenchError(`recording: ${path.join('.') || 'the definition'}: ${message}`)
  }
  const { name, space, defaultConfig, resource, plan, program } = definition
  const place = `recording ${name}`
  checkSpace(space, `${place}: space`)
  checkConfig(space, defaultConfig as Config, `${place}: defaultConfig`)
  for (const [i, group] of plan.groups.entries()) checkGroup(definition, group, `${place}: plan.groups.${i}`)
  if (Object.values(parsed.data.metrics).every((metric) => metric.kind !== 'curve'))
    throw invalid(`${place}: metrics`, Object.keys(parsed.data.metrics), 'must hold at least one curve')
  const columns = [...Object.keys(space), ...Object.keys(parsed.data.metrics)]
  for (const [i, column] of columns.entries())
    if (columns.indexOf(column) < i || column === resource.name || RESERVED.includes(column))
      throw invalid(`${place}: column`, column, 'is taken already', 'rename the hyperparameter or metric')
  if (program.dataArgument === undefined && program.dataFiles !== undefined)
    throw invalid(`${place}: program.dataFiles`, program.dataFiles, 'needs program.dataArgument')
  return Object.freeze({
    ...definition,
    metrics: parsed.data.metrics as Record<string, Metric>,
  }) as unknown as Recording
}

function checkGroup(definition: RecordingDefinition, group: RecordingGroup, place: string): void {
  for (const [key, fixed] of Object.entries(group.fixed)) {
    const domain = definition.space[key]
    if (domain === undefined || !contains(domain, fixed))
      throw invalid(`${place}.fixed.${key}`, fixed, 'must be a value of a hyperparameter of the space')
  }
  const { draw } = definition.plan
  if ((draw === 'random') !== (group.configurations !== undefined))
    throw invalid(
      `${place}.configurations`,
      group.configurations,
      draw === 'random' ? 'must say how many are drawn' : 'must be left out with draw "grid", which takes all',
    )
}

/** What decides which trainings there are and what they give; equal texts mean that trainings can be mixed. */
export function recordingKey(recording: Recording): string {
  const { name, program, resource, metrics, space, defaultConfig, plan } = recording
  const {
    name: _name,
    directory: _directory,
    files: _files,
    dataName: _dataName,
    gpus: _gpus,
    timeout: _timeout,
    ...run
  } = program
  const kinds = Object.fromEntries(Object.entries(metrics).map(([metric, { kind }]) => [metric, kind]))
  return sha256Text(canonicalJson({ name, program: run, resource, metrics: kinds, space, defaultConfig, plan }))
}

/** Where a recording's program runs and its relative paths start. */
export function programDirectory(program: RecordingProgram): string {
  return program.directory ?? process.cwd()
}

/** The checksum of a recording's program. @throws BenchError if its files cannot be found */
export function programChecksum(program: RecordingProgram): string {
  const { directory, paths } = programParts(program)
  return checksumOf(directory, paths)
}

/** The files and folders that a program consists of, and where their paths start. @throws BenchError if there is no script */
export function programParts(program: RecordingProgram): { directory: string; paths: readonly string[] } {
  const directory = programDirectory(program)
  if (program.files !== undefined) return { directory, paths: program.files }
  const script = program.command.find(
    (part) => (isAbsolute(part) || /[./\\]/.test(part)) && isFile(isAbsolute(part) ? part : join(directory, part)),
  )
  if (script !== undefined && isAbsolute(script)) return { directory: dirname(script), paths: ['.'] }
  if (script === undefined)
    throw invalid(
      `program.command of ${program.name}`,
      program.command,
      `must name a script below ${directory}`,
      'build the program first, or list what belongs to it in program.files',
    )
  return { directory, paths: [dirname(script)] }
}

/** The checksums of the data files of a recording. @throws BenchError if one is missing */
export function dataChecksums(program: RecordingProgram, dataDir: string | undefined): Record<string, string> {
  if (program.dataArgument === undefined) return {}
  if (dataDir === undefined)
    throw invalid('the data folder', dataDir, `is needed by ${program.name}`, 'give the folder that holds its data')
  return checksumEach(dataDir, program.dataFiles ?? [])
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

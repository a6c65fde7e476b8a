/**
 * A recording as one JSON file for machines without Node: everything that `trainer/drive.py` needs to run its trainings and
 * to write the journal that a recorder would write here. All paths in it are relative, so that it works elsewhere.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { programCommand } from '../backends/local/program.js'
import { BenchError, invalid, messageOf } from '../core/errors.js'
import type { Config, Value } from '../core/space.js'
import { checksumsBelow } from './checksums.js'
import { planRecording } from './plan.js'
import type { RecordingHeader } from './record-journal.js'
import { recordingHeader } from './recording-header.js'
import { type Recording, programParts } from './recording.js'

/** Changes when an older driver could no longer follow the file. */
export const PLAN_VERSION = 1

/** One training, ready to be started. */
export interface PlannedTraining {
  readonly index: number
  readonly configuration: number
  readonly repetition: number
  readonly seed: number
  readonly config: Config
  /** What follows the command, fully spelt; null stands for the path of the data folder. */
  readonly arguments: readonly (string | null)[]
}

/** The file. */
export interface PlanFile {
  readonly plan: 'rungbench-plan'
  readonly version: typeof PLAN_VERSION
  /** The first line of the journal, with the checksums of program and data: `data` by path below the data folder. */
  readonly header: RecordingHeader
  readonly program: {
    readonly name: string
    /** Program and leading arguments; their relative paths start in the program folder. */
    readonly command: readonly string[]
    /** Files and folders below the program folder that the program consists of. */
    readonly paths: readonly string[]
    /** sha256 of every file below them, by its path. */
    readonly files: Readonly<Record<string, string>>
    readonly env: Readonly<Record<string, string>>
    /** `trial`: each training runs in an empty folder of its own. Default: in the program folder. */
    readonly workingDirectory?: 'program' | 'trial'
    /** GPUs that a training uses where there are some. Default 1. */
    readonly gpus?: number
    /** Seconds after which a training is ended and has failed. */
    readonly timeout?: number
  }
  readonly resource: { readonly name: string; readonly levels: number }
  /** `curve` or `static`, by metric. */
  readonly metrics: Readonly<Record<string, 'curve' | 'static'>>
  /** In the order in which they are run: a configuration's repetitions together. */
  readonly trainings: readonly PlannedTraining[]
}

/** Stands for the data folder until arguments are texts; no argument of a program can be this. */
const DATA_PLACE = '\0'

/** The plan of a recording. @throws BenchError if program or data are missing, or the program has an absolute path */
export function planFile(recording: Recording, dataDir: string | undefined): PlanFile {
  const { program, resource, metrics } = recording
  const absolute = program.command.slice(1).find((part) => isAbsolute(part))
  if (absolute !== undefined)
    throw invalid(`program.command of ${program.name}`, absolute, 'must be relative in a plan', 'set program.directory')
  const { directory, paths } = programParts(program)
  const fixed: Record<string, Value> = { ...program.arguments }
  if (program.dataArgument !== undefined) fixed[program.dataArgument] = DATA_PLACE
  if (program.levelsArgument !== undefined) fixed[program.levelsArgument] = resource.levels
  const spelt = { command: program.command, arguments: fixed, seedArgument: program.seedArgument ?? 'seed' }
  const { trainings, wholeOrder } = planRecording(recording)
  return {
    plan: 'rungbench-plan',
    version: PLAN_VERSION,
    header: recordingHeader(recording, dataDir),
    program: {
      name: program.name,
      command: program.command,
      paths,
      files: checksumsBelow(directory, paths),
      env: program.env ?? {},
      ...(program.workingDirectory === undefined ? {} : { workingDirectory: program.workingDirectory }),
      ...(program.gpus === undefined ? {} : { gpus: program.gpus }),
      ...(program.timeout === undefined ? {} : { timeout: program.timeout }),
    },
    resource,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, { kind }]) => [name, kind])),
    trainings: wholeOrder.map((index) => {
      const { configuration, repetition, seed, config } = trainings[index]!
      const [, ...parts] = programCommand(spelt, { config, seed })
      const given = parts.slice(program.command.length - 1).map((part) => (part === DATA_PLACE ? null : part))
      return { index, configuration, repetition, seed, config, arguments: given }
    }),
  }
}

/**
 * Writes the plan; one training a line. Its first entry is the sha256 of the text without that line: the driver records what
 * the plan calls a training, so a plan whose arguments were changed would give wrong rows. @throws BenchError if it cannot be written */
export function writePlanFile(path: string, plan: PlanFile): void {
  const { trainings, ...rest } = plan
  const lines = trainings.map((training) => `    ${JSON.stringify(training)}`).join(',\n')
  const head = JSON.stringify(rest, null, 2).slice(0, -2)
  const text = `${head},\n  "trainings": [\n${lines}\n  ]\n}\n`
  const checksum = createHash('sha256').update(text).digest('hex')
  try {
    writeFileSync(path, text.replace('{\n', `{\n  "sha256": "${checksum}",\n`))
  } catch (error) {
    throw new BenchError(`the plan ${path} cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

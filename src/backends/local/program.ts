/** A training program and how a trial's hyperparameters reach it: as separate arguments, `--name value`. */
import { BenchError, invalid, show } from '../../core/errors.js'
import type { Config, Value } from '../../core/space.js'

/** A training program. */
export interface Program {
  /** Program and leading arguments, e.g. `['python3', 'train.py']`; `node` is the Node that runs now. */
  readonly command: readonly string[]
  /** The same for every trial, passed before the hyperparameters as `--name value`. */
  readonly arguments?: Readonly<Record<string, Value>>
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Where it runs; default the current directory. */
  readonly workingDirectory?: string
  /** Each trial runs in a folder of its own, `work` in the trial's folder, instead. */
  readonly ownDirectory?: boolean
  /** The argument that gets a trial's seed, where there is one. Default `seed`. */
  readonly seedArgument?: string
}

/** What one attempt of a trial adds to the program's command. */
export interface TrialArguments {
  readonly config: Config
  readonly seed?: number | undefined
  readonly checkpointDirectory?: string | undefined
}

/**
 * The full command of an attempt. Booleans are `true` and `false`, numbers the shortest text that reads back as the same
 * number.
 *
 * @throws BenchError if two arguments have the same name
 */
export function programCommand(program: Program, trial: TrialArguments): string[] {
  const [executable, ...rest] = program.command
  if (executable === undefined || executable === '')
    throw invalid('program.command', program.command, 'must name a program', 'e.g. ["node", "train.js"]')
  const command = [executable === 'node' ? process.execPath : executable, ...rest]
  const seen = new Set<string>()
  const add = (name: string, value: Value): void => {
    if (name === '' || /[\s=\0]/.test(name) || name.startsWith('-'))
      throw invalid('argument name', name, 'must be a name without blanks, "=" or leading "-"')
    if (seen.has(name))
      throw new BenchError(
        `the program's argument ${show(`--${name}`)} is set twice; rename the hyperparameter or drop it`,
      )
    seen.add(name)
    command.push(`--${name}`, String(value))
  }
  for (const [name, value] of Object.entries(program.arguments ?? {})) add(name, value)
  for (const [name, value] of Object.entries(trial.config)) add(name, value)
  if (trial.seed !== undefined) add(program.seedArgument ?? 'seed', trial.seed)
  if (trial.checkpointDirectory !== undefined) add('st_checkpoint_dir', trial.checkpointDirectory)
  return command
}

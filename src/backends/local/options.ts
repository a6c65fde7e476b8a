/** What the local backend is told to run, and what it tells of the processes that it ran. */
import { invalid } from '../../core/errors.js'
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import type { Interrupted } from '../real-time/lost-levels.js'
import type { Program } from './program.js'
import type { ReportShape } from '../real-time/reading.js'
import type { Report } from '../real-time/report-line.js'
import type { Resources } from './resources/resources.js'

/** What to run, how many at once, and where. */
export interface LocalBackendOptions extends ReportShape {
  readonly program: Program
  /** How many trials run at once. */
  readonly workers: number
  /** Seconds that the run had gone on before, when it was interrupted. Default 0. */
  readonly elapsed?: number
  /** Every trial gets a folder `<directory>/<trial>/` with its logs (see `LogFile`) and `config.json`. */
  readonly directory: string
  /** Whether trials keep checkpoints: passes `--st_checkpoint_dir <directory>/<trial>/checkpoints`, made if missing. */
  readonly checkpoints: boolean
  /** The training seed of a trial, passed as `--seed`; default none. */
  readonly seedOf?: (trial: TrialId, config: Config) => number
  /** What trials get of this machine. Default: GPUs and threads are left to the program. */
  readonly resources?: Resources | undefined
  /** How often the program of an attempt that crashes is started again before the attempt counts as failed. Default 0. */
  readonly retries?: number | undefined
  /** Seconds before the first such restart, doubled each time up to a minute. Default 1. */
  readonly retryRest?: number | undefined
  /** Seconds that the programs of a trial may run, all attempts together; then it fails. Default: no limit. */
  readonly timeLimit?: number | undefined
  /** Seconds that programs of a trial ran before the run was interrupted. Default: none. */
  readonly ran?: ReadonlyMap<TrialId, number> | undefined
  /** What happened in the run before it was interrupted: reports may have been lost. Default: it was not. */
  readonly interrupted?: Interrupted | undefined
  /** Seconds between SIGTERM and SIGKILL. Default 5. */
  readonly graceSeconds?: number
  /** Bytes per log, all its files together. Default 64 MiB. */
  readonly logLimit?: number
  /** Every report as it arrives, also those that do not count; `arrival` in seconds since the attempt was started. */
  readonly onReport?: (trial: TrialId, attempt: number, report: Report, arrival: number) => void
  /** A program said what data it uses. */
  readonly onData?: (trial: TrialId, description: Report) => void
  /** A process of a trial has ended; told before the event that says so. */
  readonly onProcess?: (process: ProcessRecord) => void
  /**
   * A new trial was given a copy of another one's checkpoint. `level`: the one that the copy is known to be of; undefined: of
   * the donor's last checkpoint, at or after the level that was asked for; 0: there was none, and the trial starts over.
   */
  readonly onCopied?: (trial: TrialId, source: TrialId, level: number | undefined) => void
  /** What does not end a trial but should be known. Default: a warning of the process. */
  readonly onWarning?: (text: string) => void
}

/** What is known of one process of a trial when it has ended. */
export interface ProcessRecord {
  readonly trial: TrialId
  /** 0 for the first start of a trial, 1 after its first resumption, ... */
  readonly attempt: number
  /** How often this attempt's program was started before. */
  readonly restarts: number
  /** 0..workers-1 */
  readonly worker: number
  /** Seconds since the run began. */
  readonly begun: number
  readonly ended: number
  /** The GPUs it was given, as they stood in CUDA_VISIBLE_DEVICES. */
  readonly gpus: readonly string[]
  /** Most other trials that were on one of these GPUs at any moment; without GPUs, on the machine. */
  readonly shared: number
  /** The most memory that was seen in use, in MiB; see `PeakMemory`. undefined where nothing was seen. */
  readonly peakMemoryMiB: number | undefined
  /** How it ended: `exit code 1: out of memory`. */
  readonly exit: string
}

/** @throws BenchError for a bad option */
export function checkOptions(options: LocalBackendOptions): void {
  if (!Number.isInteger(options.workers) || options.workers < 1)
    throw invalid('workers', options.workers, 'must be a whole number from 1 on')
  if (!Number.isInteger(options.maxResource) || options.maxResource < 1)
    throw invalid('maxResource', options.maxResource, 'must be a whole number from 1 on')
  if (!Number.isInteger(options.retries ?? 0) || (options.retries ?? 0) < 0)
    throw invalid('retries', options.retries, 'must be a whole number from 0 on')
  if (!((options.timeLimit ?? Infinity) > 0))
    throw invalid('timeLimit', options.timeLimit, 'must be a number of seconds greater than 0')
  if (options.program.command.length === 0)
    throw invalid('program.command', options.program.command, 'must name a program')
}

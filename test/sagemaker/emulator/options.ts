/** How an emulator is set up. All times are seconds of the emulator's clock; a pair is a range, drawn evenly. */
import type { FaultRule, LogFaults } from './faults.js'

export type Range = readonly [least: number, most: number]

export interface Times {
  /** From the call to the instances being there (not billed). */
  readonly startUp: Range
  /** The same with a matching warm pool. */
  readonly warmStartUp: Range
  /** Image and input data (billed). */
  readonly download: Range
  /** Model and output (billed). */
  readonly upload: Range
  /** Between the termination signal and the kill, when a job is stopped or interrupted. */
  readonly grace: number
  /** Between two rounds of copying checkpoints to S3. */
  readonly checkpointSync: number
  /** Between the container writing a line and the log service showing it. */
  readonly logDelay: Range
  /** Between a change of a job and `Search` knowing it; `ListTrainingJobs` and `DescribeTrainingJob` know at once. */
  readonly searchLag: number
}

export interface EmulatorOptions {
  /** Where jobs and objects lie; default a temporary folder that `close` deletes. */
  readonly root?: string
  readonly port?: number
  readonly region?: string
  readonly account?: string
  /** Of everything drawn by chance. Default 0. */
  readonly seed?: number
  /** How many times as fast as the wall clock the emulator's clock goes. Default 1. */
  readonly speed?: number
  readonly times?: Partial<Times>
  /** Buckets that exist from the start. Default `bucket`. */
  readonly buckets?: readonly string[]
  /** Instances that may be used at once, by quota name, e.g. `ml.m5.large for training job usage`. Default unlimited. */
  readonly quotas?: Readonly<Record<string, number>>
  /** Which part of a spot job's time is billed. Default 0.3. */
  readonly spotShare?: number
  /** The commands of containers by entry point: `python3` for `.py`. */
  readonly python?: string
  readonly faults?: readonly FaultRule[]
  readonly logFaults?: LogFaults
  /** Every request and response is added there, one JSON document a line. Default RUNGBENCH_SAGEMAKER_RECORD. */
  readonly record?: string
}

/** A local service that is nearly as fast as the machine; tests say what they need slower. */
export const QUICK: Times = {
  startUp: [0.02, 0.05],
  warmStartUp: [0.005, 0.01],
  download: [0.005, 0.01],
  upload: [0.005, 0.01],
  grace: 2,
  checkpointSync: 0.1,
  logDelay: [0, 0.05],
  searchLag: 0,
}

/** About what a real account shows: minutes to start, seconds of delay in the log. */
export const REALISTIC: Times = {
  startUp: [90, 240],
  warmStartUp: [10, 25],
  download: [30, 90],
  upload: [5, 20],
  grace: 120,
  checkpointSync: 10,
  logDelay: [1, 8],
  searchLag: 3,
}

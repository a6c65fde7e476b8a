/** What a backend on SageMaker is made with. */
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import type { Report } from '../real-time/report-line.js'
import type { ReportShape } from '../real-time/reading.js'
import type { Bills } from './bills.js'
import type { Calls } from './calls.js'
import type { SageMakerConfig } from './config.js'
import type { JournalledJobs } from './former-jobs.js'
import type { RunPlace } from './job-request.js'

export interface SageMakerBackendOptions extends ReportShape {
  readonly config: SageMakerConfig
  readonly run: RunPlace
  readonly calls: Calls
  readonly workers: number
  /** Seconds that the run had gone on before, when it was interrupted. Default 0. */
  readonly elapsed?: number
  /** Of a run that was interrupted. Default: a new run, which finds no jobs of its own. */
  readonly former?: JournalledJobs | undefined
  readonly seedOf?: (trial: TrialId, config: Config) => number
  /** US dollars per hour of one machine of a type; null: not known. */
  readonly usdPerHourOf: (type: string) => number | null
  /**
   * Metrics that are made here where the program does not report them: seconds of training so far (by the program's own
   * `elapsed`, else since its job's training began), and US dollars for them.
   */
  readonly elapsedMetric: string
  readonly costMetric: string
  /** A report is about to count, as the program said it. @param timestamp of its line, in milliseconds since 1970 */
  readonly onReport?: (trial: TrialId, report: Report, timestamp: number, job: string) => void
  /** What jobs of the run that have ended were billed; is added to. Default: nothing so far. */
  readonly bills?: Bills
  /** A job is about to be asked for. */
  readonly onJob?: (job: JobStart) => void
  /** The service has taken a job, or has one that a former runner made. */
  readonly onJobMade?: (job: JobMade) => void
  /** A job has ended. */
  readonly onJobEnd?: (job: JobRecord) => void
  /**
   * A new trial got a copy of another one's checkpoint.
   *
   * @param level undefined: of the last checkpoint that there was, whichever that is; 0: there was none, and it starts over
   */
  readonly onCopied?: (trial: TrialId, source: TrialId, level: 0 | undefined) => void
  /** What does not end a trial but should be known. Default: a warning of the process. */
  readonly onWarning?: (text: string) => void
  /** Seconds to wait for jobs to end when the run is over. Default 900. */
  readonly closeSeconds?: number
  /** Seconds before a lost or crashed attempt's next job, doubled each time up to a minute. Default 1. */
  readonly firstRest?: number
}

export interface JobStart {
  readonly trial: TrialId
  readonly attempt: number
  readonly restarts: number
  readonly job: string
  readonly instanceType: string
  readonly instanceCount: number
  /** Seconds since the run began. */
  readonly time: number
  /** Seconds that the trial was trained before this job. */
  readonly trained: number
}

/** From here on a job may cost something. */
export interface JobMade {
  readonly job: string
  /** Seconds since the run began: now, and when it was asked for. */
  readonly time: number
  readonly since: number
  /** US dollars, of all its machines; null where the price is not known. */
  readonly usdPerHour: number | null
}

/** What is known of a job when it has ended; times in seconds. */
export interface JobRecord extends JobStart {
  readonly begun: number
  /** When its machines were there and billing began, by the clock of the service, in milliseconds since 1970. */
  readonly trainingSince: number | null
  /** From the call until the machines were there; null if they never were. */
  readonly startUp: number | null
  /** Of each machine. */
  readonly billable: number
  /** null where the price is not known. */
  readonly usd: number | null
  /** Somebody else deleted it: `billable` and `usd` are no bill, see `deletedBill`. */
  readonly estimated?: boolean
  /** How often its spot machines were taken away and it was started again. Absent: never. */
  readonly interruptions?: number
  /** As the service says, e.g. `Completed` or `Stopped (MaxRuntimeExceeded)`. */
  readonly status: string
  readonly reason: string
}

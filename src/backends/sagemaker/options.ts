/** What a backend on SageMaker is made with. */
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import type { Report } from '../real-time/report-line.js'
import type { ReportShape } from '../real-time/reading.js'
import type { Bills } from './bills.js'
import type { Calls } from './calls.js'
import type { SageMakerConfig } from './config.js'
import type { JournalledJobs } from './former-jobs.js'
import type { JobMade, JobRecord, JobStart } from './job-lines.js'
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

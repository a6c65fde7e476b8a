/** What the backend knows of an attempt of a trial, and of each job that it had. */
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import type { Reporter } from '../real-time/lost-levels.js'
import type { JobLog } from './job-log.js'
import type { JobMachine } from './job-request.js'
import type { ReportOrder } from './report-order.js'
import type { JobDescription } from './services.js'

export interface Attempt {
  readonly trial: TrialId
  readonly number: number
  readonly config: Config
  readonly machine: JobMachine
  /** US dollars per hour of all its machines; NaN where a price is not known. */
  readonly usdPerHour: number
  /** The last level queued, earlier attempts included. */
  level: number
  /** Levels above this one up to `level` are passed over: a program that starts again says them once more. */
  repeated: number
  /** Which start of the program reported last: job and stream. */
  source: string
  /** Halted by a command: nothing of it is delivered but `released`. */
  halted: 'pause' | 'stop' | undefined
  /** Its worker was given back. */
  released: boolean
  /** Why it was ended here: its reports cannot be used. */
  fault: string
  job: Job | undefined
  /** Jobs it had before this one. */
  restarts: number
  /** How many of them crashed, and how many were lost. */
  crashes: number
  losses: number
  /**
   * What its next job finds as its checkpoint: what the last one left there; a copy of `donor`'s that is to be made; nothing,
   * which is to be seen to.
   */
  begins: 'own' | 'copy' | 'empty'
  /** From whose checkpoint the trial began. */
  readonly donor: TrialId | undefined
  /** It is the first attempt of such a trial. */
  readonly copied: boolean
  /** It got a second copy, as its program could not go on from the first. */
  copiedAgain: boolean
  /** Its program began with nothing, whatever had been trained before. */
  fresh: boolean
  /** Whether its program goes on from what an earlier one of the trial has saved. */
  continues: boolean
  /** It passed over levels that were lost, and its job is being ended. Nothing that it says counts. */
  jumped: boolean
}

export function reporterOf({ level, continues, copied, repeated, fresh }: Attempt): Reporter {
  const whole = fresh || (level === 0 && !continues && !copied)
  return { level, continues, progressed: repeated === Infinity, whole }
}

export interface Job {
  readonly name: string
  readonly attempt: Attempt
  readonly log: JobLog
  readonly order: ReportOrder
  /** Seconds since the run began, when it was asked for. */
  readonly begun: number
  /** Seconds that the trial was trained before this job. */
  readonly trained: number
  /** Seconds that it had run when it was found: a former runner made it. */
  ranBefore: number
  /** The service knows it. */
  created: boolean
  /** A former runner asked for it. */
  former: boolean
  stopWanted: boolean
  /** When its program last reported something, in milliseconds since 1970; NaN: never. */
  saidAt: number
  /** How often it was looked for in vain. */
  missing: number
  /** What the service said when it had ended, and when that was seen. */
  ended: { readonly description: JobDescription; readonly at: number } | undefined
  /** How often its spot machines were taken away, as far as that was told. */
  interruptions: number
  /** How often its log was read. */
  reads: number
  /** When training began by the clock of the service, in milliseconds since 1970; NaN: not known yet. */
  trainingSince: number
}

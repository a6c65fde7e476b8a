/** What is written down of a training job: when it is asked for, when the service has taken it, and when it has ended. */
import type { TrialId } from '../../core/trial.js'

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

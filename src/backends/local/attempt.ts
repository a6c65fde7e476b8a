/** What the local backend knows of an attempt of a trial: one start or resumption by the scheduler, and its processes. */
import type { TrialId } from '../../core/trial.js'
import type { Child } from './child.js'
import type { Place } from './resources/places.js'

export interface Attempt {
  readonly trial: TrialId
  readonly number: number
  /** 0..workers-1 */
  readonly worker: number
  readonly command: readonly string[]
  /** What stands in `config.json`. */
  readonly document: object
  /**
   * Starts the process; undefined while it runs. A resumed trial waits until its last attempt is gone, a crashed one rests.
   */
  launch: (() => void) | undefined
  child: Child | undefined
  /** Starts the process after a rest, or ends it when its time is up. */
  timer: NodeJS.Timeout | undefined
  /** How often the program was started again, for whatever reason, and how often of these as it had crashed. */
  restarts: number
  retried: number
  /** What the running process has. */
  place: Place | undefined
  /** When the process was started (seconds since the run began). */
  begun: number
  /** The last level queued, earlier attempts included. */
  level: number
  /**
   * A program that starts from a checkpoint may report the checkpoint's own level once more. Such repetitions, levels
   * above this one up to `level`, are passed over in silence; Infinity once the attempt has reported a new level.
   */
  repeated: number
  /** Halted by a command: nothing of it is delivered but `released`. */
  halted: boolean
  /** Halted for good. */
  stopped: boolean
  /** Why it was ended here: its reports cannot be used, or its time is up. */
  fault: string
  /** Whether the running process has reported anything. */
  said: boolean
  /** If its process cannot go on from what it finds, it gets a checkpoint of before this level; 0: it has started over. */
  below: number
  /** Whether the process goes on from what an earlier one of the trial has saved; whether from a copy of another trial's. */
  continues: boolean
  readonly copied: boolean
  /** It passed over levels that were lost and is being ended, to go on from before them. Nothing that it says counts. */
  jumped: boolean
  /** It has no process because its checkpoint is being copied or put back. */
  restoring: boolean
}

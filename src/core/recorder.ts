/** What a run leaves behind: the tuner tells a recorder everything before it takes effect. */
import type { Checkpoint, Decision } from './scheduler.js'
import type { Config } from './space.js'
import type { EndState, TrialId } from './trial.js'

/** Receives every event of a run in order, each before its consequences are carried out. Times in seconds. */
export interface Recorder {
  /** @param copy where the trial starts from a copy of another's checkpoint */
  start(time: number, trial: TrialId, config: Config, copy?: Checkpoint): void
  resume(time: number, trial: TrialId, attempt: number, from: number): void
  report(
    time: number,
    trial: TrialId,
    attempt: number,
    resource: number,
    values: Float64Array,
    decision: Decision,
  ): void
  end(time: number, trial: TrialId, attempt: number, state: EndState, reason: string): void
  /** A worker whose attempt was paused or stopped is free again. Without it a run cannot be resumed. */
  released?(time: number, trial: TrialId, attempt: number): void
  /** A report that did not count. */
  ignored(time: number, trial: TrialId, attempt: number, resource: number, reason: string): void
  /**
   * An attempt's program was started again without the scheduler having asked. Simulated runs never do that.
   *
   * @param from the last level delivered before
   */
  restart?(time: number, trial: TrialId, attempt: number, from: number, reason: string): void
}

/**
 * What programs reported after their trials were paused. A paused program may be ahead by then, and its checkpoint too: when it
 * goes on behind these levels without repeating them, they are delivered before its first report, so that none is missing.
 */
import type { TrialId } from '../../core/trial.js'

/** A level that was trained but not delivered. */
export interface LateReport {
  readonly resource: number
  readonly values: Float64Array
}

export class LateReports {
  readonly #reports = new Map<TrialId, LateReport[]>()

  /** Levels of a trial come in order. */
  keep(trial: TrialId, { resource, values }: LateReport): void {
    const reports = this.#reports.get(trial) ?? []
    reports.push({ resource, values })
    this.#reports.set(trial, reports)
  }

  /** The last level of a trial that is kept; 0: none is. */
  highest(trial: TrialId): number {
    return this.#reports.get(trial)?.at(-1)?.resource ?? 0
  }

  /** Those after a level and before another, in order; all of the trial are forgotten. */
  take(trial: TrialId, after: number, before: number): readonly LateReport[] {
    const reports = this.#reports.get(trial) ?? []
    this.#reports.delete(trial)
    return reports.filter(({ resource }) => resource > after && resource < before)
  }
}

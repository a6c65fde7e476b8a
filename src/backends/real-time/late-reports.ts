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
  readonly #reports = new Map<TrialId, Map<number, Float64Array>>()

  keep(trial: TrialId, { resource, values }: LateReport): void {
    const reports = this.#reports.get(trial) ?? new Map<number, Float64Array>()
    reports.set(resource, values)
    this.#reports.set(trial, reports)
  }

  /** The last level of a trial that is kept; 0: none is. */
  highest(trial: TrialId): number {
    return Math.max(0, ...(this.#reports.get(trial)?.keys() ?? []))
  }

  /** Those after a level and before another, in order. They are forgotten, and so are those up to the first level. */
  take(trial: TrialId, after: number, before: number): readonly LateReport[] {
    const reports = this.#reports.get(trial)
    if (reports === undefined) return []
    const all = [...reports].map(([resource, values]) => ({ resource, values }))
    for (const { resource } of all) if (resource < before) reports.delete(resource)
    if (reports.size === 0) this.#reports.delete(trial)
    return all.filter(({ resource }) => resource > after && resource < before).sort((a, b) => a.resource - b.resource)
  }
}

/** What each trial reported so far, for rules that look back. */
import { grown } from './growable.js'
import type { TrialId } from '../trial.js'

/** The losses of one trial in order, with the resource levels at which they were reported. */
export interface History {
  length: number
  resources: Float64Array
  losses: Float64Array
  /** The smallest loss. */
  best: number
}

/** Histories by trial, until they are taken out. */
export class TrialHistories {
  readonly #histories = new Map<TrialId, History>()

  /** Appends a report to the trial's history and returns that. Amortised O(1). */
  append(trial: TrialId, resource: number, loss: number): History {
    let history = this.#histories.get(trial)
    if (history === undefined) {
      history = { length: 0, resources: new Float64Array(8), losses: new Float64Array(8), best: Infinity }
      this.#histories.set(trial, history)
    }
    const at = history.length++
    if (at === history.losses.length) {
      history.resources = grown(history.resources, at + 1)
      history.losses = grown(history.losses, at + 1)
    }
    history.resources[at] = resource
    history.losses[at] = loss
    if (loss < history.best) history.best = loss
    return history
  }

  /** Takes a trial's history out; undefined if it never reported. */
  take(trial: TrialId): History | undefined {
    const history = this.#histories.get(trial)
    this.#histories.delete(trial)
    return history
  }
}

/** How many trials reached each rung, what became of them there, and the best value there. */
import type { Decision } from '../../core/scheduler.js'
import type { TrialId } from '../../core/trial.js'

export interface RungView {
  readonly level: number
  /** Trials that got to this level. */
  readonly reached: number
  /** Of these: gone on past it, at once or after a pause. */
  readonly passed: number
  readonly stopped: number
  /** Waiting now. */
  readonly paused: number
  /** The value of the first objective with the least loss; undefined where none was finite. */
  readonly best: { readonly trial: TrialId; readonly value: number } | undefined
}

interface Level {
  reached: number
  passed: number
  stopped: number
  paused: number
  loss: number
  value: number
  trial: TrialId
}

export class LiveRungs {
  readonly #announced: readonly number[]
  readonly #maxResource: number
  readonly #levels = new Map<number, Level>()
  /** Levels at which a trial was stopped or paused: rungs, also where nobody announced them. */
  readonly #judged = new Set<number>()

  /** @param announced levels at which the scheduler is known to judge, ascending, below the maximum */
  constructor(announced: readonly number[], maxResource: number) {
    this.#announced = announced
    this.#maxResource = maxResource
  }

  /**
   * A trial that had reached `from` reports at level `to`. Rungs that were jumped over are judged with it.
   *
   * @param loss of the first objective, as methods compare it
   * @param value the same as it was reported
   * @returns whether it passes an announced rung
   */
  report(trial: TrialId, from: number, to: number, decision: Decision, loss: number, value: number): boolean {
    const levels = this.#announced.filter((level) => level > from && level <= to)
    const judged = levels.at(-1)
    if (judged !== to) levels.push(to)
    for (const level of levels) {
      const at = this.#credit(level, trial, loss, value)
      if (level === (judged ?? to) && decision !== 'continue') {
        this.#judged.add(level)
        if (decision === 'stop') at.stopped++
        else at.paused++
      } else if (level < this.#maxResource && (decision === 'continue' || level < to)) at.passed++
    }
    return decision === 'continue' && judged !== undefined
  }

  /** A trial that was paused at a level goes on, or ends after all. */
  leave(from: number, how: 'passed' | 'ended'): void {
    const level = this.#levels.get(this.#rungAt(from))
    if (level === undefined || level.paused === 0) return
    level.paused--
    if (how === 'passed') level.passed++
  }

  /** Rungs, ascending, the maximum level last. */
  view(): RungView[] {
    const shown = new Set([...this.#announced, ...this.#judged, this.#maxResource])
    return [...shown]
      .toSorted((a, b) => a - b)
      .map((level) => {
        const at = this.#levels.get(level)
        if (at === undefined) return { level, reached: 0, passed: 0, stopped: 0, paused: 0, best: undefined }
        const { reached, passed, stopped, paused, loss, value, trial } = at
        return { level, reached, passed, stopped, paused, best: loss < Infinity ? { trial, value } : undefined }
      })
  }

  /** The rung at which a trial that had got to a level was judged. */
  #rungAt(level: number): number {
    if (this.#judged.has(level)) return level
    return this.#announced.findLast((rung) => rung <= level) ?? level
  }

  #credit(level: number, trial: TrialId, loss: number, value: number): Level {
    let at = this.#levels.get(level)
    if (at === undefined) {
      at = { reached: 0, passed: 0, stopped: 0, paused: 0, loss: Infinity, value: Number.NaN, trial: -1 }
      this.#levels.set(level, at)
    }
    at.reached++
    if (loss < at.loss) {
      at.loss = loss
      at.value = value
      at.trial = trial
    }
    return at
  }
}

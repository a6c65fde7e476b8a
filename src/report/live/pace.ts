/** How fast a run goes, what of its budget is used, and how long it will take at this rate. */
import type { StopRule } from '../../core/stop-rule.js'

/** One limit of a run: `seconds`, `trials`, ... as in a stop rule. */
export interface LimitView {
  readonly limit: 'seconds' | 'trials' | 'evaluations' | 'reports' | 'cost'
  readonly used: number
  readonly of: number
}

/** What a run has used; times in seconds. */
export interface Used {
  readonly elapsed: number
  readonly trials: number
  readonly evaluations: number
  readonly reports: number
  /** US dollars; undefined where no price is known. */
  readonly cost: number | undefined
  /** Reports per second of late; undefined before the second. */
  readonly rate: number | undefined
}

const LIMITS = ['seconds', 'trials', 'evaluations', 'reports', 'cost'] as const

/** The limits of a run in the order of {@link LIMITS}; a target is none that can be used up. */
export function limitViews(stop: StopRule, used: Used): LimitView[] {
  return LIMITS.flatMap((limit) => {
    const of = stop[limit]
    const now = limit === 'seconds' ? used.elapsed : used[limit]
    return of === undefined || now === undefined ? [] : [{ limit, used: now, of }]
  })
}

/**
 * Seconds until the first limit is reached: exact for seconds, at the rate so far for the others. A run may end earlier,
 * as a target was reached or nothing is left to try.
 *
 * @returns undefined where nothing can be said
 */
export function secondsLeft(limits: readonly LimitView[], used: Used): number | undefined {
  let least: number | undefined
  for (const { limit, used: now, of } of limits) {
    const rate = limit === 'seconds' ? 1 : limit === 'reports' ? used.rate : now / used.elapsed
    // Trials that were started run on: when the last of them ends is not known.
    if (limit === 'trials' && now >= of) continue
    if (rate === undefined || !(rate > 0) || rate === Infinity) continue
    least = Math.min(least ?? Infinity, Math.max(0, of - now) / rate)
  }
  return least
}

/** Over so many reports the rate is taken. */
const WINDOW = 120

/** The rate of reports of late. */
export class ReportRate {
  readonly #times: number[] = []
  #next = 0

  add(time: number): void {
    this.#times[this.#next] = time
    this.#next = (this.#next + 1) % WINDOW
  }

  /** Reports per second from the oldest remembered one until now; undefined before the second. */
  perSecond(now: number): number | undefined {
    const count = this.#times.length
    if (count < 2) return undefined
    const since = now - this.#times[count < WINDOW ? 0 : this.#next]!
    return since > 0 ? (count - 1) / since : undefined
  }
}

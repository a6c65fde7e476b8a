/** Puts the reports of one attempt into the order of their levels: a line that is late is waited for, but not for ever. */
import type { LoggedReport } from './job-log.js'

interface Held extends LoggedReport {
  readonly level: number
  readonly arrived: number
}

/**
 * A level that follows the last one goes out at once. One that leaves levels out is held until they come or `patience` is over;
 * then the program is taken to report every so many levels, and such steps are waited for no more.
 */
export class ReportOrder {
  readonly #resource: string
  readonly #patience: number
  #held: Held[] = []
  #step = 1
  #begun = false

  /** @param patience seconds */
  constructor(resource: string, patience: number) {
    this.#resource = resource
    this.#patience = patience
  }

  /** Whether something is held. */
  get waiting(): boolean {
    return this.#held.length > 0
  }

  /** When the first line that is held was written, in milliseconds since 1970. */
  get since(): number {
    return Math.min(...this.#held.map(({ timestamp }) => timestamp))
  }

  push(logged: LoggedReport, now: number): void {
    const level = Object.hasOwn(logged.report, this.#resource) ? Number(logged.report[this.#resource]) : Number.NaN
    this.#held.push({ ...logged, level, arrived: now })
    // What has no level goes out with what came before it.
    this.#held.sort((a, b) => a.level - b.level || a.timestamp - b.timestamp || 0)
  }

  /**
   * What goes out now.
   *
   * @param last the last level that was handed over
   * @param now seconds; Infinity: nothing more will come
   */
  take(last: number, now: number): LoggedReport[] {
    const out: LoggedReport[] = []
    let reached = last
    while (this.#held.length > 0) {
      const next = this.#held[0]!
      const step = next.level - reached
      if (step > this.#step && now < Infinity) {
        if (now - next.arrived < this.#patience) break
        // What the first one leaves out may have been saved by an earlier job, or by the one that was copied.
        if (this.#begun || reached === 0) this.#step = step
      }
      this.#begun = true
      if (next.level > reached) reached = next.level
      out.push(this.#held.shift()!)
    }
    return out
  }
}

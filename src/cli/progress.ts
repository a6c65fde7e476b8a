/** A progress bar in one line of a terminal. */
import { formatDuration } from '../report/format.js'

const WIDTH = 30
/** Seconds between two drawings. */
const PERIOD = 0.1

/** Draws how far something is; erases itself. Writes nothing where `write` is undefined. */
export class ProgressBar {
  readonly #write: ((text: string) => void) | undefined
  readonly #unit: string
  readonly #now: () => number
  #began: { readonly at: number; readonly done: number } | undefined
  #drawnAt = -Infinity
  #visible = false

  /**
   * @param write to the terminal; undefined draws nothing
   * @param unit what is counted, e.g. `runs`
   * @param now seconds
   */
  constructor(
    write: ((text: string) => void) | undefined,
    unit: string,
    now: () => number = () => performance.now() / 1000,
  ) {
    this.#write = write
    this.#unit = unit
    this.#now = now
  }

  /** Begins to count time; what is done already does not count towards the rate. */
  begin(done: number): void {
    this.#began = { at: this.#now(), done }
  }

  /** @param note stands at the end of the line */
  update(done: number, total: number, note = ''): void {
    if (this.#write === undefined) return
    if (this.#began === undefined) this.begin(0)
    const now = this.#now()
    if (now - this.#drawnAt < PERIOD && done < total) return
    this.#drawnAt = now
    this.#visible = true
    this.#write(`\r\u001B[K${this.#line(done, total, now)}${note}`)
  }

  /** Erases the line. */
  clear(): void {
    if (this.#visible) this.#write?.('\r\u001B[K')
    this.#visible = false
  }

  #line(done: number, total: number, now: number): string {
    const full = Math.round((WIDTH * done) / Math.max(1, total))
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`
    const seconds = now - this.#began!.at
    const rate = (done - this.#began!.done) / seconds
    const pace =
      rate > 0 && Number.isFinite(rate)
        ? `  ${formatRate(rate)}  ${formatDuration(Math.ceil((total - done) / rate))} left`
        : ''
    return `${bar} ${done}/${total} ${this.#unit}${pace}`
  }
}

/** `850/s`, `12/min` or `3/h`: whichever is at least 1. */
function formatRate(perSecond: number): string {
  if (perSecond >= 1) return `${Math.round(perSecond)}/s`
  if (perSecond >= 1 / 60) return `${Math.round(perSecond * 60)}/min`
  return `${Math.round(perSecond * 3600)}/h`
}

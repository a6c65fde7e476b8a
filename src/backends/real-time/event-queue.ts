/** Events that have happened but were not handed over yet, and the one reader that may wait for them. */
import type { BackendEvent } from '../../core/backend.js'

/** First in, first out; an ended attempt's events can be taken back. */
export class EventQueue {
  #events: BackendEvent[] = []
  #head = 0
  #wake: (() => void) | undefined

  push(event: BackendEvent): void {
    this.#events.push(event)
    this.wake()
  }

  /** The oldest event, left where it is. */
  peek(): BackendEvent | undefined {
    return this.#events[this.#head]
  }

  /** Takes the oldest event away. */
  shift(): void {
    this.#head++
    if (this.#head > 1024 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head)
      this.#head = 0
    }
  }

  /** Takes back the events of an attempt, and returns them. */
  withdraw(trial: number, attempt: number): readonly BackendEvent[] {
    const mine = (event: BackendEvent): boolean => event.trial === trial && event.attempt === attempt
    const waiting = this.#events.slice(this.#head)
    this.#events = waiting.filter((event) => !mine(event))
    this.#head = 0
    return waiting.filter((event) => mine(event))
  }

  /** Resolves at the next event, at {@link wake} or after so many seconds. One reader at a time. */
  async wait(seconds: number): Promise<void> {
    if (this.#wake !== undefined) throw new Error('next() was called while another next() is waiting')
    await new Promise<void>((resolve) => {
      // Node's timers hold 31 bits of milliseconds.
      const timer = setTimeout(resolve, Math.min(Math.max(0, seconds * 1000), 0x7fff_ffff))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }

  /** Ends a wait. */
  wake(): void {
    this.#wake?.()
  }
}

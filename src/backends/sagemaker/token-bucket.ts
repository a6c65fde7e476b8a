/** A limit on calls per second that lets short bursts through. */

/** Who waits gets a token in the order of asking. */
export class TokenBucket {
  readonly #rate: number
  readonly #burst: number
  #tokens: number
  #at: number

  /**
   * @param rate tokens per second
   * @param burst most tokens that are saved up
   * @param now seconds on any clock, when it is made
   */
  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate
    this.#burst = burst
    this.#tokens = burst
    this.#at = now
  }

  /** Takes a token now, on credit if there is none. @returns seconds to wait before it may be used */
  take(now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, now - this.#at) * this.#rate)
    this.#at = Math.max(this.#at, now)
    this.#tokens--
    return Math.max(0, -this.#tokens / this.#rate)
  }
}

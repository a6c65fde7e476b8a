/** The emulator's time: as the wall clock at first, then `speed` times as fast. */
export class Clock {
  readonly #origin = Date.now()
  readonly #mark = performance.now()
  #skipped = 0
  readonly speed: number

  constructor(speed: number) {
    this.speed = speed
  }

  /** Whole milliseconds since 1970, as the services tell time. */
  now(): number {
    return Math.floor(this.#origin + (performance.now() - this.#mark) * this.speed) + this.#skipped
  }

  /** Jumps ahead: what is compared with `now` is due at once; waits that go on are not shortened. */
  skip(seconds: number): void {
    this.#skipped += Math.floor(seconds * 1000)
  }

  /** Seconds of the emulator's time; returns early when the signal says so. */
  async wait(seconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return
    const end = performance.now() + (seconds * 1000) / this.speed
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      // Timers may be a little early, and a little is `speed` times as much here.
      const look = (): void => {
        const left = end - performance.now()
        if (left <= 0) done()
        else timer = setTimeout(look, Math.min(Math.ceil(left), 2 ** 31 - 1))
      }
      signal?.addEventListener('abort', done)
      look()
    })
  }
}

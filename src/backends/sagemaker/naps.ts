/** Waits that end early when everything is over. */

export class Naps {
  readonly #naps = new Set<() => void>()

  take(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#naps.delete(done)
        resolve()
      }
      const timer = setTimeout(done, seconds * 1000)
      this.#naps.add(done)
    })
  }

  /** Ends those that are being taken. */
  wake(): void {
    for (const done of this.#naps) done()
  }
}

/** What a run was billed so far, by job: a job that is seen to end twice counts once. */
export class Bills {
  readonly #usd = new Map<string, number>()

  /** @param usd null where the price is not known */
  add({ job, usd }: { readonly job: string; readonly usd: number | null }): void {
    this.#usd.set(job, usd ?? Number.NaN)
  }

  has(job: string): boolean {
    return this.#usd.has(job)
  }

  /** US dollars of all jobs that have ended; NaN where a price is not known. */
  get usd(): number {
    let sum = 0
    for (const usd of this.#usd.values()) sum += usd
    return sum
  }
}

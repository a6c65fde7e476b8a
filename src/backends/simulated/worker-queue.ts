/**
 * The pending events of a simulation: at most one per worker, ordered by (time, trial, attempt). An attempt has one
 * pending event at a time, so this is the total order (time, trial, attempt, resource). The first is found in O(1); adding,
 * replacing and removing take O(log n) for n workers with a pending event.
 */
export class WorkerQueue {
  /** Per worker: the time, the trial and the attempt of its pending event. */
  readonly #times: Float64Array
  readonly #trials: Int32Array
  readonly #attempts: Int32Array
  /** Workers with a pending event, as a binary heap. */
  readonly #heap: Int32Array
  #size = 0

  constructor(workers: number) {
    this.#times = new Float64Array(workers)
    this.#trials = new Int32Array(workers)
    this.#attempts = new Int32Array(workers)
    this.#heap = new Int32Array(workers)
  }

  get size(): number {
    return this.#size
  }

  /** The worker whose event comes first; only while `size` > 0. */
  get first(): number {
    return this.#heap[0]!
  }

  /** The time of a worker's pending event, in seconds. */
  time(worker: number): number {
    return this.#times[worker]!
  }

  push(worker: number, time: number, trial: number, attempt: number): void {
    this.#times[worker] = time
    this.#trials[worker] = trial
    this.#attempts[worker] = attempt
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = this.#heap[parent]!
      if (!this.#before(worker, other)) break
      this.#heap[at] = other
      at = parent
    }
    this.#heap[at] = worker
  }

  /** Gives the first worker a new event, cheaper than removing it and pushing another. */
  replaceFirst(time: number, trial: number, attempt: number): void {
    const worker = this.#heap[0]!
    this.#times[worker] = time
    this.#trials[worker] = trial
    this.#attempts[worker] = attempt
    this.#sink(worker)
  }

  removeFirst(): void {
    const last = this.#heap[--this.#size]!
    if (this.#size > 0) this.#sink(last)
  }

  #sink(worker: number): void {
    const heap = this.#heap
    const size = this.#size
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && this.#before(heap[child + 1]!, heap[child]!)) child++
      if (!this.#before(heap[child]!, worker)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = worker
  }

  #before(a: number, b: number): boolean {
    const [timeA, timeB] = [this.#times[a]!, this.#times[b]!]
    if (timeA !== timeB) return timeA < timeB
    const [trialA, trialB] = [this.#trials[a]!, this.#trials[b]!]
    return trialA < trialB || (trialA === trialB && this.#attempts[a]! < this.#attempts[b]!)
  }
}

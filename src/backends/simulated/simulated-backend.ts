/**
 * The simulated backend: replays recorded trainings on a virtual clock. The clock jumps from event to event; per running
 * trial only its next event is pending. This is the hot loop of the product: plain numbers in typed arrays, nothing
 * allocated per report. In plain words, without the short cuts:
 *
 *     next():  take the earliest pending event; if it is a report and the trial has a further level, the report of that
 *              level becomes pending; after the last level the trial ends at the same time.
 *     start(): the report of the first level becomes pending at now + start-up + elapsed time of that level.
 *     halt():  the trial's pending event is forgotten; the worker is free after the stop delay.
 */
import { type BackendEvent, type VirtualTimeBackend, emptyEvent } from '../../core/backend.js'
import { BenchError } from '../../core/errors.js'
import type { RandomStreams } from '../../core/random.js'
import type { Config } from '../../core/space.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import { FaultPlan } from './faults.js'
import type { SimulationOptions } from './options.js'
import { RecordedTrials } from './recorded-trials.js'
import { TableLookup } from './table-lookup.js'
import { WorkerQueue } from './worker-queue.js'

/** What a worker's pending event is. */
const FREE = 0
const REPORT = 1
/** The last report was delivered; the end of the trial follows at the same time. */
const END = 2
const FAIL = 3
const RELEASE = 4
/** Never again: pending at infinity. */
const HUNG = 5
/** Added to a trial's number where its worker is released: after all reports of the same poll. */
const AFTER_REPORTS = 2 ** 30

export interface SimulationSetup {
  readonly table: SurrogateTable
  readonly workers: number
  /** Metrics recorded with every report, the objectives first. */
  readonly metrics: readonly string[]
  readonly seed: number
  readonly random: RandomStreams
  readonly options: SimulationOptions
  /** Hyperparameters that the experiment holds fixed. */
  readonly fixed: Partial<Config>
  /** US dollars per worker and hour, for the metric `cost` of a table without instance types of its own. */
  readonly pricePerHour?: number
  /** Real seconds, for `decision: 'measured'` only. */
  readonly wallClock?: () => number
}

export class SimulatedBackend implements VirtualTimeBackend {
  readonly workers: number
  idle: number
  busy = 0
  /** What the table holds for the trials started. */
  readonly trials: RecordedTrials

  readonly #options: SimulationOptions
  readonly #levels: number
  readonly #faults: FaultPlan
  readonly #wallClock: (() => number) | undefined
  /** US dollars per hour of each instance type; where the table has none, the price is the run's. */
  readonly #usdPerHour: Float64Array | undefined
  /** How many busy workers each has: adding up the workers themselves at every event would be O(workers). */
  readonly #busyOfType: Int32Array
  readonly #event: BackendEvent
  readonly #queue: WorkerQueue
  // Per worker: what is pending, and the attempt it belongs to.
  readonly #pending: Uint8Array
  readonly #trial: Int32Array
  readonly #attempt: Int32Array
  readonly #level: Int32Array
  readonly #failLevel: Int32Array
  readonly #type: Int32Array
  /** What the attempt's recorded times are multiplied with. */
  readonly #pace: Float64Array
  /** Time that elapsed time 0 of the attempt's curve stands for. */
  readonly #origin: Float64Array
  readonly #free: Int32Array
  /** The queue's first worker is the one whose event was handed over last; its next event is not queued yet. */
  #handedOver = false
  #now = 0
  #handedAt = 0

  constructor(setup: SimulationSetup) {
    const { table, workers, options } = setup
    this.workers = workers
    this.idle = workers
    this.#options = options
    this.#levels = table.levels
    const lookup = new TableLookup(table, setup.seed, options.lookup, setup.fixed)
    this.trials = new RecordedTrials(table, lookup, setup)
    this.#faults = new FaultPlan(options.faults, setup.random.key('faults'))
    this.#wallClock = options.decision === 'measured' ? setup.wallClock : undefined
    this.#usdPerHour = table.instances?.usdPerHour
    this.#busyOfType = new Int32Array(this.trials.slowness.length)
    this.#event = emptyEvent(setup.metrics.length)
    this.#queue = new WorkerQueue(workers)
    this.#pending = new Uint8Array(workers)
    this.#trial = new Int32Array(workers)
    this.#attempt = new Int32Array(workers)
    this.#level = new Int32Array(workers)
    this.#failLevel = new Int32Array(workers)
    this.#type = new Int32Array(workers)
    this.#pace = new Float64Array(workers)
    this.#origin = new Float64Array(workers)
    this.#free = Int32Array.from({ length: workers }, (_, i) => workers - 1 - i)
  }

  /** As the tuner asks for it after each event: undefined where the table has no instance types of its own. O(their number). */
  get usdPerHour(): number | undefined {
    const prices = this.#usdPerHour
    if (prices === undefined) return undefined
    let sum = 0
    // Types that nobody uses may have no price, and NaN times 0 would be NaN.
    for (let type = 0; type < prices.length; type++)
      if (this.#busyOfType[type]! > 0) sum += prices[type]! * this.#busyOfType[type]!
    return sum
  }

  start(trial: number, attempt: number, config: Config, from: number): void {
    const { trials } = this
    if (attempt === 0) {
      if (from > 0 && !this.#options.checkpoints)
        throw new BenchError(
          "the scheduler starts a trial from a copy of another's checkpoint, but simulation.checkpoints is false",
        )
      trials.add(trial, config)
    }
    const options = this.#options
    const type = trials.types[trial]!
    const pace = trials.slowness[type]!
    let begin = this.#now + (options.startup === 'table' ? trials.startup(trial) : options.startup)
    if (this.#wallClock !== undefined) begin += this.#wallClock() - this.#handedAt
    else if (typeof options.decision === 'number') begin += options.decision
    // A copy goes on along the curve of its own configuration, as if it had been trained by that all along.
    // With a checkpoint the time up to `from` is not spent again; without, it is, and its reports are not made again.
    if (from > 0 && options.checkpoints) begin += options.checkpointRestore - trials.elapsed(trial, from) * pace

    const worker = this.#free[--this.idle]!
    this.busy++
    this.#busyOfType[type]!++
    this.#trial[worker] = trial
    this.#attempt[worker] = attempt
    this.#level[worker] = from + 1
    this.#failLevel[worker] = this.#faults.active ? this.#faults.level(trial, attempt, from, this.#levels) : 0
    this.#type[worker] = type
    this.#pace[worker] = pace
    this.#origin[worker] = begin
    const time = this.#schedule(worker)
    if (this.#handedOver && this.#queue.first === worker) {
      this.#queue.replaceFirst(time, trial, attempt)
      this.#handedOver = false
    } else {
      this.#settle()
      this.#queue.push(worker, time, trial, attempt)
    }
  }

  halt(_trial: number, how: 'pause' | 'stop'): void {
    // Decisions are made on the trial that just reported: its worker is the queue's first.
    const worker = this.#queue.first
    const delay = this.#options.stopDelay + (how === 'pause' ? this.#options.checkpointSave : 0)
    this.#releaseAfter(worker, delay)
  }

  next(): BackendEvent | undefined {
    const queue = this.#queue
    const event = this.#event
    // After the last report its trial ends at once, so its entry stays first.
    if (!this.#handedOver || this.#pending[queue.first] !== END) this.#settle()
    if (queue.size === 0) return undefined
    const worker = queue.first
    const time = queue.time(worker)
    this.#now = time
    this.#handedOver = true
    if (this.#wallClock !== undefined) this.#handedAt = this.#wallClock()
    event.time = time
    event.trial = this.#trial[worker]!
    event.attempt = this.#attempt[worker]!
    switch (this.#pending[worker]) {
      case REPORT:
        event.kind = 'report'
        event.resource = this.#level[worker]!
        this.trials.read(event.trial, event.resource, event.values)
        if (event.resource === this.#levels) this.#pending[worker] = END
        else this.#level[worker]!++
        return event
      case END:
        event.kind = 'end'
        event.state = 'completed'
        event.reason = ''
        this.#releaseAfter(worker, 0)
        return event
      case HUNG:
        event.kind = 'ignored'
        event.reason = 'hangs: an injected fault'
        return event
      case FAIL:
        event.kind = 'end'
        event.state = 'failed'
        event.reason = `injected fault: ${this.#options.faults.kind}`
        this.#releaseAfter(worker, this.#options.faults.kind === 'lost' ? this.#options.faults.replaceSeconds : 0)
        return event
      default:
        event.kind = 'released'
        this.#release(worker)
        return event
    }
  }

  /** Makes the worker of the event handed over free, with polls after all reports of that poll. @param delay seconds */
  #releaseAfter(worker: number, delay: number): void {
    const polls = this.#options.pollInterval > 0
    if (delay === 0 && !polls) return this.#release(worker)
    this.#pending[worker] = RELEASE
    const time = delay === 0 ? this.#now : this.#seen(this.#now + delay)
    this.#queue.replaceFirst(time, this.#trial[worker]! + (polls ? AFTER_REPORTS : 0), this.#attempt[worker]!)
    this.#handedOver = false
  }

  /** Makes the worker free; its entry in the queue is replaced by its next start or removed by {@link #settle}. */
  #release(worker: number): void {
    this.#pending[worker] = FREE
    this.#free[this.idle++] = worker
    this.busy--
    this.#busyOfType[this.#type[worker]!]!--
  }

  /** Queues what follows the event handed over last: the next level of its trial, or nothing if its worker is free. */
  #settle(): void {
    if (!this.#handedOver) return
    this.#handedOver = false
    const worker = this.#queue.first
    if (this.#pending[worker] === FREE) this.#queue.removeFirst()
    else if (this.#pending[worker] === REPORT)
      this.#queue.replaceFirst(this.#schedule(worker), this.#trial[worker]!, this.#attempt[worker]!)
  }

  /** When the worker's next event arrives. */
  #schedule(worker: number): number {
    const level = this.#level[worker]!
    const time = this.#origin[worker]! + this.trials.elapsed(this.#trial[worker]!, level) * this.#pace[worker]!
    if (this.#failLevel[worker] !== level) {
      this.#pending[worker] = REPORT
      return this.#seen(time + this.#options.resultDelay)
    }
    this.#pending[worker] = this.#options.faults.kind === 'hang' ? HUNG : FAIL
    return this.#pending[worker] === HUNG ? Infinity : this.#seen(time + this.#options.resultDelay)
  }

  /** When the tuner, which may look only every so often, sees what happens at `time`. */
  #seen(time: number): number {
    const { pollInterval } = this.#options
    return pollInterval === 0 ? time : Math.ceil(time / pollInterval) * pollInterval
  }
}

/**
 * The loop that one would write by hand for one scheduler, one table and one machine, and nothing else: no interface
 * between scheduler, backend and recorder, no options, no objects. Event queue, rungs, random draws and records are those
 * of the product, so it makes the same decisions at the same times: its digest is the one of `bench run`. What the
 * product takes longer is the price of being general.
 */
import { chooseRepetition } from '../src/backends/simulated/repetitions.js'
import { WorkerQueue } from '../src/backends/simulated/worker-queue.js'
import { grown } from '../src/core/collections/growable.js'
import { type Random, RandomStreams } from '../src/core/random.js'
import { PromotionRung, Rung, passingCount, rungLevels } from '../src/core/rungs/rung.js'
import { type EventColumns, EVENT_KINDS } from '../src/store/run-log.js'
import { TableSource } from '../src/surrogates/table-source.js'
import type { SurrogateTable } from '../src/surrogates/table.js'

const WORKERS = 4
const ETA = 3
const [START, RESUME, CONTINUE, PAUSE, STOP, COMPLETED] = (
  ['start', 'resume', 'continue', 'pause', 'stop', 'completed'] as const
).map((kind) => EVENT_KINDS.indexOf(kind)) as [number, number, number, number, number, number]

/** What the loop keeps. */
class State {
  readonly queue = new WorkerQueue(WORKERS)
  readonly trialOf = new Int32Array(WORKERS)
  readonly levelOf = new Int32Array(WORKERS)
  readonly originOf = new Float64Array(WORKERS)
  trials = 0
  /** Per trial its row. */
  rows = new Int32Array(1024)
  events = 0
  #kind = new Uint8Array(1024)
  #trial = new Int32Array(1024)
  #resource = new Int32Array(1024)
  #time = new Float64Array(1024)
  #validation = new Float64Array(1024)
  #test = new Float64Array(1024)
  readonly table: SurrogateTable
  readonly #seed: number
  readonly #indices: Int32Array
  readonly #random: Random
  readonly #uses: Int32Array

  constructor(table: SurrogateTable, source: TableSource, seed: number) {
    this.table = table
    this.#seed = seed
    this.#indices = source.configurationIndices
    this.#random = new RandomStreams(seed).stream('searcher')
    this.#uses = new Int32Array(table.configurations)
  }

  /** A new trial, by number. */
  draw(): number {
    const { table } = this
    // The first draw is among the combinations of choices, of which this table has one.
    this.#random.int(1)
    const configuration = this.#indices[this.#random.int(this.#indices.length)]!
    const from = table.rowStart[configuration]!
    const repetitions = table.rowStart[configuration + 1]! - from
    const repetition = chooseRepetition(
      repetitions,
      table.keyHash(configuration),
      this.#seed,
      this.#uses[configuration]!++,
    )
    const trial = this.trials++
    if (trial === this.rows.length) this.rows = grown(this.rows, trial + 1)
    this.rows[trial] = table.rowOrder[from + repetition]!
    return trial
  }

  record(kind: number, time: number, trial: number, resource: number, validation: number, test: number): void {
    const at = this.events++
    if (at === this.#kind.length) {
      this.#kind = grown(this.#kind, at + 1)
      this.#trial = grown(this.#trial, at + 1)
      this.#resource = grown(this.#resource, at + 1)
      this.#time = grown(this.#time, at + 1)
      this.#validation = grown(this.#validation, at + 1)
      this.#test = grown(this.#test, at + 1)
    }
    this.#kind[at] = kind
    this.#trial[at] = trial
    this.#resource[at] = resource
    this.#time[at] = time
    this.#validation[at] = validation
    this.#test[at] = test
  }

  get columns(): EventColumns {
    const n = this.events
    return {
      offsets: [0, n],
      kind: this.#kind.subarray(0, n),
      trial: this.#trial.subarray(0, n),
      resource: this.#resource.subarray(0, n),
      time: this.#time.subarray(0, n),
      values: [this.#validation.subarray(0, n), this.#test.subarray(0, n)],
    }
  }
}

/**
 * ASHA stopping, ASHA promotion, or random search without rungs: 4 workers, eta 3, `reports` reports.
 *
 * @param table with validation_error and test_error, one combination of choices, no start-up times, no diverged training
 */
export function handWritten(
  type: 'asha-stopping' | 'asha-promotion' | 'fifo',
  table: SurrogateTable,
  source: TableSource,
  seed: number,
  reports: number,
): EventColumns {
  const state = new State(table, source, seed)
  const { queue, trialOf, levelOf, originOf } = state
  const { levels } = table
  const { elapsed, curves } = table.data
  const [validation, test] = [curves['validation_error']!, curves['test_error']!]
  const promotes = type === 'asha-promotion'
  const stoppingAt = new Array<Rung | undefined>(levels + 1).fill(undefined)
  const pausingAt = new Array<PromotionRung | undefined>(levels + 1).fill(undefined)
  const at = type === 'fifo' ? [] : rungLevels(1, ETA, table.levels)
  for (const [j, level] of at.entries()) {
    const passing = passingCount('exact', level, at[j + 1] ?? levels, ETA, promotes ? 0 : 1)
    if (promotes) pausingAt[level] = new PromotionRung(level, passing)
    else stoppingAt[level] = new Rung(level, passing)
  }
  // Per trial: the level at which it pauses, and how often it was resumed.
  let until = new Int32Array(1024)
  let attempts = new Int32Array(1024)
  const begin = (worker: number, now: number): number => {
    for (let j = promotes ? at.length - 1 : -1; j >= 0; j--) {
      const rung = pausingAt[at[j]!]!
      const trial = rung.promotable()
      if (trial < 0) continue
      rung.take()
      const cell = state.rows[trial]! * levels + rung.level
      trialOf[worker] = trial
      levelOf[worker] = rung.level + 1
      originOf[worker] = now - elapsed[cell - 1]!
      until[trial] = at[j + 1] ?? levels
      attempts[trial]!++
      state.record(RESUME, now, trial, rung.level, NaN, NaN)
      return originOf[worker]! + elapsed[cell]!
    }
    const trial = state.draw()
    if (trial >= until.length) {
      until = grown(until, trial + 1)
      attempts = grown(attempts, trial + 1)
    }
    trialOf[worker] = trial
    levelOf[worker] = 1
    originOf[worker] = now
    until[trial] = at[0] ?? levels
    state.record(START, now, trial, 0, NaN, NaN)
    return now + elapsed[state.rows[trial]! * levels]!
  }
  for (let worker = 0; worker < WORKERS; worker++) queue.push(worker, begin(worker, 0), worker, 0)
  for (let reported = 0; ;) {
    const worker = queue.first
    const now = queue.time(worker)
    const trial = trialOf[worker]!
    const level = levelOf[worker]!
    const cell = state.rows[trial]! * levels + level - 1
    let decision = CONTINUE
    if (level < levels)
      if (!promotes) {
        const rung = stoppingAt[level]
        if (rung !== undefined && !rung.file(validation[cell]!)) decision = STOP
      } else if (level === until[trial]) {
        pausingAt[level]!.file(trial, validation[cell]!)
        decision = PAUSE
      }
    state.record(decision, now, trial, level, validation[cell]!, test[cell]!)
    if (++reported === reports) return state.columns
    if (level === levels) state.record(COMPLETED, now, trial, 0, NaN, NaN)
    if (decision !== CONTINUE || level === levels) {
      const time = begin(worker, now)
      queue.replaceFirst(time, trialOf[worker]!, attempts[trialOf[worker]!]!)
    } else {
      levelOf[worker] = level + 1
      queue.replaceFirst(originOf[worker]! + elapsed[cell + 1]!, trial, attempts[trial]!)
    }
  }
}

/** The trials of one local run, put together from the events of its journal. */
import { BenchError } from '../core/errors.js'
import type { Config } from '../core/space.js'
import { type RunEvent, runEvent } from '../store/journal-recorder.js'
import { readJournal } from '../store/journal.js'
import { type RunHeader, parseRunHeader } from './run-header.js'

/** Times of two levels are at least this far apart (seconds). */
const RESOLUTION = 1e-6

/** One trial, put together from its attempts. */
export interface RunTrial {
  readonly id: number
  readonly config: Config
  /** Seconds of training up to each level: by the clock of the run, start-up of every attempt included. */
  readonly clock: readonly number[]
  /** As the program reported them (`elapsed_time`), made to go on where its clock started again; empty if it does not. */
  readonly reported: readonly number[]
  /** Per level, what the journal's header calls `values`. */
  readonly values: readonly (readonly number[])[]
  /** Where it ran, if not on the machine of the run: its first job, billed for all of its jobs. */
  readonly job: TrialJob | undefined
  /** Whether its last attempt failed. */
  readonly failed: boolean
  /** Whether it began from the checkpoint of another trial: its first levels are not its own. */
  readonly copied: boolean
}

/** A training job as far as a table keeps it. */
export interface TrialJob {
  /** Seconds from the call until the service had its machine; null: it never had. */
  readonly startUp: number | null
  readonly instanceType: string
  readonly instanceCount: number
  /** Seconds that the service bills of each machine. */
  readonly billable: number
  /** US dollars; null where the price is not known. */
  readonly usd: number | null
}

export interface RunTrials {
  readonly header: RunHeader
  readonly trials: readonly RunTrial[]
  /** Seconds from the beginning of the run to its last event. */
  readonly seconds: number
}

/**
 * Reads the journal of a local run. Attempts of a trial are joined: times go on from the level that an attempt started from.
 * Which level that is, a program that repeats levels shows by reporting them: from each of them on its time is what it was
 * when the level was reported first.
 *
 * @throws BenchError if it is damaged, of another kind, or a trial jumped over a level
 */
export function readRunTrials(path: string): RunTrials {
  const journal = readJournal(path)
  const header = parseRunHeader(path, journal.header)
  const trials = new Map<number, Joined>()
  let seconds = 0
  for (const line of journal.entries) {
    const event = runEvent(line)
    if (line['event'] === 'job-end') trials.get(line['trial'] as number)?.ran(line as unknown as TrialJob)
    if (event === undefined) continue
    seconds = Math.max(seconds, event.time)
    if (event.event === 'start') trials.set(event.trial, new Joined(event, header))
    else {
      const trial = trials.get(event.trial)
      if (trial === undefined)
        throw new BenchError(`${path} is damaged: trial ${event.trial} has a "${event.event}" before its start`)
      trial.follow(event, path)
    }
  }
  return { header, trials: [...trials.values()], seconds }
}

class Joined implements RunTrial {
  readonly id: number
  readonly config: Config
  readonly copied: boolean
  readonly clock: number[] = []
  readonly reported: number[] = []
  readonly values: (readonly number[])[] = []
  failed = false
  job: TrialJob | undefined
  readonly #header: RunHeader
  /** When the training was where `#before` says, seconds since the run began. */
  #at: number
  /** Seconds of training up to there. */
  #before = 0
  /** Whether the current attempt has reported levels again that were reported before. */
  #repeats = false
  /** What is added to the times of a program whose clock started again. */
  #offset = 0

  constructor({ trial, time, config, copy }: RunEvent & { readonly event: 'start' }, header: RunHeader) {
    this.id = trial
    this.config = config
    this.copied = copy !== undefined
    this.#at = time
    this.#header = header
  }

  /** A job that found no machine has no start-up. */
  ran(job: TrialJob): void {
    const before = this.job
    const first = before?.startUp == null ? job : before
    const billable = (before?.billable ?? 0) + job.billable
    const usd = job.usd === null || before?.usd === null ? null : (before?.usd ?? 0) + job.usd
    this.job = { ...first, billable, usd }
  }

  follow(event: Exclude<RunEvent, { readonly event: 'start' }>, path: string): void {
    switch (event.event) {
      case 'resume':
      case 'restart':
        this.#at = event.time
        this.#before = event.event === 'restart' && this.#header.checkpoints === false ? 0 : (this.clock.at(-1) ?? 0)
        this.#repeats = false
        break
      case 'ignored': {
        const then = this.clock[event.resource - 1]
        if (then === undefined) break
        this.#at = event.time
        this.#before = then
        this.#repeats = true
        break
      }
      case 'report':
        if (!this.copied) this.#report(event, path)
        break
      case 'end':
        this.failed = event.state === 'failed'
        break
      case 'released':
        break
    }
  }

  #report({ resource, values, time }: RunEvent & { readonly event: 'report' }, path: string): void {
    const { name } = this.#header.resource
    if (resource !== this.values.length + 1)
      throw new BenchError(
        `${path}: trial ${this.id} reported ${name} ${resource} after ${this.values.length}; a table needs every ${name}`,
      )
    const last = this.clock.at(-1) ?? 0
    this.clock.push(Math.max(this.#before + time - this.#at, last + RESOLUTION))
    this.values.push(values)
    const own = values[this.#header.values.indexOf('elapsed_time')]
    if (own !== undefined) this.#ownTime(own, this.clock.at(-1)! - last)
  }

  /** @param passed seconds since the level before, by the clock of the run */
  #ownTime(time: number, passed: number): void {
    const last = this.reported.at(-1) ?? 0
    // Its clock started again; of repeated levels it says nothing here, but the clock of the run does.
    if (this.#offset + time <= last) this.#offset = this.#repeats ? last + passed - time : last
    this.reported.push(Math.max(this.#offset + time, last + RESOLUTION))
  }
}

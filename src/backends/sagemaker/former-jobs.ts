/**
 * What former runners of a run left behind: its jobs, by the journal and by the service's own list. The list is what counts: a
 * job may have been made by a runner that died before it could write anything down, or the journal may be a copy that is a
 * little older than the jobs.
 */
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import type { Interrupted } from '../real-time/lost-levels.js'
import { type JobPlace, jobPlace } from './job-name.js'
import type { JobStart } from './job-lines.js'

/** What the journal of an interrupted run says of its jobs. */
export interface JournalledJobs {
  /** All that were asked for, in that order. */
  readonly jobs: readonly JobStart[]
  /** Seconds of training up to the last report, by trial. */
  readonly trained: ReadonlyMap<TrialId, number>
  /** Names of jobs that were certainly there. */
  readonly heard: { has(job: string): boolean }
  /** Of all trials so far. Default: not known. */
  readonly configs?: readonly Config[]
  /** What programs of the run were seen to leave out by themselves. Default: nothing. */
  readonly interrupted?: Pick<Interrupted, 'skips' | 'endsEarly'>
}

export class FormerJobs {
  /** Whether the list has been seen, or there cannot be any. */
  listed: boolean
  readonly #prefix: string
  readonly #journalled: ReadonlyMap<string, JobStart>
  readonly #heard: JournalledJobs['heard']
  readonly #configs: readonly Config[]
  readonly #listed = new Map<string, JobPlace>()

  /** @param prefix of the names of the run's jobs. @param journalled undefined for a new run */
  constructor(prefix: string, journalled: JournalledJobs | undefined) {
    this.#prefix = prefix
    this.listed = journalled === undefined
    this.#heard = journalled?.heard ?? new Set()
    this.#configs = journalled?.configs ?? []
    this.#journalled = new Map(journalled?.jobs.map((job) => [job.job, job]))
  }

  /** Takes the list of all jobs of the run, whatever became of them. */
  list(names: readonly string[]): void {
    for (const name of names) {
      const place = jobPlace(this.#prefix, name)
      if (place !== undefined) this.#listed.set(name, place)
    }
    this.listed = true
  }

  /** Whether the service has such a job. */
  has(name: string): boolean {
    return this.#listed.has(name)
  }

  /**
   * How often an attempt was given a job before the last one that is known. One that was there and is not any more counts as
   * before the last one: its name stands for what it cost.
   */
  restarts(trial: TrialId, attempt: number): number {
    let restarts = 0
    const count = (job: JobPlace, after = 0): void => {
      if (job.trial === trial && job.attempt === attempt) restarts = Math.max(restarts, job.restarts + after)
    }
    for (const job of this.#listed.values()) count(job)
    for (const [name, job] of this.#journalled) count(job, this.#heard.has(name) && !this.#listed.has(name) ? 1 : 0)
    return restarts
  }

  /** The jobs of a trial, in the order in which they were made. */
  jobsOf(trial: TrialId): readonly string[] {
    return [...this.#listed]
      .filter(([, place]) => place.trial === trial)
      .sort(([, a], [, b]) => a.attempt - b.attempt || a.restarts - b.restarts)
      .map(([name]) => name)
  }

  configOf(trial: TrialId): Config | undefined {
    return this.#configs[trial]
  }

  /** Seconds of training before a job, where the journal has them. */
  trainedBefore(name: string): number | undefined {
    return this.#journalled.get(name)?.trained
  }
}

/** Brings home what a launched tuner has written: its run directory, from S3. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Calls } from '../../backends/sagemaker/calls.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import { hasEnded } from '../../backends/sagemaker/job-end.js'
import { logTail } from '../../backends/sagemaker/log-tail.js'
import { isMark, listObjects } from '../../backends/sagemaker/object-lists.js'
import { ServiceFault } from '../../backends/sagemaker/service-fault.js'
import type { JobDescription } from '../../backends/sagemaker/services.js'
import { readManifest } from '../../store/run-directory.js'
import { readRunJobs } from '../../store/run-jobs.js'
import { writeWhole } from '../../store/write-whole.js'
import { readLaunch } from './launch-record.js'

/** How a launched run stands. */
export interface FetchedRun {
  /** Of the tuner. */
  readonly job: string
  /** As the service says, e.g. `InProgress (Training)`. */
  readonly status: string
  readonly ended: boolean
  /** Why it failed; empty otherwise. */
  readonly reason: string
  /**
   * Training jobs of which the tuner did not see the end, once it has ended itself: it is given 120 seconds, and its jobs as
   * long after it asked them to stop. What they cost is not written down.
   */
  readonly open: number
  /** In the run directory on S3. */
  readonly files: number
  /** Of these, written here this time. */
  readonly written: number
}

/** Fetches the directory of a launched run, again and again only what changed. */
export class RunFetcher {
  readonly #directory: string
  readonly #calls: Calls
  /** What was fetched, by key: its checksum and size there. */
  readonly #known = new Map<string, string>()
  /** An answer came: later troubles are waited out. */
  #answered = false

  constructor(directory: string, calls: Calls) {
    this.#directory = directory
    this.#calls = calls
  }

  /**
   * Every file is written whole or not at all; what is here but not there stays. Files that say which process writes the
   * run are kept as long as there is one.
   *
   * @throws BenchError the first time without credentials or an answer; later that is waited for
   * @throws ServiceFault
   */
  async fetch(): Promise<FetchedRun> {
    const { jobs, results } = readLaunch(this.#directory)
    const job = jobs.at(-1)!
    // Asked before the list: what is seen of its end cannot leave out what was written before.
    const description = await this.#describe(job)
    const ended = hasEnded(description.TrainingJobStatus)
    const objects = await listObjects(this.#calls, results)
    let written = 0
    for (const [path, { bucket, key, version }] of objects) {
      const parts = path.split('/')
      if (parts.some((part) => part === '' || part === '..') || isMark(path)) continue
      if (ended && path.endsWith('.lock')) continue
      if (this.#known.get(path) === version) continue
      const bytes = await this.#get(bucket, key)
      if (bytes === undefined) continue
      const file = join(this.#directory, ...parts)
      mkdirSync(dirname(file), { recursive: true })
      writeWhole(file, bytes, 'fetch again')
      this.#known.set(path, version)
      written++
    }
    if (ended) removeLocks(this.#directory)
    const { TrainingJobStatus: status, SecondaryStatus: detail, FailureReason: reason } = description
    return {
      job,
      status: detail === undefined || detail === status ? String(status) : `${status} (${detail})`,
      ended,
      reason: status === 'Failed' ? (reason ?? 'no reason given') : '',
      open: ended ? openJobsIn(this.#directory) : 0,
      files: objects.size,
      written,
    }
  }

  /** The end of the tuner's log; nothing where it cannot be read. */
  lastLines(count: number): Promise<readonly string[]> {
    return logTail(this.#calls, readLaunch(this.#directory).jobs.at(-1)!, count).catch(() => [])
  }

  async #describe(job: string): Promise<JobDescription> {
    try {
      if (this.#answered) return await this.#calls.call('describeTrainingJob', job)
      const description = await firstCall(this.#calls, 'describeTrainingJob', job)
      this.#answered = true
      return description
    } catch (error) {
      if (error instanceof ServiceFault && error.kind === 'gone')
        return { TrainingJobStatus: 'Failed', FailureReason: 'its job was deleted' } as JobDescription
      throw error
    }
  }

  async #get(bucket: string, key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#calls.call('getObject', bucket, key)
    } catch (error) {
      // Gone since the list was made.
      if (error instanceof ServiceFault && error.kind === 'gone') return undefined
      throw error
    }
  }
}

/** @throws BenchError if what was fetched is damaged */
function openJobsIn(directory: string): number {
  if (!existsSync(join(directory, 'manifest.json'))) return 0
  return readRunJobs(directory, readManifest(directory)).reduce((sum, { open }) => sum + open, 0)
}

/** The tuner has ended: nobody writes this run any more. */
function removeLocks(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && entry.name.endsWith('.lock')) rmSync(join(entry.parentPath, entry.name), { force: true })
}

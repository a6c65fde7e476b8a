/** The lines of a journal that are about training jobs: those that stood there and those that come. */
import { Bills } from '../backends/sagemaker/bills.js'
import { NOT_THERE } from '../backends/sagemaker/job-record.js'
import type { JobMade, JobRecord, JobStart } from '../backends/sagemaker/job-lines.js'
import type { PoolRecord } from '../backends/sagemaker/pool-record.js'
import type { Journal, JournalLine, JournalWriter } from '../store/journal.js'
import { openJobs } from '../store/training-jobs.js'

const OURS: ReadonlySet<unknown> = new Set(['job', 'job-end', 'pool'])

export class JobLines {
  readonly #writer: Pick<JournalWriter, 'append'>
  readonly #lines: JournalLine[]
  readonly #ended: Set<unknown>
  /** What the jobs that have ended were billed. */
  readonly bills = new Bills()

  constructor(writer: Pick<JournalWriter, 'append'>, { entries }: Pick<Journal, 'entries'>) {
    this.#writer = writer
    this.#lines = entries.filter(({ event }) => OURS.has(event))
    const ends = this.#lines.filter(({ event }) => event === 'job-end') as unknown as readonly JobRecord[]
    this.#ended = new Set(ends.filter(wasThere).map(({ job }) => job))
    for (const end of ends) this.bills.add(end)
    for (const line of this.#lines) if (line['event'] === 'pool') this.#bill(line as unknown as PoolRecord)
  }

  get lines(): readonly JournalLine[] {
    return this.#lines
  }

  /** Jobs of which the end was not seen. */
  get open(): readonly JobStart[] {
    return openJobs(this.#lines).map(({ event: _event, ...job }) => job) as unknown as readonly JobStart[]
  }

  /** Jobs that ended well and of which it is not written down what the machines that they left were billed for. */
  get unpooled(): readonly JobRecord[] {
    const known = new Set(this.#lines.flatMap(({ event, job }) => (event === 'pool' ? [job] : [])))
    const ends = this.#lines.filter(
      ({ event, job, status }) => event === 'job-end' && status === 'Completed' && !known.has(job),
    )
    return ends as unknown as readonly JobRecord[]
  }

  pool(pool: PoolRecord): void {
    this.#bill(pool)
    this.#add({ event: 'pool', ...pool })
  }

  #bill({ job, usd }: PoolRecord): void {
    this.bills.add({ job: `the machines that ${job} left`, usd })
  }

  /** A job is about to be asked for. @throws BenchError if the journal cannot be written: then it must not be */
  begun(job: JobStart): void {
    this.#add({ event: 'job', ...job })
  }

  /** For those who follow the run: what it costs. */
  made(job: JobMade): void {
    this.#append({ event: 'job-made', ...job })
  }

  /** Of a job that a resumed run finds again the end may stand there already. */
  ended(job: JobRecord): void {
    if (this.#ended.has(job.job)) return
    if (wasThere(job)) this.#ended.add(job.job)
    this.bills.add(job)
    this.#lines.push({ event: 'job-end', ...job })
    this.#append({ event: 'job-end', ...job })
  }

  /** Of what has happened already. A journal that cannot be written ends the run at its next event, which says why. */
  #append(line: JournalLine): void {
    try {
      this.#writer.append(line)
    } catch {
      // see above
    }
  }

  #add(line: JournalLine): void {
    this.#writer.append(line)
    this.#lines.push(line)
  }
}

/** A name that was not there when it was asked for may be given to a job later. */
function wasThere({ status }: JobRecord): boolean {
  return status !== NOT_THERE.TrainingJobStatus
}

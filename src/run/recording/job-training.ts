/** What the jobs of one training gave: reports from their log, times and bills from the service. */
import type { JobRecord } from '../../backends/sagemaker/job-lines.js'
import type { Report } from '../../backends/real-time/report-line.js'
import { BILL, BILLABLE_SECONDS } from '../../record/job-costs.js'
import type { Recording } from '../../record/recording.js'
import { TrainingCollector, type TrainingResult } from '../../record/training-result.js'
import { ELAPSED_TIME } from '../../surrogates/elapsed-metric.js'
import { COST } from '../../surrogates/instance-factor.js'

interface Told {
  readonly report: Report
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

export class JobTraining {
  /** The job that reported, else the last one. */
  job = 'that was asked for'
  readonly #recording: Recording
  readonly #told: Told[] = []
  readonly #ended: JobRecord[] = []
  #mixed = false

  constructor(recording: Recording) {
    this.#recording = recording
  }

  add(report: Report, timestamp: number, job: string): void {
    this.#mixed ||= this.#told.length > 0 && job !== this.job
    this.job = job
    this.#told.push({ report, timestamp })
  }

  end(job: JobRecord): void {
    this.#ended.push(job)
    if (this.#told.length === 0) this.job = job.job
  }

  /**
   * @param failure why it failed; empty: it did not
   * @param usdPerHour of all machines of a job
   */
  result(failure: string, usdPerHour: number): TrainingResult {
    const collector = new TrainingCollector(this.#recording)
    const last = this.#ended.find(({ job }) => job === this.job)
    const began = last?.trainingSince ?? Number.NaN
    const sum = (of: (job: JobRecord) => number): number => this.#ended.reduce((total, job) => total + of(job), 0)
    const bills = { [BILLABLE_SECONDS]: sum(({ billable }) => billable), [BILL]: sum(({ usd }) => usd ?? Number.NaN) }
    let elapsed: number | undefined
    for (const { report, timestamp } of this.#told) {
      const { startup_time: _before, ...said } = report
      const arrival = (timestamp - began) / 1000
      elapsed = timeIn(said) ?? arrival
      collector.add({ ...said, [COST]: (elapsed * usdPerHour) / 3600, ...bills }, arrival)
    }
    const reason =
      failure === '' && this.#mixed
        ? 'its job was lost after reports; times of two jobs are not those of one training'
        : failure
    if (this.#mixed) collector.fault = reason
    const result = collector.result(reason)
    return { ...result, ...this.#times(result, last) }
  }

  /** The collector counts from when the machine was there; before that the service knows how long it took. */
  #times(
    result: TrainingResult,
    job: JobRecord | undefined,
  ): Pick<TrainingResult, 'elapsedSource' | 'startup' | 'startupSource'> {
    const { elapsedSource, startup, startupSource } = result
    if (startupSource === 'none' || job?.startUp == null) return { elapsedSource, startup: 0, startupSource: 'none' }
    const ofProgram = elapsedSource !== 'arrival'
    return {
      elapsedSource: ofProgram ? elapsedSource : 'log',
      startup: job.startUp + (ofProgram ? startup : 0),
      startupSource: ofProgram ? 'service-and-log' : 'service',
    }
  }
}

/** Seconds of training so far by the program's own clock, if it has one. */
function timeIn(report: Report): number | undefined {
  const own = report[ELAPSED_TIME] ?? report['st_worker_time']
  return typeof own === 'number' ? own : undefined
}

/** The reports in one job's log, each once, whatever the log service delays, repeats or shuffles. */
import { DATA_TAG, REPORT_TAG, type Report, ReportParser } from '../real-time/report-line.js'
import type { Calls } from './calls.js'
import { ServiceFault } from './service-fault.js'

/** The log group of all training jobs. Source: SageMaker developer guide, logging-cloudwatch. */
export const LOG_GROUP = '/aws/sagemaker/TrainingJobs'
/** A very chatty log is read in portions, so that others get their turn. */
const PAGES_A_TURN = 20
/** After a page with fewer events the rest, if there is any, is left to the next look: most often there is none. */
const MANY_EVENTS = 1000
/** Lines that are no reports are kept, the last so many. */
const LAST_LINES = 3
/** A token lives for 24 hours; without it reading begins this much before the last line. */
const OVERLAP_MS = 60_000

/** A report and when its line was written. */
export interface LoggedReport {
  readonly report: Report
  /** Milliseconds since 1970, by the clock of the machine that trained. */
  readonly timestamp: number
  /** Which stream, i.e. which start of which machine. */
  readonly stream: number
}

interface Stream {
  readonly name: string
  token: string | undefined
  /** Reading begins here, where there is no token. */
  from: number | undefined
}

/**
 * GetLogEvents with the token of the last answer gives what follows; "if you have reached the end of the stream, it returns
 * the same token you passed in" (CloudWatch Logs API reference). What arrives late with an earlier time may lie before the
 * token: {@link readAll} reads from the start again, and takes only lines that were not seen.
 *
 * A job's streams are called `<job>/algo-<n>-<time>`; a job that was interrupted gets new ones.
 */
export class JobLog {
  /** Lines with a tag whose object could not be read. */
  unreadable = 0
  readonly #calls: Pick<Calls, 'call'>
  readonly #job: string
  readonly #streams: Stream[] = []
  /** Lines with reports that were seen: a program has few of them. */
  readonly #seen = new Set<string>()
  #last: string[] = []

  constructor(calls: Pick<Calls, 'call'>, job: string) {
    this.#calls = calls
    this.#job = job
  }

  get streams(): number {
    return this.#streams.length
  }

  /** The last lines that were read and are no reports, oldest first: a program that fails says why. */
  get last(): readonly string[] {
    return this.#last
  }

  /** Looks for new streams, all pages of them. */
  async findStreams(): Promise<void> {
    let token: string | undefined
    do {
      const page = await quietly(
        this.#calls.call('describeLogStreams', {
          logGroupName: LOG_GROUP,
          logStreamNamePrefix: `${this.#job}/`,
          ...(token !== undefined && { nextToken: token }),
        }),
      )
      for (const { logStreamName: name } of page?.logStreams ?? [])
        if (name !== undefined && !this.#streams.some((stream) => stream.name === name))
          this.#streams.push({ name, token: undefined, from: undefined })
      token = page?.nextToken
    } while (token !== undefined)
  }

  /** What is new behind the cursors, by time. */
  async read(): Promise<LoggedReport[]> {
    const reports: LoggedReport[] = []
    for (const [i, stream] of this.#streams.entries()) await this.#follow(i, stream, reports, MANY_EVENTS)
    return reports.sort((a, b) => a.timestamp - b.timestamp)
  }

  /**
   * All that was not seen so far, from the beginning of every stream.
   *
   * @param since or from a minute before that time on, in milliseconds since 1970
   */
  async readAll(since?: number): Promise<LoggedReport[]> {
    await this.findStreams()
    const from = since === undefined ? undefined : Math.max(0, since - OVERLAP_MS)
    const reports: LoggedReport[] = []
    this.#last = []
    for (const [i, { name }] of this.#streams.entries())
      for (const stream: Stream = { name, token: undefined, from }; await this.#follow(i, stream, reports, 0););
    return reports.sort((a, b) => a.timestamp - b.timestamp)
  }

  /** @param enough reads on only behind pages of so many events. @returns whether there may be more at once */
  async #follow(index: number, stream: Stream, reports: LoggedReport[], enough: number): Promise<boolean> {
    for (let page = 0; page < PAGES_A_TURN; page++) {
      const before = stream.token
      let answer
      try {
        answer = await quietly(
          this.#calls.call('getLogEvents', {
            logGroupName: LOG_GROUP,
            logStreamName: stream.name,
            startFromHead: true,
            ...(before !== undefined && { nextToken: before }),
            ...(before === undefined && stream.from !== undefined && { startTime: stream.from }),
          }),
        )
      } catch (error) {
        if (before === undefined || !(error instanceof ServiceFault) || error.kind !== 'invalid') throw error
        stream.token = undefined
        continue
      }
      if (answer === undefined) return false
      for (const { message, timestamp } of answer.events ?? []) {
        stream.from = Math.max(stream.from ?? 0, (timestamp ?? 0) - OVERLAP_MS)
        this.#line(message ?? '', timestamp ?? 0, index, reports)
      }
      stream.token = answer.nextForwardToken ?? before
      if (stream.token === before) return false
      if ((answer.events?.length ?? 0) < enough) return true
    }
    return true
  }

  #line(message: string, timestamp: number, stream: number, reports: LoggedReport[]): void {
    if (!message.includes(REPORT_TAG) && !message.includes(DATA_TAG)) {
      // The log service may give a line twice.
      if (message.trim() === '' || message === this.#last.at(-1)) return
      if (this.#last.push(message) > LAST_LINES) this.#last.shift()
      return
    }
    const key = `${stream} ${timestamp} ${message}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    const parser = new ReportParser({ report: (report) => reports.push({ report, timestamp, stream }) })
    parser.push(Buffer.from(`${message}\n`))
    this.unreadable += parser.unreadable
  }
}

/** A group or stream that is not there yet is an empty one. */
async function quietly<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof ServiceFault && error.kind === 'gone') return undefined
    throw error
  }
}

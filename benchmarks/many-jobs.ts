/** Training jobs that do not run: services in memory that answer as if they did, for what many jobs cost the one who watches them. */
import type { JobDescription, JobList, JobRequest, LogEvents, Services } from '../src/backends/sagemaker/services.js'

export interface ManyJobsOptions {
  /** Seconds from the call to the beginning of training. */
  readonly startUp: number
  /** Seconds of an epoch; each is reported once. */
  readonly epoch: number
  readonly epochs: number
  /** Milliseconds since 1970. Default: the wall clock. */
  readonly now?: () => number
  /** A call arrives. */
  readonly onCall?: (name: keyof Services) => void
}

interface Job {
  readonly request: JobRequest
  readonly created: number
  stopped: number | undefined
}

export class ManyJobs {
  readonly services: Services
  readonly #options: ManyJobsOptions
  readonly #jobs = new Map<string, Job>()

  constructor(options: ManyJobsOptions) {
    this.#options = options
    const counted = <A extends readonly unknown[], R>(name: keyof Services, answer: (...args: A) => R) => {
      return async (...args: A): Promise<R> => {
        options.onCall?.(name)
        return answer(...args)
      }
    }
    this.services = {
      createTrainingJob: counted('createTrainingJob', (request: JobRequest) => {
        this.#jobs.set(request.TrainingJobName, { request, created: this.#now(), stopped: undefined })
        return {}
      }),
      describeTrainingJob: counted('describeTrainingJob', (name: string) => this.#describe(name)),
      listTrainingJobs: counted('listTrainingJobs', (input) => this.#list(input)),
      stopTrainingJob: counted('stopTrainingJob', (name: string) => {
        this.#jobs.get(name)!.stopped ??= this.#now()
        return {}
      }),
      keepWarm: counted('keepWarm', () => ({})),
      describeLogStreams: counted('describeLogStreams', ({ logStreamNamePrefix: prefix }) => {
        const name = prefix!.slice(0, -1)
        return { logStreams: this.#epochs(name) > 0 ? [{ logStreamName: `${name}/algo-1-0` }] : [] }
      }),
      getLogEvents: counted('getLogEvents', ({ logStreamName, nextToken = '0' }) =>
        this.#events(logStreamName!.split('/')[0]!, Number(nextToken)),
      ),
      headObject: counted('headObject', () => ({})),
      putObject: counted('putObject', () => ({})),
      listObjects: counted('listObjects', () => ({})),
      copyObject: () => Promise.resolve({}),
      getObject: counted('getObject', () => new Uint8Array()),
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }

  /** Of a job that nobody asks about any more. */
  forget(name: string): void {
    this.#jobs.delete(name)
  }

  #began({ created }: Job): number {
    return created + 1000 * this.#options.startUp
  }

  /** Epochs done by now. */
  #epochs(name: string): number {
    const job = this.#jobs.get(name)!
    const until = Math.min(this.#now(), job.stopped ?? Infinity)
    const done = Math.floor((until - this.#began(job)) / (1000 * this.#options.epoch))
    return Math.max(0, Math.min(this.#options.epochs, done))
  }

  #ended(name: string): number | undefined {
    const job = this.#jobs.get(name)!
    const { epoch, epochs } = this.#options
    const end = Math.min(job.stopped ?? Infinity, this.#began(job) + 1000 * epoch * epochs)
    return end <= this.#now() ? end : undefined
  }

  #status(name: string): 'InProgress' | 'Completed' | 'Stopped' {
    if (this.#ended(name) === undefined) return 'InProgress'
    return this.#jobs.get(name)!.stopped === undefined ? 'Completed' : 'Stopped'
  }

  #describe(name: string): JobDescription {
    const job = this.#jobs.get(name)!
    const { HyperParameters, ResourceConfig } = job.request
    const status = this.#status(name)
    return {
      TrainingJobName: name,
      TrainingJobStatus: status,
      SecondaryStatus: status === 'InProgress' ? 'Training' : status,
      HyperParameters,
      ResourceConfig,
      CreationTime: new Date(job.created),
      TrainingStartTime: new Date(this.#began(job)),
      BillableTimeInSeconds: Math.round(((this.#ended(name) ?? this.#now()) - this.#began(job)) / 1000),
    } as JobDescription
  }

  #list({ StatusEquals, NextToken = '0', MaxResults = 10 }: Parameters<Services['listTrainingJobs']>[0]): JobList {
    const names = [...this.#jobs.keys()].filter(
      (name) => StatusEquals === undefined || this.#status(name) === StatusEquals,
    )
    const from = Number(NextToken)
    return {
      TrainingJobSummaries: names.slice(from, from + MaxResults).map((name) => ({
        TrainingJobName: name,
        TrainingJobArn: name,
        CreationTime: undefined,
        TrainingJobStatus: this.#status(name),
      })),
      ...(from + MaxResults < names.length && { NextToken: String(from + MaxResults) }),
    }
  }

  #events(name: string, from: number): LogEvents {
    const began = this.#began(this.#jobs.get(name)!)
    const done = this.#epochs(name)
    const events = []
    for (let epoch = from + 1; epoch <= done; epoch++) {
      const timestamp = began + 1000 * epoch * this.#options.epoch
      events.push({ timestamp, message: `[tune-metric]: {"epoch": ${epoch}, "loss": ${1 / epoch}}` })
    }
    return { events, nextForwardToken: String(done) }
  }
}

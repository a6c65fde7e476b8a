/**
 * SageMaker's training jobs, CloudWatch Logs and S3 on the loopback interface, spoken as the services speak them, so that
 * the real SDK works against it unchanged. Every training job is a local process. Nobody is authenticated.
 *
 * @example
 * const emulator = await Emulator.start({ faults: [{ operation: 'CreateTrainingJob', fault: { kind: 'throttle' } }] })
 * const client = new SageMakerClient(emulator.clientOptions)
 * await emulator.close()
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomStream } from '../../../src/core/random.js'
import { CallLog } from './calls.js'
import { Clock } from './clock.js'
import { FaultPlan } from './faults.js'
import { Fleet } from './fleet.js'
import { JobFaults } from './job-faults.js'
import { LogStore } from './log-store.js'
import { Logs } from './logs.js'
import { type EmulatorOptions, QUICK, type Range } from './options.js'
import { S3Store } from './s3-store.js'
import { S3 } from './s3.js'
import { SageMaker } from './sagemaker.js'
import { Server } from './server.js'
import type { TrainingJob } from './training-job.js'

export class Emulator {
  readonly clock: Clock
  readonly faults: FaultPlan
  readonly jobFaults: JobFaults
  readonly calls: CallLog
  readonly store: S3Store
  readonly logs: LogStore
  readonly sagemaker: SageMaker
  readonly region: string
  readonly #server: Server
  readonly #root: string
  readonly #ownsRoot: boolean
  #closing: Promise<void> | undefined

  private constructor(options: EmulatorOptions, root: string) {
    const { region = 'us-east-1', account = '123456789012', seed = 0 } = options
    const times = { ...QUICK, ...options.times }
    const chance = randomStream(`times ${seed}`)
    const draw = ([least, most]: Range): number => least + (most - least) * chance.uniform()
    this.#root = root
    this.#ownsRoot = options.root === undefined
    this.region = region
    this.clock = new Clock(options.speed ?? 1)
    this.faults = new FaultPlan(options.faults ?? [], seed)
    this.calls = new CallLog(options.record ?? process.env['RUNGBENCH_SAGEMAKER_RECORD'])
    this.store = new S3Store(join(root, 's3'), options.buckets ?? ['bucket'])
    this.logs = new LogStore(this.clock, times.logDelay, options.logFaults ?? {}, seed)
    const world = { clock: this.clock, times, store: this.store, logs: this.logs, region, draw }
    this.sagemaker = new SageMaker(
      { ...world, root: join(root, 'jobs'), python: options.python ?? 'python3' },
      new Fleet(this.clock, options.quotas ?? {}),
      account,
      options.spotShare ?? 0.3,
    )
    this.jobFaults = new JobFaults(this.clock, (job) => this.sagemaker.jobs.delete(job.name))
    this.sagemaker.onJob = (job) => this.jobFaults.consider(job)
    this.#server = new Server(
      { sagemaker: this.sagemaker, logs: new Logs(this.logs, region, account), s3: new S3(this.store, region) },
      this.faults,
      this.calls,
      this.clock,
    )
  }

  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const root = options.root ?? (await mkdtemp(join(tmpdir(), 'sagemaker-emulator-')))
    const emulator = new Emulator(options, root)
    await emulator.#server.listen(options.port ?? 0)
    return emulator
  }

  /** Members of requests that were looked at so far, as `Operation Member.Path`. */
  get reads(): ReadonlySet<string> {
    return this.#server.reads
  }

  get endpoint(): string {
    return this.#server.endpoint
  }

  /** For every client of the SDK; S3 needs path-style addresses, which the others pass over. */
  get clientOptions() {
    return {
      endpoint: this.endpoint,
      region: this.region,
      credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
      forcePathStyle: true,
    }
  }

  /** @throws Error where there is none */
  job(name: string): TrainingJob {
    const found = this.sagemaker.jobs.get(name)
    if (!found) throw new Error(`there is no training job ${name}`)
    return found
  }

  /** Jobs that run or wait now. */
  get running(): TrainingJob[] {
    return [...this.sagemaker.jobs.values()].filter((job) => !job.over)
  }

  /** Ends every job and the server; safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.sagemaker.close()
    await this.#server.close()
    if (this.#ownsRoot) await rm(this.#root, { recursive: true, force: true })
  }
}

/** Instances of an account: quotas, and warm pools that a matching job takes over. */
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker'
import type { Clock } from './clock.js'
import { ServiceError } from './service-error.js'
import type { TrainingJob } from './training-job.js'

interface Pool {
  readonly job: TrainingJob
  readonly since: number
  /** Milliseconds on the emulator's clock. */
  until: number
}

export class Fleet {
  readonly #clock: Clock
  readonly #quotas: Readonly<Record<string, number>>
  readonly #used = new Map<string, number>()
  #pools: Pool[] = []

  constructor(clock: Clock, quotas: Readonly<Record<string, number>>) {
    this.#clock = clock
    this.#quotas = quotas
  }

  /**
   * Takes a job's instances.
   * @returns whether they were taken over from a warm pool
   * @throws ServiceError ResourceLimitExceeded
   */
  take(job: TrainingJob): boolean {
    const pool = this.#matching(job)
    if (pool) {
      this.#pools = this.#pools.filter((one) => one !== pool)
      this.#retire(pool, 'Reused', job.name)
    }
    const quota = `${job.instanceType} for ${job.spot ? 'spot ' : ''}training job usage`
    const used = this.#used.get(quota) ?? 0
    const limit = this.#quotas[quota] ?? Infinity
    if (used + job.instanceCount > limit)
      throw new ServiceError(
        'ResourceLimitExceeded',
        `The account-level service limit '${quota}' is ${limit} Instances, with current utilization of ${used} ` +
          `Instances and a request delta of ${job.instanceCount} Instances. Please use AWS Service Quotas to request an ` +
          'increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.',
      )
    this.#used.set(quota, used + job.instanceCount)
    if (keepAlive(job.request) > 0) job.warmPool = { Status: 'InUse' }
    return pool !== undefined
  }

  /** The job has ended: its instances go, or wait for another one where they are to be kept and it went well. */
  release(job: TrainingJob): void {
    const quota = `${job.instanceType} for ${job.spot ? 'spot ' : ''}training job usage`
    this.#used.set(quota, (this.#used.get(quota) ?? 0) - job.instanceCount)
    const seconds = keepAlive(job.request)
    if (seconds <= 0) return
    if (job.status !== 'Completed') {
      job.warmPool = { Status: 'Terminated', ResourceRetainedBillableTimeInSeconds: 0 }
      return
    }
    const now = this.#clock.now()
    this.#pools.push({ job, since: now, until: now + seconds * 1000 })
    job.warmPool = { Status: 'Available', ResourceRetainedBillableTimeInSeconds: 0 }
  }

  /** How long a pool is kept from now on; 0 ends it. */
  keep(job: TrainingJob, seconds: number): void {
    this.settle()
    const pool = this.#pools.find((one) => one.job === job)
    if (!pool) throw new ServiceError('ValidationException', `There is no warm pool for training job ${job.name}.`)
    pool.until = Math.min(pool.until, this.#clock.now() + seconds * 1000)
    if (seconds > 0) pool.until = this.#clock.now() + seconds * 1000
    this.settle()
  }

  /** Ends the pools whose time is over and brings the others' billable time up to date. */
  settle(): void {
    const now = this.#clock.now()
    this.#pools = this.#pools.filter((pool) => {
      if (pool.until <= now) this.#retire(pool, 'Terminated')
      else pool.job.warmPool!.ResourceRetainedBillableTimeInSeconds = Math.floor((now - pool.since) / 1000)
      return pool.until > now
    })
  }

  #matching({ request }: TrainingJob): Pool | undefined {
    this.settle()
    return keepAlive(request) > 0 ? this.#pools.find(({ job }) => key(job.request) === key(request)) : undefined
  }

  #retire(pool: Pool, status: 'Reused' | 'Terminated', by?: string): void {
    const until = Math.min(pool.until, this.#clock.now())
    pool.job.warmPool = {
      Status: status,
      ResourceRetainedBillableTimeInSeconds: Math.ceil((until - pool.since) / 1000),
      ...(by !== undefined && { ReusedByJob: by }),
    }
  }
}

function keepAlive(request: CreateTrainingJobRequest): number {
  return request.ResourceConfig?.KeepAlivePeriodInSeconds ?? 0
}

/** What has to be the same for a job to take over a pool. */
function key(request: CreateTrainingJobRequest): string {
  const { InstanceType, InstanceCount, VolumeSizeInGB, VolumeKmsKeyId } = request.ResourceConfig!
  return JSON.stringify([
    request.RoleArn,
    request.AlgorithmSpecification?.TrainingImage,
    [InstanceType, InstanceCount, VolumeSizeInGB, VolumeKmsKeyId],
    request.VpcConfig,
    request.EnableInterContainerTrafficEncryption ?? false,
    request.EnableNetworkIsolation ?? false,
  ])
}

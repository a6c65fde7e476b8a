/** SageMaker's calls on training jobs. */
import type {
  AddTagsInput,
  CreateTrainingJobRequest,
  ListTagsInput,
  ListTrainingJobsRequest,
  SearchRequest,
  UpdateTrainingJobRequest,
} from '@aws-sdk/client-sagemaker'
import type { Fleet } from './fleet.js'
import { type JobWorld, runJob } from './job-runner.js'
import { paged } from './logs.js'
import { matches } from './search.js'
import { ServiceError } from './service-error.js'
import { TrainingJob } from './training-job.js'

export class SageMaker {
  readonly jobs = new Map<string, TrainingJob>()
  /** Tells of every job that was made, before it runs: for faults in jobs. */
  onJob: (job: TrainingJob) => void = () => {}
  readonly #world: JobWorld
  readonly #fleet: Fleet
  readonly #account: string
  readonly #spotShare: number
  readonly #running = new Set<Promise<void>>()

  constructor(world: JobWorld, fleet: Fleet, account: string, spotShare: number) {
    this.#world = world
    this.#fleet = fleet
    this.#account = account
    this.#spotShare = spotShare
  }

  handle(operation: string, input: unknown): object {
    this.#fleet.settle()
    switch (operation) {
      case 'CreateTrainingJob':
        return this.#create(input as CreateTrainingJobRequest)
      case 'DescribeTrainingJob':
        return this.#find(input).describe(this.#spotShare)
      case 'StopTrainingJob':
        return this.#stop(this.#find(input))
      case 'DeleteTrainingJob':
        return this.#delete(this.#find(input))
      case 'UpdateTrainingJob':
        return this.#update(input as UpdateTrainingJobRequest)
      case 'ListTrainingJobs':
        return this.#list(input as ListTrainingJobsRequest)
      case 'Search':
        return this.#search(input as SearchRequest)
      case 'AddTags':
        return this.#addTags(input as AddTagsInput)
      default: {
        const { ResourceArn, MaxResults = 50, NextToken } = input as ListTagsInput
        const { page, next } = paged(this.#byArn(ResourceArn!).tags, MaxResults, NextToken)
        return { Tags: page, ...token(next) }
      }
    }
  }

  /** Ends all jobs and waits until their processes are gone. */
  async close(): Promise<void> {
    for (const job of this.jobs.values()) job.interrupt('close')
    await Promise.all(this.#running)
  }

  #create(request: CreateTrainingJobRequest): object {
    checkTogether(request)
    const name = request.TrainingJobName!
    const arn = `arn:aws:sagemaker:${this.#world.region}:${this.#account}:training-job/${name.toLowerCase()}`
    if (this.jobs.has(name))
      throw new ServiceError(
        'ResourceInUse',
        `Training job names must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
      )
    const job = new TrainingJob(request, arn, this.#world.clock)
    const warm = this.#fleet.take(job)
    this.jobs.set(name, job)
    this.onJob(job)
    job.onEnd = () => this.#fleet.release(job)
    const running = runJob(job, this.#world, warm)
    this.#running.add(running)
    void running.finally(() => this.#running.delete(running))
    return { TrainingJobArn: arn }
  }

  #find(input: unknown): TrainingJob {
    const { TrainingJobName: name } = input as { TrainingJobName: string }
    const found = this.jobs.get(name)
    if (!found) throw new ServiceError('ValidationException', 'Requested resource not found.')
    return found
  }

  #byArn(arn: string): TrainingJob {
    const found = [...this.jobs.values()].find((job) => job.arn === arn)
    if (!found)
      throw new ServiceError(
        'ValidationException',
        `The request was rejected because the resource ${arn} does not exist.`,
      )
    return found
  }

  #stop(job: TrainingJob): object {
    if (job.over)
      throw new ServiceError(
        'ValidationException',
        `The request was rejected because the training job is in status ${job.status}.`,
      )
    job.status = 'Stopping'
    job.interrupt('stop')
    return {}
  }

  #delete(job: TrainingJob): object {
    if (!job.over)
      throw new ServiceError(
        'ResourceInUse',
        `The training job ${job.name} is in status ${job.status} and cannot be deleted.`,
      )
    this.jobs.delete(job.name)
    return {}
  }

  #update({ TrainingJobName, ResourceConfig }: UpdateTrainingJobRequest): object {
    const job = this.#find({ TrainingJobName })
    if (ResourceConfig) this.#fleet.keep(job, ResourceConfig.KeepAlivePeriodInSeconds!)
    return { TrainingJobArn: job.arn }
  }

  #list(input: ListTrainingJobsRequest): object {
    const {
      MaxResults = 10,
      NextToken,
      NameContains,
      StatusEquals,
      WarmPoolStatusEquals,
      SortBy = 'CreationTime',
      SortOrder = 'Ascending',
    } = input
    const after = (time: number, limit: Date | undefined): boolean => limit === undefined || time > limit.getTime()
    const before = (time: number, limit: Date | undefined): boolean => limit === undefined || time < limit.getTime()
    const found = [...this.jobs.values()].filter(
      (job) =>
        after(job.created, input.CreationTimeAfter) &&
        before(job.created, input.CreationTimeBefore) &&
        after(job.modified, input.LastModifiedTimeAfter) &&
        before(job.modified, input.LastModifiedTimeBefore) &&
        (NameContains === undefined || job.name.toLowerCase().includes(NameContains.toLowerCase())) &&
        (StatusEquals === undefined || job.status === StatusEquals) &&
        (WarmPoolStatusEquals === undefined || job.warmPool?.Status === WarmPoolStatusEquals),
    )
    found.sort((a, b) => compare(sortKey(a, SortBy), sortKey(b, SortBy)) || a.created - b.created)
    if (SortOrder === 'Descending') found.reverse()
    const { page, next } = paged(found, MaxResults, NextToken)
    return { TrainingJobSummaries: page.map((job) => job.summary()), ...token(next) }
  }

  #search(input: SearchRequest): object {
    const {
      Resource,
      SearchExpression,
      SortBy = 'LastModifiedTime',
      SortOrder = 'Descending',
      MaxResults = 10,
      NextToken,
    } = input
    if (Resource !== 'TrainingJob')
      throw new ServiceError('ValidationException', `the emulator has training jobs only, not ${Resource}`)
    const known = this.#world.clock.now() - this.#world.times.searchLag * 1000
    const found = [...this.jobs.values()].filter((job) => job.created <= known && matches(job, SearchExpression))
    const by = SortBy === 'CreationTime' ? 'CreationTime' : SortBy === 'TrainingJobName' ? 'Name' : 'LastModified'
    found.sort((a, b) => compare(sortKey(a, by), sortKey(b, by)))
    if (SortOrder === 'Descending') found.reverse()
    const { page, next } = paged(found, MaxResults, NextToken)
    return {
      Results: page.map((job) => ({ TrainingJob: { ...job.describe(this.#spotShare), Tags: job.tags } })),
      ...token(next),
    }
  }

  #addTags({ ResourceArn, Tags = [] }: AddTagsInput): object {
    const { tags } = this.#byArn(ResourceArn!)
    for (const tag of Tags) {
      const at = tags.findIndex(({ Key }) => Key === tag.Key)
      if (at < 0) tags.push(tag)
      else tags[at] = tag
    }
    return { Tags: tags }
  }
}

/** Rules that hold between members, which the model does not have. */
function checkTogether({
  AlgorithmSpecification,
  ResourceConfig,
  StoppingCondition,
  EnableManagedSpotTraining,
  Tags = [],
}: CreateTrainingJobRequest): void {
  const refuse = (message: string): never => {
    throw new ServiceError('ValidationException', message)
  }
  if ((AlgorithmSpecification?.TrainingImage === undefined) === (AlgorithmSpecification?.AlgorithmName === undefined))
    refuse('Exactly one of TrainingImage and AlgorithmName must be given in AlgorithmSpecification.')
  if (!ResourceConfig?.InstanceType || !ResourceConfig.InstanceCount)
    refuse('InstanceType and InstanceCount must be given in ResourceConfig; the emulator has no instance groups.')
  const { MaxRuntimeInSeconds: run = 86_400, MaxWaitTimeInSeconds: wait } = StoppingCondition ?? {}
  if (EnableManagedSpotTraining && wait === undefined)
    refuse('MaxWaitTimeInSeconds must be given when EnableManagedSpotTraining is true.')
  if (!EnableManagedSpotTraining && wait !== undefined)
    refuse('Invalid MaxWaitTimeInSeconds. It can only be given when EnableManagedSpotTraining is true.')
  if (wait !== undefined && wait < run)
    refuse('Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds')
  if (EnableManagedSpotTraining && (ResourceConfig?.KeepAlivePeriodInSeconds ?? 0) > 0)
    refuse('KeepAlivePeriodInSeconds cannot be given when EnableManagedSpotTraining is true.')
  if (new Set(Tags.map(({ Key }) => Key)).size < Tags.length) refuse('Tag keys must be unique.')
}

function token({ nextToken }: { nextToken?: string }): { NextToken?: string } {
  return nextToken === undefined ? {} : { NextToken: nextToken }
}

function sortKey(job: TrainingJob, by: string): string | number {
  if (by === 'Name') return job.name
  if (by === 'Status') return job.status
  return by === 'LastModified' ? job.modified : job.created
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** One training job as the service knows it: its request, where it stands, what it has cost. */
import type {
  CreateTrainingJobRequest,
  DescribeTrainingJobResponse,
  SecondaryStatus,
  SecondaryStatusTransition,
  Tag,
  TrainingJobStatus,
  TrainingJobSummary,
  WarmPoolStatus,
} from '@aws-sdk/client-sagemaker'
import type { Clock } from './clock.js'
import { unnoted } from './reads.js'

/** What ends an attempt from outside. */
export type Interruption = 'stop' | 'interrupt' | 'max-runtime' | 'max-wait' | 'capacity' | 'close'

export class TrainingJob {
  readonly request: CreateTrainingJobRequest
  readonly arn: string
  readonly created: number
  readonly tags: Tag[]
  status: TrainingJobStatus = 'InProgress'
  secondary: SecondaryStatus = 'Starting'
  readonly transitions: SecondaryStatusTransition[] = []
  failureReason: string | undefined
  started: number | undefined
  ended: number | undefined
  modified: number
  /** Seconds in which the instances were there, over all attempts. */
  trainingSeconds = 0
  warmPool: WarmPoolStatus | undefined
  /** Called once, at its end: its instances are free again. */
  onEnd: () => void = () => {}
  /** Why it is to end; the first reason stays, but a stop overrides an interruption. */
  interruption: Interruption | undefined
  #interrupt = new AbortController()
  readonly #clock: Clock
  /** When the instances of this attempt came. */
  #instancesSince: number | undefined

  constructor(request: CreateTrainingJobRequest, arn: string, clock: Clock) {
    this.request = request
    this.arn = arn
    this.#clock = clock
    this.created = clock.now()
    this.modified = this.created
    this.tags = [...(request.Tags ?? [])]
    this.enter('Starting', 'Starting the training job')
  }

  get name(): string {
    return this.request.TrainingJobName!
  }

  get spot(): boolean {
    return this.request.EnableManagedSpotTraining ?? false
  }

  get instanceType(): string {
    return this.request.ResourceConfig!.InstanceType!
  }

  get instanceCount(): number {
    return this.request.ResourceConfig!.InstanceCount!
  }

  get over(): boolean {
    return this.ended !== undefined
  }

  /** Where its model goes, said from the start on. */
  get artifacts(): string {
    return `${this.outputFolder}/model.tar.gz`
  }

  /** Where model and output go. */
  get outputFolder(): string {
    return `${this.request.OutputDataConfig!.S3OutputPath!.replace(/\/+$/, '')}/${this.name}/output`
  }

  /** Aborted when the attempt that runs now is to end. */
  get signal(): AbortSignal {
    return this.#interrupt.signal
  }

  enter(secondary: SecondaryStatus, message: string): void {
    const now = this.#clock.now()
    const last = this.transitions.at(-1)
    if (last && !last.EndTime) last.EndTime = new Date(now)
    this.secondary = secondary
    this.transitions.push({ Status: secondary, StartTime: new Date(now), StatusMessage: message })
    this.modified = now
  }

  interrupt(why: Interruption): void {
    if (this.over || (this.interruption !== undefined && this.interruption !== 'interrupt')) return
    this.interruption = why
    this.#interrupt.abort()
  }

  /** After an interruption the service starts it again. */
  renew(): void {
    this.interruption = undefined
    this.#interrupt = new AbortController()
  }

  /** The instances are there: from here on it is billed. */
  instancesCame(): void {
    const now = this.#clock.now()
    this.started ??= now
    this.#instancesSince = now
  }

  instancesWent(): void {
    if (this.#instancesSince === undefined) return
    this.trainingSeconds += (this.#clock.now() - this.#instancesSince) / 1000
    this.#instancesSince = undefined
  }

  finish(status: TrainingJobStatus, secondary: SecondaryStatus, message: string): void {
    if (this.over) return
    this.instancesWent()
    this.enter(secondary, message)
    this.status = status
    this.ended = this.#clock.now()
    this.transitions.at(-1)!.EndTime = new Date(this.ended)
    if (status === 'Failed') this.failureReason = message.slice(0, 1024)
    this.onEnd()
  }

  summary(): TrainingJobSummary {
    return {
      TrainingJobName: this.name,
      TrainingJobArn: this.arn,
      CreationTime: new Date(this.created),
      LastModifiedTime: new Date(this.modified),
      TrainingJobStatus: this.status,
      SecondaryStatus: this.secondary,
      ...(this.ended !== undefined && { TrainingEndTime: new Date(this.ended) }),
      ...(this.warmPool && { WarmPoolStatus: { ...this.warmPool } }),
    }
  }

  /** @param spotShare the part of a spot job's time that is billed */
  describe(spotShare: number): DescribeTrainingJobResponse {
    const { Tags: _, ExperimentConfig: __, SessionChainingConfig: ___, ...echoed } = unnoted(this.request)
    const seconds = Math.ceil(this.trainingSeconds)
    return {
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: false,
      EnableManagedSpotTraining: false,
      ...echoed,
      TrainingJobName: this.name,
      StoppingCondition: { MaxRuntimeInSeconds: 86_400, ...echoed.StoppingCondition },
      TrainingJobArn: this.arn,
      ModelArtifacts: { S3ModelArtifacts: this.artifacts },
      TrainingJobStatus: this.status,
      SecondaryStatus: this.secondary,
      SecondaryStatusTransitions: this.transitions.map((one) => ({ ...one })),
      CreationTime: new Date(this.created),
      LastModifiedTime: new Date(this.modified),
      ...(this.failureReason !== undefined && { FailureReason: this.failureReason }),
      ...(this.started !== undefined && { TrainingStartTime: new Date(this.started) }),
      ...(this.ended !== undefined && { TrainingEndTime: new Date(this.ended) }),
      ...(this.ended !== undefined &&
        this.started !== undefined && {
          TrainingTimeInSeconds: Math.max(1, seconds),
          BillableTimeInSeconds: Math.max(1, Math.ceil(seconds * (this.spot ? spotShare : 1))),
        }),
      ...(this.warmPool && { WarmPoolStatus: { ...this.warmPool } }),
    }
  }
}

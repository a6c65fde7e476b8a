/** What is sent to make a training job. Pure: the same trial gives the same request. */
import { createHash } from 'node:crypto'
import { BenchError, invalid, show } from '../../core/errors.js'
import { type Config, type Value, configKey } from '../../core/space.js'
import type { SageMakerConfig } from './config.js'
import { type JobPlace, jobName } from './job-name.js'
import {
  CHECKPOINT_ARGUMENT,
  CHECKPOINT_PATH,
  CODE_ARCHIVE,
  CODE_CHANNEL,
  COUNT_NAMES,
  RESERVED_HYPERPARAMETERS,
  TYPE_NAMES,
} from './reserved.js'
import type { JobDescription, JobRequest } from './services.js'

/** What all jobs of a run have in common. */
export interface RunPlace {
  /** What the names of its jobs begin with. */
  readonly prefix: string
  /** Of the experiment; a tag of all its jobs. */
  readonly id: string
  /** Its folder on S3. */
  readonly s3: string
  readonly sourceUri: string
  readonly checkpoints: boolean
}

/** What one job is for. */
export interface JobPurpose extends JobPlace {
  readonly config: Config
  readonly seed: number | undefined
  /** The last level that counts already. */
  readonly level: number
  /** Which of the trial's folders for checkpoints it has; see `CheckpointPlaces`. Default 0. */
  readonly place?: number
}

/** The machines of a job. */
export interface JobMachine {
  readonly type: string
  readonly count: number
}

/** Which machines a trial's configuration asks for. @throws BenchError for one that is not among `instanceTypes` */
export function machineOf(config: Config, { instanceTypes, instanceCount }: SageMakerConfig): JobMachine {
  const given = (names: readonly string[]): Value | undefined =>
    names.map((name) => config[name]).find((one) => one !== undefined)
  const type = given(TYPE_NAMES) ?? instanceTypes[0]!
  const count = given(COUNT_NAMES) ?? instanceCount
  if (typeof type !== 'string' || !instanceTypes.includes(type))
    throw invalid('instance_type', type, `must be one of sagemaker.instanceTypes (${instanceTypes.join(', ')})`)
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 100)
    throw invalid('instance_count', count, 'must be a whole number from 1 to 100')
  return { type, count }
}

/**
 * The request for a job.
 *
 * Hyperparameters are texts of JSON, as the training toolkit reads them back (aws/sagemaker-training-toolkit, mapping.py
 * and encoders; `_json_encode_hyperparameters` of sagemaker-python-sdk): it passes `--name value` to the program. Booleans
 * go as the texts "true" and "false", so that the program gets what it gets from the local backend and not Python's `True`.
 *
 * @throws BenchError for what the service would refuse
 */
export function jobRequest(config: SageMakerConfig, run: RunPlace, purpose: JobPurpose): JobRequest {
  const { trial, attempt, restarts, level, place = 0 } = purpose
  const name = jobName(run.prefix, purpose)
  const machine = machineOf(purpose.config, config)
  const { spot, warmPool, vpc, encryption } = config
  const inputs = channels(config, run)
  const folder = trialFolder(config, run, purpose)
  return {
    TrainingJobName: name,
    AlgorithmSpecification: { TrainingImage: config.image, TrainingInputMode: 'File' },
    RoleArn: config.role,
    HyperParameters: hyperparameters(config, run, purpose, name),
    ...(Object.keys(inputs).length > 0 && {
      InputDataConfig: Object.entries(inputs).map(([ChannelName, S3Uri]) => ({
        ChannelName,
        DataSource: {
          S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri, S3DataDistributionType: 'FullyReplicated' as const },
        },
      })),
    }),
    OutputDataConfig: {
      S3OutputPath: `${folder}/output`,
      ...(encryption.outputKey && { KmsKeyId: encryption.outputKey }),
    },
    ResourceConfig: {
      InstanceType: machine.type as never,
      InstanceCount: machine.count,
      VolumeSizeInGB: config.volumeGB,
      ...(encryption.volumeKey && { VolumeKmsKeyId: encryption.volumeKey }),
      ...(warmPool && { KeepAlivePeriodInSeconds: warmPool.keepAliveSeconds }),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: config.maxRunSeconds,
      ...(spot && { MaxWaitTimeInSeconds: spot.maxWaitSeconds }),
    },
    ...(spot && { EnableManagedSpotTraining: true }),
    ...(run.checkpoints && {
      CheckpointConfig: {
        S3Uri: `${folder}/checkpoints${place > 0 ? `-${place}` : ''}`,
        LocalPath: CHECKPOINT_PATH,
      },
    }),
    ...(vpc && { VpcConfig: { Subnets: vpc.subnets, SecurityGroupIds: vpc.securityGroups } }),
    ...(config.networkIsolation && { EnableNetworkIsolation: true }),
    ...(encryption.betweenInstances && { EnableInterContainerTrafficEncryption: true }),
    Environment: {
      ...config.environment,
      RUNGBENCH_TRIAL: String(trial),
      RUNGBENCH_ATTEMPT: String(attempt),
      RUNGBENCH_RESTARTS: String(restarts),
      RUNGBENCH_LEVEL: String(level),
    },
    Tags: [
      ...Object.entries(config.tags).map(([Key, Value]) => ({ Key, Value })),
      { Key: 'rungbench:experiment', Value: run.id },
      { Key: 'rungbench:trial', Value: String(trial) },
    ],
  }
}

/**
 * Name to S3 address of what the service copies into the container. A container without a network cannot fetch the program
 * itself, so there the archive comes this way (as sagemaker-python-sdk does it, estimator.py).
 */
function channels(
  { inputs, networkIsolation }: Pick<SageMakerConfig, 'inputs' | 'networkIsolation'>,
  { sourceUri }: Pick<RunPlace, 'sourceUri'>,
): Readonly<Record<string, string>> {
  return networkIsolation ? { ...inputs, [CODE_CHANNEL]: sourceUri } : inputs
}

/**
 * Where a trial's checkpoints and output lie. The configuration is part of it, what all trials are given included: a run
 * that goes on from an old copy of its journal may give a trial's number to another configuration, which must not find the
 * first one's checkpoint.
 */
function trialFolder(
  { hyperparameters }: Pick<SageMakerConfig, 'hyperparameters'>,
  { s3 }: RunPlace,
  { trial, config, seed }: Pick<JobPurpose, 'trial' | 'config' | 'seed'>,
): string {
  const digest = createHash('sha256')
    .update(`${configKey(config)} ${configKey(hyperparameters)} ${seed}`)
    .digest('hex')
  return `${s3}/${trial}-${digest.slice(0, 8)}`
}

/** "Length constraints: maximum 2500" for values, 256 for keys: SageMaker API reference, CreateTrainingJob, HyperParameters. */
const LONGEST_VALUE = 2500
const LONGEST_KEY = 256
const MOST_HYPERPARAMETERS = 100
const JOB_NAME = 'sagemaker_job_name'
const SUBMIT_DIRECTORY = 'sagemaker_submit_directory'

function hyperparameters(
  config: SageMakerConfig,
  run: RunPlace,
  purpose: JobPurpose,
  job: string,
): Record<string, string> {
  const machine: readonly string[] = [...TYPE_NAMES, ...COUNT_NAMES]
  const all: Record<string, string> = {}
  const add = (name: string, value: Value): void => {
    if (Object.hasOwn(all, name))
      throw new BenchError(
        `the hyperparameter ${show(name)} is set twice; rename it or drop it from sagemaker.hyperparameters`,
      )
    const text = JSON.stringify(typeof value === 'boolean' ? String(value) : value)
    if (name.length > LONGEST_KEY || text.length > LONGEST_VALUE)
      throw invalid(
        `hyperparameter ${show(name)}`,
        value,
        `must have ${LONGEST_KEY} characters as a name and ${LONGEST_VALUE} as a value at most`,
      )
    all[name] = text
  }
  for (const [name, value] of Object.entries(config.hyperparameters)) add(name, value)
  for (const [name, value] of Object.entries(purpose.config)) {
    if (machine.includes(name) && !config.machineArguments) continue
    if (RESERVED_HYPERPARAMETERS.test(name) && !machine.includes(name))
      throw invalid('hyperparameter', name, 'is a name that the containers use themselves')
    add(name, value)
  }
  if (config.seedArgument !== false && purpose.seed !== undefined) add(config.seedArgument, purpose.seed)
  if (run.checkpoints) add(CHECKPOINT_ARGUMENT, CHECKPOINT_PATH)
  // Names: aws/sagemaker-training-toolkit, params.py.
  add('sagemaker_program', config.entryPoint)
  add(SUBMIT_DIRECTORY, config.networkIsolation ? CODE_ARCHIVE : run.sourceUri)
  add('sagemaker_region', config.region)
  add(JOB_NAME, job)
  add('sagemaker_container_log_level', 20)
  if (Object.keys(all).length > MOST_HYPERPARAMETERS)
    throw invalid(
      'hyperparameters',
      Object.keys(all).length,
      `must be ${MOST_HYPERPARAMETERS} at most, those of the container included`,
    )
  return all
}

type Trained = Pick<JobDescription, 'HyperParameters' | 'InputDataConfig' | 'ResourceConfig'>

/** Whether a job that exists trains what a request is for: its configuration on its machines, whichever attempt it is. */
export function sameTraining(job: JobDescription, request: JobRequest): boolean {
  const of = (one: Trained): string =>
    JSON.stringify([
      Object.entries({ ...one.HyperParameters, [JOB_NAME]: '', [SUBMIT_DIRECTORY]: programOf(one) }).sort(([a], [b]) =>
        a < b ? -1 : 1,
      ),
      one.ResourceConfig?.InstanceType,
      one.ResourceConfig?.InstanceCount,
    ])
  return of(job) === of(request)
}

/** Where a job's program lies on S3, as text of JSON, whichever way its container gets it. */
function programOf({ HyperParameters, InputDataConfig = [] }: Trained): string | undefined {
  const directory = HyperParameters?.[SUBMIT_DIRECTORY]
  if (directory !== JSON.stringify(CODE_ARCHIVE)) return directory
  const channel = InputDataConfig.find(({ ChannelName }) => ChannelName === CODE_CHANNEL)
  return JSON.stringify(channel?.DataSource?.S3DataSource?.S3Uri)
}

/** A request as it may be shown and stored: what the user put into the environment may be secret. */
export function withoutSecrets(request: JobRequest, { environment }: Pick<SageMakerConfig, 'environment'>): JobRequest {
  const hidden = Object.fromEntries(
    Object.entries(request.Environment ?? {}).map(([name, value]) => [
      name,
      Object.hasOwn(environment, name) ? '***' : value,
    ]),
  )
  return { ...request, Environment: hidden }
}

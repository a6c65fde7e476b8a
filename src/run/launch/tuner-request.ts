/** The training job that the tuner itself runs in. Pure: the same launch gives the same request. */
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import type { JobRequest } from '../../backends/sagemaker/services.js'

export interface TunerPlace {
  readonly name: string
  /** The experiment's id. */
  readonly id: string
  /** The folder on S3 that holds the archive, and nothing else. */
  readonly archive: string
  /** The folder on S3 in which the run directory is kept. */
  readonly kept: string
}

/** The archive's name in its folder. */
export const ARCHIVE = 'launch.tar.gz'
/** What is run when it is unpacked; gets the folder that the service keeps in step with S3. */
export const SCRIPT = 'launch.sh'
/** The run directory below that folder: beside it the service may put files of its own. */
export const RUN_FOLDER = 'run'

/**
 * No container of Amazon's has Node, and an image of Node has no training toolkit: so the archive comes as input data and is
 * unpacked by what the container runs. The run directory lies in the folder that the service keeps in step with S3, in both
 * directions (CheckpointConfig): a tuner that is launched again finds it as it was.
 */
export function tunerRequest(config: SageMakerConfig, { name, id, archive, kept }: TunerPlace): JobRequest {
  const { encryption, environment, tags, vpc } = config
  const launch = config.launch!
  const [code, run] = ['/opt/ml/code', '/opt/ml/checkpoints']
  const unpack = `mkdir -p ${code} && tar -xzf /opt/ml/input/data/tuner/${ARCHIVE} -C ${code}`
  return {
    TrainingJobName: name,
    AlgorithmSpecification: {
      TrainingImage: launch.image,
      TrainingInputMode: 'File',
      ContainerEntrypoint: ['/bin/sh', '-c', `${unpack} && exec /bin/sh ${code}/${SCRIPT} ${run}`],
    },
    RoleArn: launch.role ?? config.role,
    InputDataConfig: [
      {
        ChannelName: 'tuner',
        DataSource: {
          S3DataSource: {
            S3DataType: 'S3Prefix',
            S3Uri: `${archive}/`,
            S3DataDistributionType: 'FullyReplicated',
          },
        },
      },
    ],
    OutputDataConfig: {
      S3OutputPath: `${kept}-output`,
      ...(encryption.outputKey && { KmsKeyId: encryption.outputKey }),
    },
    ResourceConfig: {
      InstanceType: launch.instanceType as never,
      InstanceCount: 1,
      VolumeSizeInGB: launch.volumeGB,
      ...(encryption.volumeKey && { VolumeKmsKeyId: encryption.volumeKey }),
    },
    StoppingCondition: { MaxRuntimeInSeconds: launch.maxRunSeconds },
    CheckpointConfig: { S3Uri: kept, LocalPath: run },
    ...(vpc && { VpcConfig: { Subnets: vpc.subnets, SecurityGroupIds: vpc.securityGroups } }),
    Environment: { ...environment },
    Tags: [
      ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      { Key: 'rungbench:experiment', Value: id },
      { Key: 'rungbench:tuner', Value: name },
    ],
  }
}

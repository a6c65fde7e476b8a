/** The SDK's clients, loaded when a run needs them. Credentials come from the SDK's own chain and are never looked at here. */
import type { Services } from './services.js'
import { wholeAnswer } from './whole-answer.js'

/** Addresses to use instead of the public ones, e.g. of private links. */
export interface Endpoints {
  readonly sagemaker?: string | undefined
  readonly logs?: string | undefined
  readonly s3?: string | undefined
}

/**
 * Connects to the services of a region. Every call is tried once: `Calls` retries.
 *
 * @param endpoints an address of S3 of one's own gets bucket names in the path
 */
export async function connect(region: string, endpoints: Endpoints = {}): Promise<Services> {
  // Its version is fixed here, and what it says of Node's is not for users: that they update Node will not update the SDK.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const [sm, cw, s3] = await Promise.all([
    import('@aws-sdk/client-sagemaker'),
    import('@aws-sdk/client-cloudwatch-logs'),
    import('@aws-sdk/client-s3'),
  ])
  const common = { region, maxAttempts: 1, requestHandler: { connectionTimeout: 5000, requestTimeout: 60_000 } }
  const at = (endpoint: string | undefined): { endpoint?: string } => (endpoint === undefined ? {} : { endpoint })
  const sagemaker = new sm.SageMakerClient({ ...common, ...at(endpoints.sagemaker) })
  const logs = new cw.CloudWatchLogsClient({ ...common, ...at(endpoints.logs) })
  const objects = new s3.S3Client({ ...common, ...at(endpoints.s3), forcePathStyle: endpoints.s3 !== undefined })
  return {
    createTrainingJob: (input) =>
      wholeAnswer('createTrainingJob', 'TrainingJobArn', sagemaker.send(new sm.CreateTrainingJobCommand(input))),
    describeTrainingJob: (name) =>
      wholeAnswer(
        'describeTrainingJob',
        'TrainingJobStatus',
        sagemaker.send(new sm.DescribeTrainingJobCommand({ TrainingJobName: name })),
      ),
    listTrainingJobs: (input) =>
      wholeAnswer('listTrainingJobs', 'TrainingJobSummaries', sagemaker.send(new sm.ListTrainingJobsCommand(input))),
    stopTrainingJob: (name) =>
      wholeAnswer(
        'stopTrainingJob',
        'requestId',
        sagemaker.send(new sm.StopTrainingJobCommand({ TrainingJobName: name })),
      ),
    keepWarm: (name, seconds) =>
      wholeAnswer(
        'keepWarm',
        'TrainingJobArn',
        sagemaker.send(
          new sm.UpdateTrainingJobCommand({
            TrainingJobName: name,
            ResourceConfig: { KeepAlivePeriodInSeconds: seconds },
          }),
        ),
      ),
    describeLogStreams: (input) =>
      wholeAnswer('describeLogStreams', 'logStreams', logs.send(new cw.DescribeLogStreamsCommand(input))),
    getLogEvents: (input) =>
      wholeAnswer('getLogEvents', 'nextForwardToken', logs.send(new cw.GetLogEventsCommand(input))),
    headObject: (input) => wholeAnswer('headObject', 'ETag', objects.send(new s3.HeadObjectCommand(input))),
    putObject: (input) => wholeAnswer('putObject', 'ETag', objects.send(new s3.PutObjectCommand(input))),
    copyObject: async (input) => {
      const { CopyObjectResult = {} } = await objects.send(new s3.CopyObjectCommand(input))
      return wholeAnswer('copyObject', 'ETag', Promise.resolve(CopyObjectResult))
    },
    // With the name of the bucket a list says whose it is.
    listObjects: (input) => wholeAnswer('listObjects', 'Name', objects.send(new s3.ListObjectsV2Command(input))),
    getObject: async (bucket, key) => {
      const sent = objects.send(new s3.GetObjectCommand({ Bucket: bucket, Key: key }))
      const { Body } = await wholeAnswer('getObject', 'ETag', sent)
      return Body!.transformToByteArray()
    },
  }
}

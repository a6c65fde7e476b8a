/** The few calls that are made, as a port: the SDK's clients stand behind it, or a fake. */
import type {
  CreateTrainingJobCommandInput,
  DescribeTrainingJobCommandOutput,
  ListTrainingJobsCommandInput as ListJobsInput,
  ListTrainingJobsCommandOutput,
} from '@aws-sdk/client-sagemaker'
import type {
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsCommandOutput,
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs'
import type {
  CopyObjectCommandInput,
  HeadObjectCommandInput,
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3'

export type JobRequest = CreateTrainingJobCommandInput & { readonly TrainingJobName: string }
export type JobDescription = Omit<DescribeTrainingJobCommandOutput, '$metadata'>
export type { ListJobsInput }
export type JobList = Omit<ListTrainingJobsCommandOutput, '$metadata'>
export type LogStreams = Omit<DescribeLogStreamsCommandOutput, '$metadata'>
export type ObjectList = Omit<ListObjectsV2CommandOutput, '$metadata'>
export type LogEvents = Omit<GetLogEventsCommandOutput, '$metadata'>

/** Each call is one request: whoever calls retries. */
export interface Services {
  createTrainingJob(input: JobRequest): Promise<unknown>
  describeTrainingJob(name: string): Promise<JobDescription>
  listTrainingJobs(input: ListJobsInput): Promise<JobList>
  stopTrainingJob(name: string): Promise<unknown>
  /** Sets how long a warm pool is kept after its job; 0 ends one that waits. */
  keepWarm(name: string, seconds: number): Promise<unknown>
  describeLogStreams(input: DescribeLogStreamsCommandInput): Promise<LogStreams>
  getLogEvents(input: GetLogEventsCommandInput): Promise<LogEvents>
  headObject(input: HeadObjectCommandInput): Promise<unknown>
  putObject(input: PutObjectCommandInput): Promise<unknown>
  /** S3 copies it itself. `CopySource` has bucket and key, percent-encoded. */
  copyObject(input: CopyObjectCommandInput): Promise<unknown>
  listObjects(input: ListObjectsV2CommandInput): Promise<ObjectList>
  /** All of an object. */
  getObject(bucket: string, key: string): Promise<Uint8Array>
}

export type ServiceCall = keyof Services

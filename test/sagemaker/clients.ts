/** The real SDK's clients of an emulator, and what tests do with them over and over. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  type CreateTrainingJobCommandInput,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker'

export interface Clients {
  readonly sagemaker: SageMakerClient
  readonly logs: CloudWatchLogsClient
  readonly s3: S3Client
}

/** The options that all clients share. */
export interface Endpoint {
  readonly endpoint: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly forcePathStyle: boolean
}

/** @param maxAttempts of the SDK's own; 1: every failure is seen */
export function connect(endpoint: Endpoint, maxAttempts = 1): Clients {
  const options = { ...endpoint, maxAttempts }
  return {
    sagemaker: new SageMakerClient(options),
    logs: new CloudWatchLogsClient(options),
    s3: new S3Client(options),
  }
}

export function disconnect(clients: Clients): void {
  for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy()
}

/** A program of one file, packed as the toolkit expects it. */
export function packed(name: string, text: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  try {
    writeFileSync(join(folder, name), text, { mode: 0o755 })
    execFileSync('tar', ['-czf', join(folder, 'source.tar.gz'), '-C', folder, name])
    return readFileSync(join(folder, 'source.tar.gz'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Uploads a program for Node: its text follows a line that finds the Node which runs now. */
export async function uploadProgram({ s3 }: Clients, text: string, key = 'code/source.tar.gz'): Promise<void> {
  const body = packed('train', `#!${process.execPath}\n${text}`)
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: key, Body: body }))
}

/** The request of a job that runs the uploaded program. */
export function jobRequest(
  name: string,
  hyperparameters: Readonly<Record<string, unknown>> = {},
  more: Partial<CreateTrainingJobCommandInput> = {},
): CreateTrainingJobCommandInput {
  const own = { sagemaker_program: 'train', sagemaker_submit_directory: 's3://bucket/code/source.tar.gz' }
  return {
    TrainingJobName: name,
    RoleArn: 'arn:aws:iam::123456789012:role/training',
    AlgorithmSpecification: {
      TrainingImage: '763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-training:2.1.0',
      TrainingInputMode: 'File',
    },
    OutputDataConfig: { S3OutputPath: 's3://bucket/output' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    HyperParameters: Object.fromEntries(
      Object.entries({ ...own, ...hyperparameters }).map(([key, value]) => [key, JSON.stringify(value)]),
    ),
    ...more,
  }
}

/** Asks until the job is as wanted; a job that ends otherwise fails the test at once. */
export async function reached(
  { sagemaker }: Clients,
  name: string,
  wanted: string,
): Promise<DescribeTrainingJobCommandOutput> {
  for (;;) {
    const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }))
    if (job.TrainingJobStatus === wanted || job.SecondaryStatus === wanted) return job
    if (job.TrainingEndTime) throw new Error(`${name} is ${job.TrainingJobStatus}: ${job.FailureReason ?? ''}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}

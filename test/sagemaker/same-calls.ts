/** Calls that the emulator and moto's server both know; what comes back, without what differs from run to run. */
import { DescribeLogStreamsCommand, FilterLogEventsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  SearchCommand,
} from '@aws-sdk/client-sagemaker'
import { type Clients, jobRequest } from './clients.js'

/** A step and what came of it. */
export type Outcome = readonly [step: string, result: unknown]

class Steps {
  readonly outcomes: Outcome[] = []

  /** Keeps a result, or an error's name. */
  async step(name: string, call: () => Promise<unknown>): Promise<void> {
    const result = await call().catch((error: Error) => ({ error: error.name }))
    this.outcomes.push([name, result])
  }
}

const at = (Key: string) => ({ Bucket: 'same', Key })

export async function s3Calls({ s3 }: Clients): Promise<Outcome[]> {
  const steps = new Steps()
  const { outcomes } = steps
  await s3.send(new CreateBucketCommand({ Bucket: 'same' }))
  const pick = async (Key: string, more: object = {}) => {
    const { Body, ETag, ContentLength, ContentRange, ContentType, Metadata } = await s3.send(
      new GetObjectCommand({ ...at(Key), ...more }),
    )
    return { body: await Body!.transformToString(), ETag, ContentLength, ContentRange, ContentType, Metadata }
  }
  const put = async (Key: string, more: object = {}) => {
    const input = { ...at(Key), Body: `body of ${Key}`, ContentType: 'text/plain', Metadata: { a: 'b' }, ...more }
    const { ETag, ChecksumCRC32 } = await s3.send(new PutObjectCommand(input))
    return { ETag, ChecksumCRC32 }
  }
  const list = async (more: object) => {
    const { Contents, CommonPrefixes, KeyCount, IsTruncated, Name, Prefix } = await s3.send(
      new ListObjectsV2Command({ Bucket: 'same', ...more }),
    )
    const contents = (Contents ?? []).map(({ Key, Size, ETag }) => ({ Key, Size, ETag }))
    return { contents, CommonPrefixes, KeyCount, IsTruncated, Name, Prefix }
  }
  for (const key of ['a/1', 'a/2', 'a/b/3', 'c d+é&<', 'e']) await steps.step(`put ${key}`, () => put(key))
  await steps.step('put once', () => put('e', { IfNoneMatch: '*' }))
  await steps.step('get', () => pick('c d+é&<'))
  await steps.step('get a range', () => pick('a/1', { Range: 'bytes=2-4' }))
  await steps.step('get the end', () => pick('a/1', { Range: 'bytes=-3' }))
  await steps.step('get past the end', () => pick('a/1', { Range: 'bytes=100-' }))
  await steps.step('get nothing', () => pick('nothing'))
  await steps.step('head nothing', () => s3.send(new HeadObjectCommand(at('nothing'))))
  await steps.step('no bucket', () => s3.send(new GetObjectCommand({ Bucket: 'none-of-these', Key: 'a' })))
  await steps.step('list', () => list({}))
  await steps.step('list a prefix', () => list({ Prefix: 'a/' }))
  await steps.step('list folders', () => list({ Delimiter: '/' }))
  await steps.step('list a page', () => list({ MaxKeys: 2 }))
  await steps.step('list after', () => list({ StartAfter: 'a/2' }))
  await steps.step('copy', async () => {
    await s3.send(new CopyObjectCommand({ ...at('copy'), CopySource: 'same/a/1' }))
    return pick('copy')
  })
  await steps.step('delete', async () => {
    await s3.send(new DeleteObjectCommand(at('copy')))
    await s3.send(new DeleteObjectCommand(at('copy')))
    return list({ Prefix: 'copy' })
  })
  await steps.step('delete many', async () => {
    const Delete = { Objects: [{ Key: 'a/1' }, { Key: 'a/2' }] }
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket: 'same', Delete }))
    return Deleted!.map(({ Key }) => Key)
  })
  await steps.step('parts', async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at('parts')))
    const Parts = []
    for (const [i, Body] of [Buffer.alloc(5 * 2 ** 20), Buffer.from('end')].entries()) {
      const { ETag } = await s3.send(new UploadPartCommand({ ...at('parts'), UploadId, PartNumber: i + 1, Body }))
      Parts.push({ ETag, PartNumber: i + 1 })
    }
    const { ETag } = await s3.send(
      new CompleteMultipartUploadCommand({ ...at('parts'), UploadId, MultipartUpload: { Parts } }),
    )
    return { ETag, list: await list({ Prefix: 'parts' }) }
  })
  return outcomes
}

/** On a group `/same` with the streams `x/1` (a, b, c, a second apart) and `y/1` (d, after them). */
export async function logCalls({ logs }: Clients): Promise<Outcome[]> {
  const steps = new Steps()
  const get = async (more: object) => {
    const page = await logs.send(
      new GetLogEventsCommand({ logGroupName: '/same', logStreamName: 'x/1', startFromHead: true, ...more }),
    )
    const messages = page.events!.map(({ message }) => message)
    return { messages, forward: page.nextForwardToken, backward: page.nextBackwardToken }
  }
  const messages = async (more: object) => (await get(more)).messages
  await steps.step('head', () => messages({}))
  await steps.step('limit', () => messages({ limit: 2 }))
  await steps.step('tail', () => messages({ startFromHead: false, limit: 2 }))
  await steps.step('forward to the end', async () => {
    const pages = [await get({ limit: 2 })]
    for (let i = 0; i < 3; i++) pages.push(await get({ limit: 2, nextToken: pages.at(-1)!.forward }))
    const same = pages.slice(1).map(({ forward }, i) => forward === pages[i]!.forward)
    return { pages: pages.map((page) => page.messages), same }
  })
  await steps.step('backward', async () => {
    const tail = await get({ startFromHead: false, limit: 1 })
    return messages({ nextToken: tail.backward, limit: 1 })
  })
  await steps.step('no stream', () => messages({ logStreamName: 'z' }))
  await steps.step('no group', () => messages({ logGroupName: '/z' }))
  await steps.step('limit of 0', () => messages({ limit: 0 }))
  await steps.step('wrong token', () => messages({ nextToken: 'z' }))
  const streams = async (more: object) => {
    const page = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/same', ...more }))
    const names = page.logStreams!.map(({ logStreamName }) => logStreamName)
    return { names, more: page.nextToken !== undefined }
  }
  await steps.step('streams', () => streams({}))
  await steps.step('streams by prefix', () => streams({ logStreamNamePrefix: 'y' }))
  await steps.step('streams in pages', () => streams({ limit: 1 }))
  await steps.step('prefix and order', () => streams({ logStreamNamePrefix: 'y', orderBy: 'LastEventTime' }))
  const filter = async (more: object) => {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName: '/same', interleaved: true, ...more }))
    return { messages: page.events!.map(({ message }) => message), more: page.nextToken !== undefined }
  }
  await steps.step('filter', () => filter({}))
  await steps.step('filter a stream', () => filter({ logStreamNames: ['y/1'] }))
  await steps.step('filter a page', () => filter({ limit: 2 }))
  await steps.step('filter a word', () => filter({ filterPattern: 'b' }))
  return steps.outcomes
}

export async function sagemakerCalls({ sagemaker }: Clients): Promise<Outcome[]> {
  const steps = new Steps()
  const create = async (...given: Parameters<typeof jobRequest>) => {
    const { TrainingJobArn } = await sagemaker.send(new CreateTrainingJobCommand(jobRequest(...given)))
    return TrainingJobArn!.replace(/:\d{12}:/, ':ACCOUNT:')
  }
  const tags = [{ Key: 'experiment', Value: 'one' }]
  const spot = {
    EnableManagedSpotTraining: true,
    StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 90 },
  }
  await steps.step('create', () => create('same-0', { lr: 0.1 }, { Tags: tags }))
  for (const n of [1, 2, 3]) await steps.step(`create ${n}`, () => create(`same-${n}`, {}, n === 1 ? spot : {}))
  await steps.step('describe', async () => {
    const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'same-0' }))
    const { TrainingJobName, HyperParameters, AlgorithmSpecification, ResourceConfig, RoleArn, OutputDataConfig } = job
    const { TrainingImage, TrainingInputMode } = AlgorithmSpecification!
    return {
      TrainingJobName,
      HyperParameters,
      TrainingImage,
      TrainingInputMode,
      ResourceConfig,
      RoleArn,
      OutputDataConfig,
    }
  })
  await steps.step('describe nothing', () =>
    sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'nothing' })),
  )
  const list = async (more: object) => {
    const { TrainingJobSummaries: found = [] } = await sagemaker.send(new ListTrainingJobsCommand(more))
    return found.map(({ TrainingJobName }) => TrainingJobName).sort()
  }
  await steps.step('list', () => list({}))
  await steps.step('list by name', () => list({ NameContains: 'same-1' }))
  await steps.step('list later ones', () => list({ CreationTimeAfter: new Date(Date.now() + 3_600_000) }))
  await steps.step('list in pages', async () => {
    const first = await sagemaker.send(new ListTrainingJobsCommand({ MaxResults: 3 }))
    const second = await sagemaker.send(new ListTrainingJobsCommand({ MaxResults: 3, NextToken: first.NextToken }))
    return [first, second].map(({ TrainingJobSummaries, NextToken }) => [
      TrainingJobSummaries!.length,
      NextToken !== undefined,
    ])
  })
  await steps.step('search by tag', async () => {
    const Filters = [{ Name: 'Tags.experiment', Operator: 'Equals' as const, Value: 'one' }]
    const found = await sagemaker.send(new SearchCommand({ Resource: 'TrainingJob', SearchExpression: { Filters } }))
    return found.Results!.map(({ TrainingJob }) => TrainingJob!.TrainingJobName)
  })
  await steps.step('tags', async () => {
    const { TrainingJobArn: ResourceArn } = await sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: 'same-0' }),
    )
    await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: 'more', Value: 'two' }] }))
    return (await sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags
  })
  return steps.outcomes
}

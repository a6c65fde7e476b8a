/**
 * What the emulator ignores: every member of a request that it does not look at while all that it has is made use of. The
 * list is ignored-members.txt; a member that is new in the model, or no longer looked at, shows here.
 */
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  DeleteTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  SearchCommand,
  StopTrainingJobCommand,
  UpdateTrainingJobCommand,
} from '@aws-sdk/client-sagemaker'
import { expect, it } from 'vitest'
import { connect, disconnect, jobRequest, reached, uploadProgram } from './clients.js'
import { Emulator } from './emulator/emulator.js'
import { members } from './emulator/reads.js'
import { type JsonService, MODELS } from './emulator/service-model.js'

const GROUP = '/aws/sagemaker/TrainingJobs'

it('is listed, to the last member', async () => {
  const emulator = await Emulator.start({ times: { logDelay: [0, 0] } })
  const clients = connect(emulator.clientOptions)
  const { sagemaker, logs, s3 } = clients
  try {
    await uploadProgram(clients, `console.log('ran')`)
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'data/a', Body: 'a' }))
    const ResourceConfig = {
      InstanceType: 'ml.m5.large' as const,
      InstanceCount: 1,
      VolumeSizeInGB: 30,
      VolumeKmsKeyId: 'key',
      KeepAlivePeriodInSeconds: 60,
    }
    const warm = jobRequest(
      'warm',
      { lr: 0.1 },
      {
        ResourceConfig,
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        InputDataConfig: [
          { ChannelName: 'data', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/data' } } },
        ],
        CheckpointConfig: { S3Uri: 's3://bucket/checkpoints', LocalPath: '/opt/ml/kept' },
        Environment: { A: 'b' },
        Tags: [{ Key: 'a', Value: 'b' }],
      },
    )
    const { TrainingJobArn: ResourceArn } = await sagemaker.send(new CreateTrainingJobCommand(warm))
    const spot = {
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 },
    }
    await sagemaker.send(new CreateTrainingJobCommand(jobRequest('spot', {}, spot)))
    await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'spot' }))
    await reached(clients, 'warm', 'Completed')
    await reached(clients, 'spot', 'Stopped')
    await sagemaker.send(new CreateTrainingJobCommand({ ...warm, TrainingJobName: 'again' }))
    await reached(clients, 'again', 'Completed')
    await sagemaker.send(
      new UpdateTrainingJobCommand({ TrainingJobName: 'again', ResourceConfig: { KeepAlivePeriodInSeconds: 0 } }),
    )
    await sagemaker.send(new ListTrainingJobsCommand({}))
    const Filters = [{ Name: 'Tags.a', Operator: 'Equals' as const, Value: 'b' }]
    await sagemaker.send(
      new SearchCommand({ Resource: 'TrainingJob', SearchExpression: { Filters, SubExpressions: [{ Filters }] } }),
    )
    await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: 'c', Value: 'd' }] }))
    await sagemaker.send(new ListTagsCommand({ ResourceArn }))
    await sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'spot' }))
    await logs.send(new DescribeLogGroupsCommand({}))
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }))
    await logs.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: logStreams![0]!.logStreamName }))
    await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP }))

    const all = (Object.keys(MODELS) as JsonService[]).flatMap((service) =>
      Object.keys(MODELS[service].inputs).flatMap((operation) => members(service, operation)),
    )
    // An expression within an expression has the same members.
    const reads = new Set([...emulator.reads].map((one) => one.replace('.SubExpressions', '')))
    const unknown = [...reads].filter((one) => !all.includes(one))
    expect(unknown).toEqual([])
    const ignored = all.filter((one) => !reads.has(one))
    await expect(`${ignored.join('\n')}\n`).toMatchFileSnapshot('ignored-members.txt')
  } finally {
    disconnect(clients)
    await emulator.close()
  }
})

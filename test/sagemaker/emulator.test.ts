/** Training jobs of the emulator, through the real SDK. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  SearchCommand,
  StopTrainingJobCommand,
  UpdateTrainingJobCommand,
} from '@aws-sdk/client-sagemaker'
import { afterEach, describe, expect, it } from 'vitest'
import { type Clients, connect, disconnect, jobRequest, reached, uploadProgram } from './clients.js'
import { Emulator } from './emulator/emulator.js'
import type { EmulatorOptions } from './emulator/options.js'

let emulator: Emulator
let clients: Clients

async function started(options: EmulatorOptions = {}): Promise<void> {
  emulator = await Emulator.start(options)
  clients = connect(emulator.clientOptions)
}

afterEach(async () => {
  disconnect(clients)
  await emulator.close()
})

const create = (...given: Parameters<typeof jobRequest>) =>
  clients.sagemaker.send(new CreateTrainingJobCommand(jobRequest(...given)))
const lines = (): string[] => {
  const streams = emulator.logs.streams('/aws/sagemaker/TrainingJobs') ?? []
  return streams.flatMap(({ events }) => events.map(({ message }) => message))
}
/** A program that waits to be ended, with an orderly end. */
const WAITS = `console.log('waiting'); process.on('SIGTERM', () => { console.log('asked to end'); process.exit(0) }); setInterval(() => {}, 1000)`

describe('a training job', () => {
  it('runs the program with arguments and environment of the training toolkit, and keeps what it made', async () => {
    await started()
    await clients.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'data/a.txt', Body: 'alpha' }))
    await uploadProgram(
      clients,
      `const fs = require('node:fs')
       console.log(JSON.stringify(process.argv.slice(2)))
       console.log(JSON.stringify({ hps: JSON.parse(process.env.SM_HPS), lr: process.env.SM_HP_LR, host: process.env.SM_CURRENT_HOST, own: process.env.OWN }))
       console.log(fs.readFileSync(process.env.SM_CHANNEL_TRAINING + '/a.txt', 'utf8'))
       fs.writeFileSync(process.env.SM_MODEL_DIR + '/model.txt', 'made')`,
    )
    await create(
      'first',
      { lr: 1e-5, epochs: 3, text: 'a $(touch b); c', flag: true, dir: '/opt/ml/checkpoints' },
      {
        Environment: { OWN: 'mine' },
        InputDataConfig: [
          {
            ChannelName: 'training',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/data' } },
          },
        ],
      },
    )
    const job = await reached(clients, 'first', 'Completed')

    const [args, environment, data] = lines()
    const given = JSON.parse(args!) as string[]
    const dir = given[1]!
    expect(dir.endsWith('/first/algo-1-0/checkpoints')).toBe(true)
    expect(given).toEqual([
      '--dir',
      dir,
      '--epochs',
      '3',
      '--flag',
      'True',
      '--lr',
      '1e-05',
      '--text',
      'a $(touch b); c',
    ])
    expect(JSON.parse(environment!)).toEqual({
      hps: { dir, epochs: 3, flag: true, lr: 1e-5, text: 'a $(touch b); c' },
      lr: '0.00001',
      host: 'algo-1',
      own: 'mine',
    })
    expect(data).toBe('alpha')
    expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ])
    const times = [job.CreationTime!, job.TrainingStartTime!, job.TrainingEndTime!].map(Number)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(job.BillableTimeInSeconds).toBeGreaterThanOrEqual(1)
    expect(job.ModelArtifacts!.S3ModelArtifacts).toBe('s3://bucket/output/first/output/model.tar.gz')
    const model = await clients.s3.send(
      new GetObjectCommand({ Bucket: 'bucket', Key: 'output/first/output/model.tar.gz' }),
    )
    expect((await model.Body!.transformToByteArray()).length).toBeGreaterThan(20)
  })

  it('runs on every host of its cluster', async () => {
    await started()
    await uploadProgram(clients, `console.log(process.env.SM_CURRENT_HOST, process.env.SM_HOSTS)`)
    await create('two', {}, { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 30 } })
    await reached(clients, 'two', 'Completed')
    expect(lines().sort()).toEqual(['algo-1 ["algo-1","algo-2"]', 'algo-2 ["algo-1","algo-2"]'])
  })

  it('fails with the exit code and what the program left as its reason', async () => {
    await started()
    await uploadProgram(
      clients,
      `require('node:fs').writeFileSync(process.env.SM_OUTPUT_DIR + '/failure', 'out of luck'); process.exit(3)`,
    )
    await create('bad')
    const job = await reached(clients, 'bad', 'Failed')
    expect(job.FailureReason).toBe('AlgorithmError: out of luck, exit code: 3')
    await create('none', { sagemaker_submit_directory: 's3://bucket/nothing' })
    expect((await reached(clients, 'none', 'Failed')).FailureReason).toBe(
      'ClientError: The specified key does not exist.',
    )
  })

  it('gets its program as an input where it has no network to fetch it', async () => {
    await started()
    await uploadProgram(clients, `console.log(process.argv.slice(2).join(' '))`)
    const alone = { EnableNetworkIsolation: true }
    await create('cut-off', { a: '1' }, alone)
    expect((await reached(clients, 'cut-off', 'Failed')).FailureReason).toBe(
      'ClientError: a container with EnableNetworkIsolation cannot fetch s3://bucket/code/source.tar.gz',
    )
    const there = { sagemaker_submit_directory: '/opt/ml/input/data/code/source.tar.gz' }
    await create('forgotten', there, alone)
    expect((await reached(clients, 'forgotten', 'Failed')).FailureReason).toMatch(
      /source\.tar\.gz is not in the container$/,
    )
    const S3DataSource = { S3DataType: 'S3Prefix' as const, S3Uri: 's3://bucket/code/source.tar.gz' }
    await create(
      'given',
      { ab: '1', ...there },
      { ...alone, InputDataConfig: [{ ChannelName: 'code', DataSource: { S3DataSource } }] },
    )
    await reached(clients, 'given', 'Completed')
    expect(lines()).toEqual(['--ab 1'])
  })

  it('runs a container entry point instead, and reads its hyperparameters from the file', async () => {
    await started()
    const script = `console.log(require('node:fs').readFileSync(process.argv[1], 'utf8'))`
    const request = jobRequest('own', { lr: 0.5 })
    await create(
      'own',
      { lr: 0.5 },
      {
        AlgorithmSpecification: {
          ...request.AlgorithmSpecification!,
          ContainerEntrypoint: [process.execPath, '-e', script],
          ContainerArguments: ['/opt/ml/input/config/hyperparameters.json'],
        },
      },
    )
    await reached(clients, 'own', 'Completed')
    expect(JSON.parse(lines()[0]!)).toEqual(request.HyperParameters)
  })

  it('is stopped: the program may end in order, the state passes Stopping', async () => {
    await started({ times: { grace: 60 } })
    await uploadProgram(clients, WAITS)
    await create('long')
    await expect.poll(lines).toContain('waiting')
    await clients.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'long' }))
    const job = await reached(clients, 'long', 'Stopped')
    expect(lines()).toEqual(['waiting', 'asked to end'])
    expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toContain('Stopping')
    const again = clients.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'long' }))
    await expect(again).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The request was rejected because the training job is in status Stopped.',
    })
  })

  it('is stopped before its instances came: nothing ran, nothing is billed', async () => {
    await started({ times: { startUp: [60, 60] } })
    await create('early')
    await clients.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'early' }))
    const job = await reached(clients, 'early', 'Stopped')
    expect(job.BillableTimeInSeconds).toBeUndefined()
    expect(lines()).toEqual([])
  })

  it('is ended when its time is over, and killed when it does not end', async () => {
    await started({ speed: 100, times: { grace: 5 } })
    await uploadProgram(clients, `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`)
    await create('slow', {}, { StoppingCondition: { MaxRuntimeInSeconds: 20 } })
    const job = await reached(clients, 'slow', 'MaxRuntimeExceeded')
    expect(job.TrainingJobStatus).toBe('Stopped')
    expect(job.BillableTimeInSeconds).toBeGreaterThanOrEqual(25)
  })
})

describe('checkpoints', () => {
  it('go to S3 while the program runs, and from there to a later job', async () => {
    await started({ times: { checkpointSync: 0.02 } })
    await uploadProgram(
      clients,
      `const fs = require('node:fs'); const [, dir] = process.argv.slice(2); const file = dir + '/sub/state'
       fs.mkdirSync(dir + '/sub', { recursive: true })
       const before = fs.existsSync(file) ? Number(fs.readFileSync(file)) : 0
       console.log('from', before); fs.writeFileSync(file, String(before + 1))
       if (before === 0) setInterval(() => {}, 1000)`,
    )
    const checkpoints = { CheckpointConfig: { S3Uri: 's3://bucket/trial/0' } }
    await create('c1', { st_checkpoint_dir: '/opt/ml/checkpoints' }, checkpoints)
    await expect
      .poll(() => emulator.store.list('bucket', 'trial/').map(({ key }) => key))
      .toEqual(['trial/0/sub/state'])
    await clients.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'c1' }))
    await reached(clients, 'c1', 'Stopped')
    await create('c2', { st_checkpoint_dir: '/opt/ml/checkpoints' }, checkpoints)
    await reached(clients, 'c2', 'Completed')
    expect(lines()).toEqual(['from 0', 'from 1'])
  })
})

describe('spot instances', () => {
  const SPOT = {
    EnableManagedSpotTraining: true,
    StoppingCondition: { MaxRuntimeInSeconds: 100, MaxWaitTimeInSeconds: 100 },
    CheckpointConfig: { S3Uri: 's3://bucket/spot' },
  }

  it('are taken back, and the job starts again from its checkpoint, in a new log stream', async () => {
    await started({ times: { checkpointSync: 0.02 } })
    await uploadProgram(
      clients,
      `const fs = require('node:fs'); const file = process.argv[3] + '/state'
       if (fs.existsSync(file)) { console.log('again'); process.exit(0) }
       console.log('first'); fs.writeFileSync(file, 'x'); setInterval(() => {}, 1000)`,
    )
    await create('spot', { dir: '/opt/ml/checkpoints' }, SPOT)
    await expect.poll(() => emulator.store.list('bucket', 'spot/').length).toBe(1)
    emulator.job('spot').interrupt('interrupt')
    const job = await reached(clients, 'spot', 'Completed')
    expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status).join(' ')).toBe(
      'Starting Downloading Training Interrupted Restarting Starting Downloading Training Uploading Completed',
    )
    expect(lines().sort()).toEqual(['again', 'first'])
  })

  it('that do not come in time end the job; only what ran is billed, and only in part', async () => {
    await started({ speed: 100, times: { startUp: [500, 500] } })
    await create('waits', {}, SPOT)
    const job = await reached(clients, 'waits', 'MaxWaitTimeExceeded')
    expect(job.TrainingJobStatus).toBe('Stopped')
    expect(job.BillableTimeInSeconds).toBeUndefined()
  })

  it('need a longest wait', async () => {
    await started()
    const request = create('spot', {}, { EnableManagedSpotTraining: true })
    await expect(request).rejects.toThrow('MaxWaitTimeInSeconds must be given')
  })
})

describe('warm pools', () => {
  const keep = (seconds: number, type = 'ml.m5.large') => ({
    ResourceConfig: {
      InstanceType: type as 'ml.m5.large',
      InstanceCount: 1,
      VolumeSizeInGB: 30,
      KeepAlivePeriodInSeconds: seconds,
    },
  })

  it('are reused by a matching job, which starts sooner', async () => {
    await started({ speed: 100, times: { startUp: [60, 60], warmStartUp: [1, 1] } })
    await uploadProgram(clients, `console.log('ran')`)
    await create('w1', {}, keep(3600))
    const first = await reached(clients, 'w1', 'Completed')
    const pool = async () =>
      (await clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'w1' }))).WarmPoolStatus
    await expect.poll(async () => (await pool())?.Status).toBe('Available')
    await create('other', {}, keep(3600, 'ml.m5.xlarge'))
    await create('w2', {}, keep(3600))
    expect(await pool()).toMatchObject({ Status: 'Reused', ReusedByJob: 'w2' })
    const second = await reached(clients, 'w2', 'Completed')
    const wait = ({ CreationTime, TrainingStartTime }: typeof first) => Number(TrainingStartTime) - Number(CreationTime)
    expect(wait(first)).toBeGreaterThanOrEqual(60_000)
    expect(wait(second)).toBeLessThan(wait(first))
    await expect
      .poll(async () => {
        const found = await clients.sagemaker.send(new ListTrainingJobsCommand({ WarmPoolStatusEquals: 'Available' }))
        return found.TrainingJobSummaries!.map(({ TrainingJobName }) => TrainingJobName)
      })
      .toContain('w2')
    await clients.sagemaker.send(
      new UpdateTrainingJobCommand({ TrainingJobName: 'w2', ResourceConfig: { KeepAlivePeriodInSeconds: 0 } }),
    )
    expect((await reached(clients, 'w2', 'Completed')).WarmPoolStatus!.Status).toBe('Terminated')
  })
})

describe('what the service refuses', () => {
  it('names that are not names, roles that are not roles, types that are none, what is missing', async () => {
    await started()
    await expect(create('a_b')).rejects.toMatchObject({
      name: 'ValidationException',
      message: `1 validation error detected: Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
    })
    await expect(create('a'.repeat(64))).rejects.toThrow('length less than or equal to 63')
    await expect(create('a', {}, { RoleArn: 'arn:aws:iam::1:user/x-and-more' })).rejects.toThrow(`at 'roleArn'`)
    await expect(create('a', {}, { OutputDataConfig: undefined })).rejects.toThrow(`Value at 'outputDataConfig'`)
    const type = { InstanceType: 'ml.nothing' as 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 }
    await expect(create('a', {}, { ResourceConfig: type })).rejects.toThrow('enum value set')
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`h${i}`, i]))
    await expect(create('a', many)).rejects.toThrow(`at 'hyperParameters'`)
    expect(emulator.sagemaker.jobs.size).toBe(0)
  })

  it('a name used before, instances past the quota, a job that is not there', async () => {
    await started({ quotas: { 'ml.m5.large for training job usage': 1 } })
    await uploadProgram(clients, WAITS)
    await create('only')
    await expect(create('only')).rejects.toMatchObject({ name: 'ResourceInUse' })
    await expect(create('second')).rejects.toMatchObject({
      name: 'ResourceLimitExceeded',
      message: expect.stringContaining(
        `'ml.m5.large for training job usage' is 1 Instances, with current utilization of 1 Instances and a request delta of 1 Instances`,
      ) as string,
    })
    const gone = clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'nobody' }))
    await expect(gone).rejects.toMatchObject({ name: 'ValidationException', message: 'Requested resource not found.' })
    await clients.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'only' }))
    await reached(clients, 'only', 'Stopped')
    await create('third')
  })
})

describe('lists', () => {
  it('are filtered, ordered and paged; tags are searched', async () => {
    await started()
    await uploadProgram(clients, '')
    const names = Array.from({ length: 23 }, (_, i) => `exp-${String(i).padStart(2, '0')}`)
    for (const name of names)
      await create(name, {}, { Tags: [{ Key: 'experiment', Value: Number(name.slice(4)) % 2 ? 'odd' : 'even' }] })
    await create('other')
    for (const name of names) await reached(clients, name, 'Completed')

    const listed: string[] = []
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = await clients.sagemaker.send(
        new ListTrainingJobsCommand({
          NameContains: 'EXP-',
          MaxResults: 10,
          StatusEquals: 'Completed',
          NextToken: token,
        }),
      )
      expect(page.TrainingJobSummaries!.length).toBeLessThanOrEqual(10)
      listed.push(...page.TrainingJobSummaries!.map(({ TrainingJobName }) => TrainingJobName!))
      token = page.NextToken
    }
    expect(listed).toEqual(names)
    const newest = await clients.sagemaker.send(new ListTrainingJobsCommand({ SortOrder: 'Descending', MaxResults: 1 }))
    expect(newest.TrainingJobSummaries![0]!.TrainingJobName).toBe('other')
    const later = await clients.sagemaker.send(
      new ListTrainingJobsCommand({ CreationTimeAfter: newest.TrainingJobSummaries![0]!.CreationTime! }),
    )
    expect(later.TrainingJobSummaries).toEqual([])

    const found: string[] = []
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = await clients.sagemaker.send(
        new SearchCommand({
          Resource: 'TrainingJob',
          SearchExpression: { Filters: [{ Name: 'Tags.experiment', Operator: 'Equals', Value: 'odd' }] },
          NextToken: token,
        }),
      )
      found.push(...page.Results!.map(({ TrainingJob }) => TrainingJob!.TrainingJobName!))
      token = page.NextToken
    }
    expect(found.sort()).toEqual(names.filter((_, i) => i % 2))
    const either = await clients.sagemaker.send(
      new SearchCommand({
        Resource: 'TrainingJob',
        SearchExpression: {
          Operator: 'Or',
          Filters: [{ Name: 'TrainingJobName', Operator: 'In', Value: 'exp-00,exp-01' }],
          SubExpressions: [{ Filters: [{ Name: 'TrainingJobName', Operator: 'Contains', Value: 'oth' }] }],
        },
      }),
    )
    expect(either.Results!.length).toBe(3)
  })

  it('hold tags that are added later; a job that is over can be deleted', async () => {
    await started()
    await uploadProgram(clients, '')
    const { TrainingJobArn: arn } = await create('tagged', {}, { Tags: [{ Key: 'a', Value: '1' }] })
    const remove = () => clients.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'tagged' }))
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceInUse' })
    await clients.sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: 'a', Value: '2' }] }))
    const { Tags } = await clients.sagemaker.send(new ListTagsCommand({ ResourceArn: arn }))
    expect(Tags).toEqual([{ Key: 'a', Value: '2' }])
    await reached(clients, 'tagged', 'Completed')
    await remove()
    expect(emulator.sagemaker.jobs.size).toBe(0)
  })
})

/** What of the SageMaker backend makes no call: configuration, requests, names, sources, order, ends, bills, calls. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { jobBill } from '../../../src/backends/sagemaker/billing.js'
import { estimateRun } from '../../../src/backends/sagemaker/estimate.js'
import { Calls } from '../../../src/backends/sagemaker/calls.js'
import { checkSageMakerConfig, readSageMakerConfig } from '../../../src/backends/sagemaker/config.js'
import { FormerJobs } from '../../../src/backends/sagemaker/former-jobs.js'
import { jobEnd } from '../../../src/backends/sagemaker/job-end.js'
import { experimentPrefix, jobName, jobPlace, runPrefix } from '../../../src/backends/sagemaker/job-name.js'
import { missedRecords } from '../../../src/backends/sagemaker/job-record.js'
import { jobRequest, machineOf, sameTraining, withoutSecrets } from '../../../src/backends/sagemaker/job-request.js'
import { ReportOrder } from '../../../src/backends/sagemaker/report-order.js'
import { firstCall } from '../../../src/backends/sagemaker/first-call.js'
import { ServiceFault, serviceFault } from '../../../src/backends/sagemaker/service-fault.js'
import type { JobDescription, Services } from '../../../src/backends/sagemaker/services.js'
import { packSource } from '../../../src/backends/sagemaker/source.js'
import { TokenBucket } from '../../../src/backends/sagemaker/token-bucket.js'
import { WarmPools } from '../../../src/backends/sagemaker/warm-pools.js'

const folder = mkdtempSync(join(tmpdir(), 'sagemaker-pure-'))
mkdirSync(join(folder, 'src', 'deep'), { recursive: true })
writeFileSync(join(folder, 'src', 'train.py'), 'print(1)\n', { mode: 0o755 })
writeFileSync(join(folder, 'src', 'deep', 'data.txt'), 'x'.repeat(1000))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const given = {
  role: 'arn:aws:iam::123456789012:role/training',
  region: 'eu-central-1',
  s3: 's3://bucket/prefix/',
  image: { huggingFace: { transformers: '4.36.0' } },
  source: 'src',
  entryPoint: 'train.py',
  instanceTypes: ['ml.m5.large', 'ml.c5.xlarge'],
}
const config = (more: object = {}) => checkSageMakerConfig({ ...given, ...more }, folder)
const run = {
  prefix: 'x-1-c0-s0-',
  id: '1',
  s3: 's3://bucket/prefix/x',
  sourceUri: 's3://bucket/s.tar.gz',
  checkpoints: true,
}
const request = (more: object, trial: Record<string, string | number | boolean>) =>
  jobRequest(config(more), run, { trial: 3, attempt: 1, restarts: 0, config: trial, seed: 7, level: 2 })

describe('the configuration', () => {
  it('is completed', () => {
    expect(config()).toMatchObject({
      image:
        '763104351884.dkr.ecr.eu-central-1.amazonaws.com/huggingface-pytorch-training:2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04',
      s3: 's3://bucket/prefix',
      source: join(folder, 'src'),
      volumeGB: 30,
      refill: 'ended',
    })
  })

  it.each([
    [{ role: 'admin' }, /^sagemaker\.role: must be the ARN of a role.*got "admin"/],
    [{ role: undefined }, /^sagemaker\.role must be the ARN of a role: arn:.*, got nothing; add this entry$/],
    [{ region: undefined }, /^sagemaker\.region must be a region such as eu-central-1, got nothing; add this entry$/],
    [{ s3: undefined }, /^sagemaker\.s3 must be an address such as s3:.*, got nothing; add this entry$/],
    [{ image: undefined }, /^sagemaker\.image must be the address of an image.*, got nothing; add this entry$/],
    [{ source: undefined }, /^sagemaker\.source must be the folder of the program, got nothing; add this entry$/],
    [
      { entryPoint: undefined },
      /^sagemaker\.entryPoint must be the file of the program.*, got nothing; add this entry$/,
    ],
    [{ instanceTypes: undefined }, /^sagemaker\.instanceTypes must be a list of .*, got nothing; add this entry$/],
    [{ instanceTypes: [] }, /^sagemaker\.instanceTypes: must be a list of instance types such as.*\(got \[\]\)$/],
    [{ launch: {} }, /^sagemaker\.launch\.image must be the address of an image.*, got nothing; add this entry$/],
    [{ spot: {} }, /^sagemaker\.spot\.maxWaitSeconds must be a number, got nothing; add this entry$/],
    [{ regoin: 'x' }, /unknown entry "regoin"; did you mean "?region/],
    [{ source: 'nowhere' }, /^sagemaker\.source must be a folder that exists/],
    [{ entryPoint: '../train.py' }, /^sagemaker\.entryPoint must be a path below/],
    [{ entryPoint: 'missing.py' }, /^sagemaker\.entryPoint must be a file/],
    [{ instanceTypes: ['m5.large'] }, /^sagemaker\.instanceTypes\.0: must be an instance type/],
    [{ image: { huggingFace: { transformers: '9.9' } } }, /must be one of 4\.26\.0/],
    [{ hyperparameters: { st_checkpoint_dir: '/' } }, /containers or trials use themselves/],
    [{ spot: { maxWaitSeconds: 10 } }, /must be maxRunSeconds \(86400\) or more/],
    [{ tags: { 'aws:x': '1' } }, /must not begin with/],
    [{ pollSeconds: 0 }, /^sagemaker\.pollSeconds/],
    [{ entryPoint: '.' }, /^sagemaker\.entryPoint must be a file in/],
    [{ entryPoint: 'deep' }, /^sagemaker\.entryPoint must be a file in/],
    [{ image: 'foo bar' }, /^sagemaker\.image: must be the address of an image: 255 letters.*got "foo bar"/],
    [{ image: 5 }, /^sagemaker\.image: must be the address of an image.* or \{ "huggingFace".*got 5\)$/],
    [{ launch: { image: 'foo bar' } }, /^sagemaker\.launch\.image: must be the address of an image/],
    [{ encryption: { volumeKey: 'bad key' } }, /^sagemaker\.encryption\.volumeKey: must be the id, the ARN.*"bad key"/],
    [{ encryption: { outputKey: 'bad key' } }, /^sagemaker\.encryption\.outputKey: must be the id, the ARN.*"bad key"/],
    [
      { hyperparameters: { 'a b': 1 } },
      /^sagemaker\.hyperparameters, name of an entry: must have .* no spaces \(got "a b"\)$/,
    ],
    [
      { hyperparameters: { a: null } },
      /^sagemaker\.hyperparameters\.a: must be a number, a text, true or false \(got null/,
    ],
    [
      { networkIsolation: true, inputs: { code: 's3://bucket/code' } },
      /^sagemaker\.inputs, name of an entry: must be another one with networkIsolation.*got "code"; rename the input/,
    ],
    [
      {
        networkIsolation: true,
        inputs: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`i${i}`, 's3://bucket/i'])),
      },
      /^sagemaker\.inputs must be 19 at most, beside the program, got 20/,
    ],
    [{ seedArgument: 'a b' }, /^sagemaker\.seedArgument: must have .* no spaces \(got "a b"\)$/],
    [{ seedArgument: true }, /^sagemaker\.seedArgument: must be a name without spaces, or false \(got true\)$/],
    [
      { inputs: { 'a b': 's3://bucket/a' } },
      /^sagemaker\.inputs, name of an entry: must be a name of letters.*got "a b"/,
    ],
    [{ tags: { 'a?': 'b' } }, /^sagemaker\.tags, name of an entry: must have letters.* only \(got "a\?"\)$/],
    [{ tags: { a: 'b?' } }, /^sagemaker\.tags\.a: must have letters.* only \(got "b\?"\)$/],
    [{ vpc: { subnets: ['a b'], securityGroups: ['sg-1'] } }, /^sagemaker\.vpc\.subnets\.0: must be an id/],
    [{ environmentFrom: ['1x'] }, /^sagemaker\.environmentFrom\.0: must be a name of letters.*not begin with a digit/],
    [
      { region: 'cn-north-1', image: 'any' },
      /^sagemaker\.role must be a role of the partition of cn-north-1: arn:aws-cn:iam::\.\.\., got "arn:aws:iam/,
    ],
    [
      { launch: { image: 'any', role: 'arn:aws-us-gov:iam::123456789012:role/tuner' } },
      /^sagemaker\.launch\.role must be a role of the partition of eu-central-1: arn:aws:iam/,
    ],
    [
      { instanceTypes: ['ml.m5.large', 'ml.g5.xlarge'], encryption: { volumeKey: 'alias/mine' } },
      /^sagemaker\.encryption\.volumeKey: SageMaker takes no key for ml\.g5\.xlarge.*; leave out/,
    ],
    [
      { launch: { image: 'any', instanceType: 'ml.m5d.large' }, encryption: { volumeKey: 'alias/mine' } },
      /^sagemaker\.encryption\.volumeKey: SageMaker takes no key for ml\.m5d\.large/,
    ],
  ])('is refused with one line: %j', (more, message) => {
    expect(() => config(more)).toThrow(message)
  })

  it.each([
    [{ '1x': 'hush' }, /^sagemaker\.environment must be a name of letters, digits and "_" .* digit, got "1x"$/],
    [{ TOKEN: `hush${'x'.repeat(512)}` }, /^sagemaker\.environment\.TOKEN must be a text of 512 characters at most$/],
    [{ TOKEN: ['hush'] }, /^sagemaker\.environment\.TOKEN must be a text/],
    ['TOKEN=hush', /^sagemaker\.environment must be an object/],
  ])('never shows values of the environment: %j', (environment, message) => {
    expect(() => config({ environment })).toThrow(message)
    expect(() => config({ environment })).not.toThrow(/hush/)
  })

  it('never shows what stands around a fault of JSON', () => {
    const path = join(folder, 'broken.json')
    writeFileSync(path, '{ "environment": { "TOKEN": hush } }')
    expect(() => readSageMakerConfig(path)).toThrow(/^--config .*broken\.json cannot be read: Unexpected token/)
    expect(() => readSageMakerConfig(path)).not.toThrow(/hush|TOKEN/)
  })

  it.each([
    { region: 'cn-north-1', role: 'arn:aws-cn:iam::123456789012:role/training', image: 'any' },
    { region: 'eusc-de-east-1', role: 'arn:aws-eusc:iam::123456789012:role/training', image: 'any' },
    { region: 'us-gov-west-1', role: 'arn:aws-us-gov:iam::123456789012:role/training', image: 'any' },
    { encryption: { volumeKey: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab', outputKey: 'alias/mine' } },
    { instanceTypes: ['ml.g5.xlarge'], encryption: { outputKey: 'alias/mine' } },
    { image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/a_b/c:1.2-cpu@sha256:0123abcd' },
    { inputs: { code: 's3://bucket/code' } },
    { tags: { 'cost centre': 'Größe 1 + 2 = 3 @ a/b:c' }, hyperparameters: { 'model.size': 'a b', n: 1, flag: true } },
  ])('takes %j', (more) => {
    expect(() => config(more)).not.toThrow()
  })
})

describe('a request', () => {
  it('has hyperparameters as texts of JSON, without the machine', () => {
    const { HyperParameters, ResourceConfig, CheckpointConfig, TrainingJobName } = request(
      { hyperparameters: { epochs: 27 } },
      { lr: 1e-5, name: 'a "b"', flag: true, instance_type: 'ml.c5.xlarge', instance_count: 2 },
    )
    expect(TrainingJobName).toBe('x-1-c0-s0-t3-a1-r0')
    expect(HyperParameters).toEqual({
      epochs: '27',
      lr: '0.00001',
      name: '"a \\"b\\""',
      flag: '"true"',
      seed: '7',
      st_checkpoint_dir: '"/opt/ml/checkpoints"',
      sagemaker_program: '"train.py"',
      sagemaker_submit_directory: '"s3://bucket/s.tar.gz"',
      sagemaker_region: '"eu-central-1"',
      sagemaker_job_name: '"x-1-c0-s0-t3-a1-r0"',
      sagemaker_container_log_level: '20',
    })
    expect(ResourceConfig).toEqual({ InstanceType: 'ml.c5.xlarge', InstanceCount: 2, VolumeSizeInGB: 30 })
    expect(CheckpointConfig).toEqual({
      S3Uri: expect.stringMatching(/^s3:\/\/bucket\/prefix\/x\/3-[0-9a-f]{8}\/checkpoints$/),
      LocalPath: '/opt/ml/checkpoints',
    })
  })

  it('keeps checkpoints of other configurations apart, those of what all trials are given included', () => {
    const at = (hyperparameters: object, size: number) => request({ hyperparameters }, { size }).CheckpointConfig?.S3Uri
    expect(at({ a: 1, b: 2 }, 1)).toBe(at({ b: 2, a: 1 }, 1))
    expect(at({ a: 1 }, 1)).not.toBe(at({ a: 2 }, 1))
    expect(at({ a: 1 }, 1)).not.toBe(at({ a: 1 }, 2))
  })

  it('has what was asked for: spot, networks, keys, inputs', () => {
    const made = request(
      {
        maxRunSeconds: 60,
        spot: { maxWaitSeconds: 120 },
        vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
        encryption: { volumeKey: 'v', outputKey: 'o', betweenInstances: true },
        networkIsolation: true,
        inputs: { data: 's3://bucket/data' },
        tags: { team: 'a' },
      },
      { lr: 1 },
    )
    expect(made).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 },
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      OutputDataConfig: { KmsKeyId: 'o' },
      ResourceConfig: { VolumeKmsKeyId: 'v' },
      InputDataConfig: [
        { ChannelName: 'data', DataSource: { S3DataSource: { S3Uri: 's3://bucket/data' } } },
        { ChannelName: 'code', DataSource: { S3DataSource: { S3Uri: 's3://bucket/s.tar.gz' } } },
      ],
      HyperParameters: { sagemaker_submit_directory: '"/opt/ml/input/data/code/sourcedir.tar.gz"' },
    })
    expect(made.Tags).toContainEqual({ Key: 'team', Value: 'a' })
    expect(made.Tags).toContainEqual({ Key: 'rungbench:experiment', Value: '1' })
  })

  it('is for the same training whichever way the program comes, and for another one with another program', () => {
    const of = (networkIsolation: boolean, sourceUri: string) =>
      jobRequest(
        config({ networkIsolation }),
        { ...run, sourceUri },
        { trial: 0, attempt: 0, restarts: 0, config: {}, seed: 0, level: 0 },
      )
    const there = (of: ReturnType<typeof jobRequest>) => of as unknown as JobDescription
    const [first, second] = ['s3://bucket/1.tar.gz', 's3://bucket/2.tar.gz']
    expect(sameTraining(there(of(true, first)), of(false, first))).toBe(true)
    expect(sameTraining(there(of(false, first)), of(true, first))).toBe(true)
    expect(sameTraining(there(of(true, first)), of(true, second))).toBe(false)
    expect(sameTraining(there(of(false, first)), of(false, second))).toBe(false)
  })

  it('is shown without what the user put into the environment', () => {
    const secret = config({ environment: { TOKEN: 'hush' } })
    const made = jobRequest(secret, run, { trial: 0, attempt: 0, restarts: 0, config: {}, seed: 0, level: 0 })
    expect(made.Environment).toMatchObject({ TOKEN: 'hush', RUNGBENCH_LEVEL: '0' })
    expect(withoutSecrets(made, secret).Environment).toMatchObject({ TOKEN: '***', RUNGBENCH_LEVEL: '0' })
    // As docs/sagemaker.md warns.
    const open = config({ hyperparameters: { token: 'open' } })
    const shown = withoutSecrets(
      jobRequest(open, run, { trial: 0, attempt: 0, restarts: 0, config: {}, seed: 0, level: 0 }),
      open,
    )
    expect(shown.HyperParameters).toMatchObject({ token: '"open"' })
  })

  it('names a machine that is allowed, by default the first', () => {
    expect(machineOf({ lr: 1 }, config())).toEqual({ type: 'ml.m5.large', count: 1 })
    expect(machineOf({ st_instance_type: 'ml.c5.xlarge', st_instance_count: 2 }, config()).count).toBe(2)
    expect(() => machineOf({ instance_type: 'ml.p4d.24xlarge' }, config())).toThrow(
      /must be one of sagemaker.instanceTypes/,
    )
  })
})

describe('a name', () => {
  it('fits and can be read back', () => {
    const prefix = runPrefix(experimentPrefix('instance-selection of everything!', '0123456789'), 99, 2 ** 31 - 1)
    const name = jobName(prefix, { trial: 9999, attempt: 99, restarts: 99 })
    expect(name.length).toBeLessThanOrEqual(63)
    expect(jobPlace(prefix, name)).toEqual({ trial: 9999, attempt: 99, restarts: 99 })
    expect(jobPlace(prefix, 'another-job')).toBeUndefined()
    expect(() => jobName('x'.repeat(60), { trial: 1, attempt: 1, restarts: 1 })).toThrow(/63/)
  })
})

describe('a source', () => {
  it('depends on names and contents alone, and tar reads it', () => {
    const first = packSource(join(folder, 'src'))
    utimesSync(join(folder, 'src', 'train.py'), 1, 1)
    mkdirSync(join(folder, 'src', '__pycache__'), { recursive: true })
    writeFileSync(join(folder, 'src', '__pycache__', 'x.pyc'), 'x')
    expect(packSource(join(folder, 'src')).sha256).toBe(first.sha256)
    const list = execFileSync('tar', ['-tvzf', '-'], { input: first.archive, encoding: 'utf8' })
    expect(
      list
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).at(-1)),
    ).toEqual(['deep/data.txt', 'train.py'])
    expect(list).toMatch(/^-rwxr-xr-x.*train\.py$/m)
    writeFileSync(join(folder, 'src', 'deep', 'data.txt'), 'y')
    expect(packSource(join(folder, 'src')).sha256).not.toBe(first.sha256)
  })
})

describe('reports', () => {
  const at = (epoch: number, timestamp = epoch) => ({ report: { epoch }, timestamp, stream: 0 })
  const levels = (taken: readonly { report: object }[]) =>
    taken.map(({ report }) => (report as { epoch: number }).epoch)

  it('wait for one that is late, but not for ever', () => {
    const order = new ReportOrder('epoch', 10)
    order.push(at(1), 0)
    order.push(at(3), 0)
    expect(levels(order.take(0, 0))).toEqual([1])
    order.push(at(2), 5)
    expect(levels(order.take(1, 5))).toEqual([2, 3])
    order.push(at(5), 6)
    expect(levels(order.take(3, 15))).toEqual([])
    expect(levels(order.take(3, 16))).toEqual([5])
    order.push(at(7), 17)
    expect(levels(order.take(5, 17))).toEqual([7])
  })

  it('all go out at the end', () => {
    const order = new ReportOrder('epoch', 10)
    order.push(at(9), 0)
    order.push(at(4), 0)
    expect(levels(order.take(0, Infinity))).toEqual([4, 9])
  })
})

describe('calls', () => {
  it('go at the rate of a bucket', () => {
    const bucket = new TokenBucket(2, 2, 0)
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([0, 0, 0.5, 1])
    expect(bucket.take(10)).toBe(0)
  })

  it.each([
    [{ name: 'ThrottlingException' }, 'throttle'],
    [{ name: 'ResourceLimitExceeded' }, 'limit'],
    [{ name: 'ExpiredTokenException' }, 'credentials'],
    [{ name: 'CredentialsProviderError' }, 'credentials'],
    [{ name: 'ResourceInUse' }, 'exists'],
    [{ name: 'ValidationException', message: 'Requested resource not found.' }, 'gone'],
    [{ name: 'ValidationException', message: 'bad' }, 'invalid'],
    [{ name: 'X', $metadata: { httpStatusCode: 503 } }, 'transient'],
    [{ name: 'Error', code: 'ECONNRESET' }, 'transient'],
    [{ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }, 'denied'],
    [{ name: 'Unknown', $metadata: { httpStatusCode: 403 } }, 'denied'],
    [{ name: 'SyntaxError', message: 'Unexpected token', $metadata: { httpStatusCode: 200 } }, 'transient'],
    [{ name: 'SyntaxError', message: 'Unexpected token', $metadata: { httpStatusCode: 404 } }, 'transient'],
    [{ name: 'Error', message: 'XML\n  Deserialization error: to', $metadata: { httpStatusCode: 200 } }, 'transient'],
    [{ name: 'Unknown', message: 'UnknownError', $metadata: { httpStatusCode: 302 } }, 'transient'],
    [{ name: 'Unknown', message: 'UnknownError', $metadata: { httpStatusCode: 404 } }, 'transient'],
    [{ name: 'Unknown', message: 'UnknownError', $metadata: { httpStatusCode: 407 } }, 'transient'],
    [{ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } }, 'gone'],
    // A bucket of another region: asking again does not help.
    [{ name: 'PermanentRedirect', $metadata: { httpStatusCode: 301 } }, 'invalid'],
    [{ name: 'Error', code: 'HPE_INVALID_CONSTANT' }, 'transient'],
    [{ name: 'Error', code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'certificate'],
    [{ name: 'Error', code: 'CERT_HAS_EXPIRED' }, 'certificate'],
    [{ name: 'Error', code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }, 'certificate'],
    [{ name: 'Error', code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'certificate'],
  ])('that fail are of a kind: %j', (error, kind) => {
    expect(serviceFault(error, 'x').kind).toBe(kind)
  })

  it('that fail say so in one line, without secrets', () => {
    const said = (name: string, message: string, secrets: string[] = []): string =>
      serviceFault({ name, message }, 'x', secrets).message
    const quoted = "Value '{A=true, B=abc, C=hf_secret_2, D=hf_secret}' failed"
    expect(said('ValidationException', quoted, ['hf_secret', 'hf_secret_2', 'abc', ''])).toBe(
      "x: ValidationException: Value '{A=true, B=abc, C=***, D=***}' failed",
    )
    const signature =
      "The signature does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:IQoJ\n'\n\nThe String-to-Sign should have been\n'AWS4'\n"
    expect(said('InvalidSignatureException', signature)).toBe(
      'x: InvalidSignatureException: The signature does not match.',
    )
    // The SDK quotes an answer that it cannot read, and a job's description holds its environment.
    expect(said('SyntaxError', `Unexpected token 'h', "hf_secret" is not valid JSON`)).not.toContain('hf_')
  })

  it('are denied for two minutes before a run takes it for true, and no longer where it was so before', async () => {
    let now = 0
    let made = 0
    const told: string[] = []
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })
    const services = { stopTrainingJob: () => (made++, Promise.reject(denied)) } as unknown as Services
    const options = {
      onWarning: (text: string) => void told.push(text),
      now: () => now,
      sleep: async (seconds: number) => void (now += seconds),
      chance: () => 0.99,
      rates: { stopTrainingJob: 100 },
    }
    const calls = new Calls(services, options)
    // A command that trains nothing fails at once.
    await expect(new Calls(services, options).call('stopTrainingJob', 'x')).rejects.toMatchObject({ kind: 'denied' })
    expect(made).toBe(1)
    await expect(calls.forRun().call('stopTrainingJob', 'x')).rejects.toMatchObject({ kind: 'denied' })
    expect(now).toBeGreaterThan(119)
    expect(now).toBeLessThan(200)
    expect(made).toBeGreaterThan(5)
    expect(told).toEqual([expect.stringMatching(/^stopTrainingJob: AccessDeniedException: .* two minutes$/)])
    const before = made
    await expect(calls.forRun().call('stopTrainingJob', 'y')).rejects.toMatchObject({ kind: 'denied' })
    expect(made).toBe(before + 1)
  })

  const untrusted = Object.assign(new Error('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })

  it('over connections that are never to be trusted fail after 15 minutes, with the cure; an answer begins anew', async () => {
    let now = 0
    let good = false
    let made = 0
    const services = {
      stopTrainingJob: () => (made++, good ? Promise.resolve('done') : Promise.reject(untrusted)),
    } as unknown as Services
    const calls = new Calls(services, {
      onWarning: () => {},
      now: () => now,
      sleep: async (seconds) => void (now += seconds),
      chance: () => 0.99,
      rates: { stopTrainingJob: 100 },
    }).forRun()
    const fails = () => expect(calls.call('stopTrainingJob', 'x')).rejects.toThrow(/15 minutes.*NODE_EXTRA_CA_CERTS/)
    await fails()
    expect(now).toBeGreaterThanOrEqual(900)
    expect(now).toBeLessThan(1000)
    const before = made
    await fails()
    expect(made).toBe(before + 1)
    good = true
    expect(await calls.call('stopTrainingJob', 'x')).toBe('done')
    good = false
    const since = now
    await fails()
    expect(now - since).toBeGreaterThanOrEqual(900)
  })

  it('that are denied are not waited for when a run is over, but for those that end jobs', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' })
    const answers = [denied, undefined]
    const services = {
      describeTrainingJob: () => Promise.reject(denied),
      stopTrainingJob: () => {
        const error = answers.shift()
        return error === undefined ? Promise.resolve('done') : Promise.reject(error)
      },
    } as unknown as Services
    // A rest of an hour: only what is woken ends.
    const told: string[] = []
    const options = { firstRest: 3600, chance: () => 0.99, onWarning: (text: string) => void told.push(text) }
    const calls = new Calls(services, options).forRun()
    const described = calls.call('describeTrainingJob', 'x')
    const unwanted = calls.callWhile(() => false, 'describeTrainingJob', 'x')
    await expect(unwanted).rejects.toMatchObject({ kind: 'denied' })
    const stopped = calls.call('stopTrainingJob', 'x')
    await expect.poll(() => calls.failed.get('denied')).toBe(3)
    calls.hurry()
    await expect(described).rejects.toMatchObject({ kind: 'denied' })
    expect(await stopped).toBe('done')
  })

  it('of one run are given up without those of the next', async () => {
    const answers = [{ name: 'InternalFailure' }, { name: 'InternalFailure' }]
    const services = {
      stopTrainingJob: () => {
        const error = answers.shift() as unknown as Error | undefined
        return error === undefined ? Promise.resolve('done') : Promise.reject(error)
      },
    } as unknown as Services
    const calls = new Calls(services, { sleep: async () => {}, onWarning: () => {} })
    const first = calls.forRun()
    first.giveUp()
    await expect(first.call('stopTrainingJob', 'x')).rejects.toMatchObject({ kind: 'transient' })
    expect(await calls.forRun().call('stopTrainingJob', 'x')).toBe('done')
  })

  it('that come first say at once that a connection is not to be trusted', async () => {
    const error = Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    let made = 0
    const services = { stopTrainingJob: () => (made++, Promise.reject(error)) } as unknown as Services
    await expect(firstCall(new Calls(services), 'stopTrainingJob', 'x')).rejects.toThrow(/NODE_EXTRA_CA_CERTS/)
    expect(made).toBe(1)
  })

  it('are repeated where that helps, with new clients where credentials ran out', async () => {
    const rests: number[] = []
    const answers = [{ name: 'ThrottlingException' }, { name: 'ExpiredToken' }]
    const failing = {
      stopTrainingJob: () => Promise.reject(answers.shift() as unknown as Error),
    } as unknown as Services
    const fresh = { stopTrainingJob: () => Promise.resolve('done') } as unknown as Services
    const told: string[] = []
    const calls = new Calls(failing, {
      renew: () => Promise.resolve(fresh),
      onWarning: (text) => told.push(text),
      now: () => 0,
      sleep: async (seconds) => void rests.push(seconds),
      chance: () => 0.5,
      rates: { stopTrainingJob: 100 },
    })
    expect(await calls.call('stopTrainingJob', 'x')).toBe('done')
    expect(rests).toEqual([0.5, 1])
    expect(told).toEqual([expect.stringMatching(/renew your credentials/)])
    expect(calls.made.get('stopTrainingJob')).toBe(3)
  })
})

describe('the end of a job', () => {
  const end = (given: object, asked = false) => jobEnd(given as JobDescription, asked).kind
  it.each([
    [{ TrainingJobStatus: 'Completed' }, 'completed'],
    [{ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' }, 'lost'],
    [{ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' }, 'failed'],
    [{ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxWaitTimeExceeded' }, 'lost'],
    [{ TrainingJobStatus: 'Failed', FailureReason: 'CapacityError: Unable to provision' }, 'lost'],
    [{ TrainingJobStatus: 'Failed', FailureReason: 'InternalServerError: We encountered' }, 'lost'],
    [{ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: exit 1, no capacity left' }, 'crashed'],
    [{ TrainingJobStatus: 'Failed', FailureReason: 'ClientError: no such image' }, 'failed'],
  ])('means something: %j', (given, kind) => {
    expect(end(given)).toBe(kind)
  })

  it('was asked for', () => {
    expect(end({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' }, true)).toBe('stopped')
  })

  it('has a bill', () => {
    const description = {
      CreationTime: new Date(0),
      TrainingStartTime: new Date(90_000),
      BillableTimeInSeconds: 1800,
      ResourceConfig: { InstanceCount: 2 },
    } as JobDescription
    expect(jobBill(description, 0.5)).toEqual({ startUp: 90, billable: 1800, usd: 0.5 })
    expect(jobBill(description, null).usd).toBeNaN()
  })
})

describe('jobs of a former runner', () => {
  const start = {
    trial: 1,
    attempt: 0,
    restarts: 2,
    instanceType: 'ml.m5.large',
    instanceCount: 2,
    time: 10,
    trained: 0,
  }
  const a = { ...start, job: 'x-t1-a0-r2' }
  const former = (heard: readonly string[]): FormerJobs =>
    new FormerJobs('x-', { jobs: [a], trained: new Map(), heard: new Set(heard) })

  it('that were there and are gone keep their names, those that never were do not', () => {
    expect(former([]).restarts(1, 0)).toBe(2)
    expect(former([a.job]).restarts(1, 0)).toBe(3)
    const there = former([a.job])
    there.list([a.job])
    expect(there.restarts(1, 0)).toBe(2)
  })

  const missedBy = { now: 99, maxRunSeconds: 3600, usdPerHourOf: () => 0.5, heardOf: () => 60, secrets: ['hush-hush'] }

  it('whose end nobody saw are recorded without secrets in what the service says of it', async () => {
    const failed = { TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: no token hush-hush' }
    const calls = { call: () => Promise.resolve(failed) } as unknown as Calls
    expect(await missedRecords(calls, [a], missedBy)).toMatchObject([
      { status: 'Failed', reason: expect.stringContaining('no token ***') as string },
    ])
  })

  it('that are gone counted as if billed until they were last heard of, for as long as they might run', async () => {
    const calls = { call: () => Promise.reject(new ServiceFault('gone', 'none', undefined)) } as unknown as Calls
    const missed = (heard: number | undefined) => missedRecords(calls, [a], { ...missedBy, heardOf: () => heard })
    expect(await missed(1800)).toMatchObject([{ billable: 1800, usd: 0.5, estimated: true, begun: 10, time: 99 }])
    expect(await missed(7200)).toMatchObject([{ billable: 3600, usd: 1 }])
    const [never] = await missed(undefined)
    expect(never).toMatchObject({ status: 'Deleted', usd: 0 })
    expect(never).not.toHaveProperty('estimated')
  })
})

describe('machines that are kept', () => {
  const large = { type: 'ml.m5.large', count: 1 }
  const two = { type: 'ml.m5.large', count: 2 }

  it('cost what they wait, until a job on the same machines takes them or their time is over', () => {
    const pools = new WarmPools(600)
    pools.left(large, 3600, 0)
    pools.left(two, 7200, 100)
    expect([pools.usd(110), pools.usdPerHour(110)]).toEqual([110 + 20, 10_800])
    pools.taken(large, 200)
    expect([pools.usd(300), pools.usdPerHour(300)]).toEqual([200 + 400, 7200])
    // Nobody takes the other ones.
    pools.taken(large, 400)
    expect([pools.usd(9000), pools.usdPerHour(9000)]).toEqual([200 + 1200, 0])
    const none = new WarmPools(0)
    none.left(large, 3600, 0)
    expect(none.usd(10)).toBe(0)
  })
})

describe('a program that wants to know its machine', () => {
  it('is told with machineArguments', () => {
    const trial = { lr: 1, instance_type: 'ml.c5.xlarge' }
    expect(request({}, trial).HyperParameters).not.toHaveProperty('instance_type')
    expect(request({ machineArguments: true }, trial).HyperParameters).toMatchObject({
      instance_type: '"ml.c5.xlarge"',
    })
  })
})

describe('an estimate', () => {
  it('has an upper bound: everybody busy on the dearest machine, and the time to stop', () => {
    const shape = { workers: 4, attempts: 1, fullSeconds: 60 }
    const limits = { maxRunSeconds: 60 }
    const stopping = (4 * 300) / 3600
    const { likely, most } = estimateRun({ ...shape, seconds: 3600 }, { mean: 0.5, most: 1, all: 1.5 }, limits)
    expect(likely).toBe(2)
    expect(most).toBeCloseTo(4 + stopping)
    const same = { mean: 1, most: 1, all: 1 }
    expect(estimateRun(shape, same, limits).most).toBe(Infinity)
    expect(estimateRun({ ...shape, cost: 1 }, same, limits)).toEqual({
      likely: 1,
      undisturbed: 1 + stopping,
      most: 1 + stopping,
    })
    // 6 trials that may be paused twice and get one more job each time, a minute each.
    const trials = { ...shape, trials: 6, attempts: 3 }
    const repeated = estimateRun(trials, same, { ...limits, requeues: 1 })
    expect(repeated.most).toBeCloseTo((6 * 3 * 2) / 60 + stopping)
    expect(repeated.undisturbed).toBeCloseTo((6 * 3) / 60 + stopping)
    // Kept for an hour: after every job, or on both types at once.
    const kept = { ...limits, keepAliveSeconds: 3600 }
    const pools = stopping + 4
    expect(estimateRun(trials, same, kept).most).toBeCloseTo((6 * 3) / 60 + 6 * 3 + pools)
    expect(estimateRun({ ...shape, seconds: 3600 }, { ...same, all: 2 }, kept).most).toBeCloseTo(8 + pools)
    expect(estimateRun(trials, same, limits).likely).toBeCloseTo(6 / 60)
    expect(
      estimateRun({ ...shape, seconds: 3600 }, { mean: Number.NaN, most: Number.NaN, all: Number.NaN }, limits).most,
    ).toBeNaN()
  })
})

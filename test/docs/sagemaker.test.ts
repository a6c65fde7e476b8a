/** What docs/sagemaker.md says is what the code does: its commands run as they stand, against the emulator. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RATES } from '../../src/backends/sagemaker/rates.js'
import { sageMakerSchema } from '../../src/backends/sagemaker/config-schema.js'
import { checkSageMakerConfig } from '../../src/backends/sagemaker/config.js'
import { jobRequest } from '../../src/backends/sagemaker/job-request.js'
import { tunerRequest } from '../../src/run/launch/tuner-request.js'
import { readLocalRun } from '../../src/store/local-run.js'
import { readManifest } from '../../src/store/run-directory.js'
import { readTable } from '../../src/surrogates/read.js'
import { start } from '../cli/process.js'
import { Emulator } from '../sagemaker/emulator/emulator.js'
import { fastCalls } from '../sagemaker/fast-calls.js'

const page = readFileSync('docs/sagemaker.md', 'utf8')
const EXAMPLE = 'examples/sagemaker'
const json = (path: string): unknown => JSON.parse(readFileSync(join(EXAMPLE, path), 'utf8'))

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, unknown>>
}
const statements = (policy: string): readonly Statement[] =>
  (json(`iam/${policy}.json`) as { readonly Statement: readonly Statement[] }).Statement
const actions = (policy: string): string[] => statements(policy).flatMap(({ Action }) => Action)

/** The operations that the clients send, by the commands of the SDK that are made. */
function operations(): string[] {
  const code = readFileSync('src/backends/sagemaker/clients.ts', 'utf8')
  return [...code.matchAll(/new (sm|cw|s3)\.(\w+)Command\(/g)].map(([, service, name]) => `${service} ${name}`)
}

/** What an operation needs. Source: Service Authorization Reference. S3 names permissions by what they are about. */
function actionsOf(operation: string): readonly string[] {
  const [service, name] = operation.split(' ')
  const ofS3: Record<string, readonly string[]> = {
    HeadObject: ['s3:GetObject'],
    GetObject: ['s3:GetObject'],
    PutObject: ['s3:PutObject'],
    CopyObject: ['s3:GetObject', 's3:PutObject'],
    ListObjectsV2: ['s3:ListBucket'],
  }
  if (service === 's3') return ofS3[name!] ?? [`unknown ${operation}`]
  return [`${service === 'sm' ? 'sagemaker' : 'logs'}:${name}`]
}

describe('the policies', () => {
  it('of the caller have what the clients send, tags and the role of jobs, and nothing else', () => {
    expect(operations()).toHaveLength(Object.keys(RATES).length)
    const needed = new Set([...operations().flatMap(actionsOf), 'sagemaker:AddTags', 'iam:PassRole'])
    expect(new Set(actions('caller'))).toEqual(needed)
  })

  it('let the caller make, tag and end only jobs with the tag that every job has', () => {
    const conditions = Object.fromEntries(
      statements('caller').flatMap(({ Action, Condition }) => [Action].flat().map((action) => [action, Condition])),
    )
    const TAG = 'rungbench:experiment'
    expect(conditions).toMatchObject({
      'sagemaker:CreateTrainingJob': { Null: { [`aws:RequestTag/${TAG}`]: 'false' } },
      'sagemaker:AddTags': { StringEquals: { 'sagemaker:TaggingAction': 'CreateTrainingJob' } },
      'sagemaker:StopTrainingJob': { Null: { [`aws:ResourceTag/${TAG}`]: 'false' } },
      'sagemaker:UpdateTrainingJob': { Null: { [`aws:ResourceTag/${TAG}`]: 'false' } },
    })
    const folder = mkdtempSync(join(tmpdir(), 'sagemaker-tags-'))
    cpSync(join(EXAMPLE, 'program'), join(folder, 'program'), { recursive: true })
    const text = readFileSync(join(EXAMPLE, 'sagemaker.json'), 'utf8')
    const filled = text
      .replaceAll('ACCOUNT', '123456789012')
      .replaceAll('REGION', 'us-east-1')
      .replaceAll('BUCKET', 'mine')
    const config = checkSageMakerConfig(JSON.parse(filled), folder)
    rmSync(folder, { recursive: true })
    const run = { prefix: 'x-', id: 'x', s3: config.s3, sourceUri: `${config.s3}/source`, checkpoints: false }
    const purpose = { trial: 0, attempt: 0, restarts: 0, config: {}, seed: 0, level: 0 }
    const requests = [
      jobRequest(config, run, purpose),
      tunerRequest(config, { name: 'tuner-x-0', id: 'x', archive: config.s3, kept: config.s3 }),
    ]
    for (const { Tags } of requests) expect(Tags).toContainEqual({ Key: TAG, Value: 'x' })
  })

  it('let the tuner give its jobs the role of jobs, and only its launcher give the role of the tuner', () => {
    const passed = (policy: string) => statements(policy).filter(({ Action }) => Action === 'iam:PassRole')
    expect(passed('caller').map(({ Resource }) => Resource)).toEqual(['arn:aws:iam::ACCOUNT:role/rungbench-training'])
    expect(statements('launch')).toEqual(passed('launch'))
    expect(passed('launch').map(({ Resource }) => Resource)).toEqual(['arn:aws:iam::ACCOUNT:role/rungbench-tuner'])
  })

  it('name no more than they must', () => {
    for (const policy of readdirSync(join(EXAMPLE, 'iam')).map((file) => file.replace('.json', ''))) {
      expect(actions(policy).filter((action) => action.includes('*'))).toEqual([])
      const everywhere = policy === 'trust' ? [] : statements(policy).filter(({ Resource }) => Resource === '*')
      // These have no resources.
      const allowed = /^(sagemaker:List|cloudwatch:PutMetricData|ecr:GetAuthorizationToken|ec2:)/
      expect(everywhere.flatMap(({ Action }) => Action).filter((action) => !allowed.test(action))).toEqual([])
    }
  })

  it('and the configuration stand on the page as they are', () => {
    const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block]) => JSON.parse(block!) as unknown)
    const files = ['caller', 'launch', 'training', 'trust', 'network', 'keys'].map((policy) => `iam/${policy}.json`)
    for (const file of [...files, 'sagemaker.json']) expect(blocks).toContainEqual(json(file))
  })
})

it('every entry of the configuration is described', () => {
  for (const name of Object.keys(sageMakerSchema.shape)) expect(page).toContain(`\`${name}\``)
})

describe('the commands', () => {
  let emulator: Emulator
  let folder: string

  beforeAll(async () => {
    fastCalls()
    emulator = await Emulator.start({ region: 'us-east-1', buckets: ['rungbench-123456789012'] })
    mkdirSync('dist', { recursive: true })
    // Inside the package, so that `rungbench` is the package itself.
    folder = mkdtempSync(resolve('dist', 'sagemaker-'))
    cpSync(EXAMPLE, join(folder, EXAMPLE), { recursive: true })
    const { endpoint } = emulator
    const quick = {
      pollSeconds: 0.1,
      logSettleSeconds: 0.3,
      endpoints: { sagemaker: endpoint, logs: endpoint, s3: endpoint },
    }
    writeFileSync(
      join(folder, EXAMPLE, 'sagemaker.json'),
      JSON.stringify({ ...(json('sagemaker.json') as object), ...quick }),
    )
    mkdirSync(join(folder, 'bin'))
    const tool = (name: string, lines: string): void =>
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
    // There is no account: what is asked of Amazon's command line is written down.
    tool(
      'aws',
      `echo "aws $*" >> "${folder}/asked"; case "$*" in *Arn*) echo arn:aws:iam::123456789012:user/me;; sts*) echo 123456789012;; esac`,
    )
    tool('docker', `echo "docker $*" >> "${folder}/asked"`)
    tool('npx', `shift; exec "${process.execPath}" "${resolve('dist/src/cli/bench.js')}" "$@"`)
  })

  afterAll(async () => {
    await emulator.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const python = spawnSync('python3', ['--version']).status === 0

  it.skipIf(!python)('lead from an empty account to a Pareto picture', { timeout: 1_800_000 }, async () => {
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!)
    expect(blocks.length).toBeGreaterThan(9)
    const credentials = 'export AWS_ACCESS_KEY_ID=emulator AWS_SECRET_ACCESS_KEY=emulator'
    const script = `set -e\n${credentials}\nPATH="${join(folder, 'bin')}:$PATH"\n${blocks.join('\n')}`
    const { status, out, err } = await start('sh', ['-c', script], folder).ended
    expect({ status, err: status === 0 ? '' : err + out }).toEqual({ status: 0, err: '' })

    expect(() =>
      checkSageMakerConfig(JSON.parse(readFileSync(join(folder, 'mine/sagemaker.json'), 'utf8')), join(folder, 'mine')),
    ).not.toThrow()
    for (const policy of ['trust', 'training', 'caller', 'launch'])
      expect(readFileSync(join(folder, `mine/${policy}.json`), 'utf8')).not.toMatch(/ACCOUNT|REGION|BUCKET/)
    const asked = readFileSync(join(folder, 'asked'), 'utf8')
    expect(asked).toContain(
      'attach-user-policy --user-name me --policy-arn arn:aws:iam::123456789012:policy/rungbench-caller\n',
    )
    for (const [, file] of asked.matchAll(/file:\/\/(\S+)/g)) expect(existsSync(join(folder, file!))).toBe(true)

    const table = readTable(join(folder, 'mine/crescents-sagemaker.arrow'))
    expect(table.rows).toBe(12)
    expect(table.statics['billable_seconds']!.every((seconds) => seconds > 0)).toBe(true)
    const real = readTable(join(folder, 'mine/real.arrow'))
    expect(real.rows).toBeGreaterThan(12)
    expect([...real.startup, ...real.statics['bill_usd']!].every((value) => value > 0)).toBe(true)
    expect(new Set(real.hardware!.dictionary)).toEqual(
      new Set(['Amazon SageMaker ml.m5.large', 'Amazon SageMaker ml.c5.xlarge']),
    )
    for (const run of ['real', 'far']) {
      expect(readManifest(join(folder, 'results', run)).backend).toBe('sagemaker')
      const report = readFileSync(join(folder, 'results', run, 'report.html'), 'utf8')
      expect(report.includes('<h2>Pictures</h2>') && /Pareto/i.test(report)).toBe(true)
      const first = readdirSync(join(folder, 'results', run, 'runs')).find((name) => !name.endsWith('.lock'))
      const { pareto } = readLocalRun(join(folder, 'results', run, 'runs', first!))!.summary
      expect(pareto!.set.length).toBeGreaterThan(0)
    }
    expect(emulator.running).toEqual([])
    // Nothing was asked of the services that the policy does not allow.
    const allowed = new Set(operations().map((operation) => operation.split(' ')[1]))
    const made = new Set(emulator.calls.calls.map(({ operation }) => operation))
    expect([...made].filter((operation) => !allowed.has(operation))).toEqual([])
    expect(made.size).toBeGreaterThan(8)
  })
})

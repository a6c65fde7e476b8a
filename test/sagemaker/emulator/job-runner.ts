/** Takes a training job through its life: instances, download, training, upload; again after a spot interruption. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CheckpointSync } from './checkpoint-sync.js'
import type { Clock } from './clock.js'
import { Container } from './container.js'
import type { LogStore } from './log-store.js'
import type { Range, Times } from './options.js'
import { type S3Store, s3Address } from './s3-store.js'
import { ServiceError } from './service-error.js'
import type { TrainingJob } from './training-job.js'

const run = promisify(execFile)

export const LOG_GROUP = '/aws/sagemaker/TrainingJobs'

/** What all jobs share. */
export interface JobWorld {
  readonly clock: Clock
  readonly times: Times
  readonly store: S3Store
  readonly logs: LogStore
  readonly region: string
  readonly root: string
  readonly python: string
  /** Evenly from a range. */
  readonly draw: (range: Range) => number
}

/** Until the job is over. Never throws: what goes wrong is the job's failure. */
export async function runJob(job: TrainingJob, world: JobWorld, warm: boolean): Promise<void> {
  const { clock } = world
  const limits = new AbortController()
  const { MaxWaitTimeInSeconds: longest } = job.request.StoppingCondition ?? {}
  if (job.spot && longest !== undefined)
    void clock.wait(longest, limits.signal).then(() => limits.signal.aborted || job.interrupt('max-wait'))
  try {
    for (let attempt = 0; ; attempt++) {
      if (await runAttempt(job, world, attempt, warm && attempt === 0)) return
      job.instancesWent()
      // Something final may have come while the attempt was cleared away.
      if (job.interruption !== 'interrupt') return void ended(job)
      job.renew()
      job.enter('Restarting', 'Restarting the training job')
    }
  } catch (error) {
    const reason =
      error instanceof ServiceError ? `ClientError: ${error.message}` : `InternalServerError: ${String(error)}`
    job.finish('Failed', 'Failed', reason)
  } finally {
    limits.abort()
  }
}

/** @returns whether the job is over; not so after a spot interruption */
async function runAttempt(job: TrainingJob, world: JobWorld, attempt: number, warm: boolean): Promise<boolean> {
  const { clock, times, store, draw } = world
  if (attempt > 0) job.enter('Starting', 'Starting the training job')
  await clock.wait(draw(warm ? times.warmStartUp : times.startUp), job.signal)
  if (job.interruption) return ended(job)
  job.instancesCame()
  job.enter('Downloading', 'Downloading the training image')
  const containers = layouts(job, world, attempt).map((layout) => new Container(layout))
  const syncs: CheckpointSync[] = []
  try {
    await clock.wait(draw(times.download), job.signal)
    for (const container of containers) {
      await container.prepare()
      await fetchChannels(job, store, container)
      const checkpoints = job.request.CheckpointConfig
      if (checkpoints) {
        const local = (checkpoints.LocalPath ?? '/opt/ml/checkpoints').replace(/^\/opt\/ml/, '')
        await mkdir(join(container.layout.root, local), { recursive: true })
        const sync = new CheckpointSync(store, join(container.layout.root, local), s3Address(checkpoints.S3Uri!))
        await sync.fetch()
        syncs.push(sync)
      }
      if (container.layout.command.length === 0) await container.fetchCode(store)
    }
    if (job.interruption) return ended(job)
    job.enter('Training', 'Training image download completed. Training in progress.')
    const codes = await train(job, world, containers, syncs)
    if (job.interruption === 'interrupt' || job.interruption === 'capacity' || job.interruption === 'close')
      return ended(job)
    await upload(job, world, containers[0]!)
    if (job.interruption) return ended(job)
    const bad = codes.findIndex((code) => code !== 0)
    if (bad < 0) job.finish('Completed', 'Completed', 'Training job completed')
    else {
      const said = (await containers[bad]!.failure()) ?? ''
      job.finish('Failed', 'Failed', `AlgorithmError: ${said ? `${said}, ` : ''}exit code: ${codes[bad]}`)
    }
    return true
  } finally {
    for (const container of containers) await container.remove()
  }
}

/** Runs all hosts; copies checkpoints meanwhile; ends them when the job is to end. @returns exit codes */
async function train(
  job: TrainingJob,
  world: JobWorld,
  containers: readonly Container[],
  syncs: readonly CheckpointSync[],
): Promise<number[]> {
  const { clock, times, logs } = world
  const done = new AbortController()
  const since = Math.floor(clock.now() / 1000)
  const running = containers.map((container) =>
    container.run((line) => logs.write(LOG_GROUP, `${job.name}/${container.layout.host}-${since}`, line)),
  )
  const { MaxRuntimeInSeconds: longest = 86_400 } = job.request.StoppingCondition ?? {}
  void clock.wait(longest, done.signal).then(() => done.signal.aborted || job.interrupt('max-runtime'))
  const stop = async (): Promise<void> => {
    if (job.interruption === 'stop') job.enter('Stopping', 'Stopping the training job')
    for (const container of containers) container.kill(job.interruption === 'close' ? 'SIGKILL' : 'SIGTERM')
    await clock.wait(times.grace, done.signal)
    for (const container of containers) container.kill('SIGKILL')
  }
  job.signal.addEventListener('abort', () => void stop(), { once: true })
  if (job.signal.aborted) void stop()
  const syncing = (async (): Promise<void> => {
    while (!done.signal.aborted) {
      await clock.wait(times.checkpointSync, done.signal)
      for (const sync of syncs) await sync.push()
    }
  })()
  const codes = await Promise.all(running)
  done.abort()
  await syncing
  return codes
}

/** What an interrupted attempt comes to. @returns whether the job is over */
function ended(job: TrainingJob): boolean {
  switch (job.interruption) {
    case 'interrupt':
      job.enter('Interrupted', 'The spot instances were taken back')
      return false
    case 'capacity':
      job.finish(
        'Failed',
        'Failed',
        'CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.',
      )
      return true
    case 'max-runtime':
      job.finish('Stopped', 'MaxRuntimeExceeded', 'Training job runtime exceeded MaxRuntimeInSeconds provided')
      return true
    case 'max-wait':
      job.finish('Stopped', 'MaxWaitTimeExceeded', 'Training job wait time exceeded MaxWaitTimeInSeconds provided')
      return true
    default:
      job.finish('Stopped', 'Stopped', 'Training job stopped')
      return true
  }
}

function layouts(job: TrainingJob, { root, region, python }: JobWorld, attempt: number): Container['layout'][] {
  const { request } = job
  const hosts = Array.from({ length: job.instanceCount }, (_, i) => `algo-${i + 1}`)
  const { ContainerEntrypoint: entry = [], ContainerArguments: rest = [] } = request.AlgorithmSpecification ?? {}
  return hosts.map((host) => ({
    root: join(root, job.name, `${host}-${attempt}`),
    host,
    hosts,
    channels: (request.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName!),
    job: { name: job.name, arn: job.arn, region, instanceType: job.instanceType },
    hyperparameters: request.HyperParameters ?? {},
    command: [...entry, ...rest],
    environment: request.Environment ?? {},
    python,
    isolated: request.EnableNetworkIsolation ?? false,
  }))
}

async function fetchChannels({ request }: TrainingJob, store: S3Store, { layout }: Container): Promise<void> {
  for (const { ChannelName, DataSource } of request.InputDataConfig ?? []) {
    const uri = DataSource?.S3DataSource?.S3Uri
    if (uri === undefined) continue
    const { bucket, key } = s3Address(uri)
    const files = await store.download(bucket, key, join(layout.root, 'input/data', ChannelName!), true)
    if (files === 0)
      throw new ServiceError(
        'ValidationException',
        `Data download failed:No S3 objects found under S3 URL "${uri}" given in input data source.`,
      )
  }
}

/** Model and output, each an archive, where there is anything. */
async function upload(job: TrainingJob, { clock, times, store, draw }: JobWorld, { layout }: Container): Promise<void> {
  if (job.interruption === undefined) job.enter('Uploading', 'Uploading generated training model')
  await clock.wait(draw(times.upload))
  const { bucket, key } = s3Address(job.outputFolder)
  for (const [folder, name] of [
    ['model', 'model.tar.gz'],
    ['output/data', 'output.tar.gz'],
  ] as const) {
    const from = join(layout.root, folder)
    if ((await readdir(from).catch(() => [])).length === 0) continue
    const archive = join(layout.root, name)
    await run('tar', ['-czf', archive, '-C', from, '.'])
    await store.put(bucket, `${key}/${name}`, await readFile(archive))
  }
}

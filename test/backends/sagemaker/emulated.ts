/** A backend on the emulator, with a program that reports what it is told to. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackendEvent } from '../../../src/core/backend.js'
import { Calls } from '../../../src/backends/sagemaker/calls.js'
import { RATES } from '../../../src/backends/sagemaker/rates.js'
import { connect } from '../../../src/backends/sagemaker/clients.js'
import { type SageMakerConfig, checkSageMakerConfig } from '../../../src/backends/sagemaker/config.js'
import type { SageMakerBackendOptions } from '../../../src/backends/sagemaker/options.js'
import { SageMakerBackend } from '../../../src/backends/sagemaker/sagemaker-backend.js'
import { packSource, sourceUri, uploadSource } from '../../../src/backends/sagemaker/source.js'
import { Emulator } from '../../sagemaker/emulator/emulator.js'
import { STEPS } from '../steps.js'
import type { EmulatorOptions } from '../../sagemaker/emulator/options.js'

// The SDK finds them as it finds a user's.
process.env['AWS_ACCESS_KEY_ID'] = 'emulator'
process.env['AWS_SECRET_ACCESS_KEY'] = 'emulator'

/**
 * Reports `levels` levels (9 by default) with a loss of its own, `step` milliseconds apart, from its checkpoint on; `mute`: without
 * saying the checkpoint's level again. With `crash`, the first start ends with an error after that level; with `stuck`, the first
 * attempt hangs between saving and reporting that level.
 */
export const PROGRAM = `#!${process.execPath}
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
const args = Object.fromEntries(process.argv.slice(2).join(' ').split(/(?:^| )--/).slice(1).map((a) => a.split(' ')))
const file = args.st_checkpoint_dir + '/level'
const begun = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
const say = (epoch) => console.log('[tune-metric]: ' + JSON.stringify({ epoch, loss: Number(args.size) / epoch, st_worker_iter: epoch - 1 }))
if (Number.isNaN(begun)) { console.error('torn checkpoint'); process.exit(4) }
if (begun > 0 && !args.mute) say(begun)
for (let epoch = begun + 1; epoch <= Number(args.levels ?? 9); epoch++) {
  await new Promise((r) => setTimeout(r, Number(args.step ?? 1)))
  writeFileSync(file + '.new', String(epoch))
  renameSync(file + '.new', file)
  if (Number(args.stuck) === epoch && process.env.RUNGBENCH_ATTEMPT === '0') await new Promise((r) => setTimeout(r, 3_600_000))
  say(epoch)
  if (Number(args.crash ?? 0) === epoch && begun === 0) { console.error('out of luck'); process.exit(3) }
}
`

export interface World {
  readonly emulator: Emulator
  readonly config: SageMakerConfig
  readonly warnings: string[]
  readonly calls: Calls
  readonly folder: string
  backend(options?: Partial<SageMakerBackendOptions>): SageMakerBackend
  close(): Promise<void>
}

/** @param given entries of sagemaker.json that differ */
export async function world(given: object = {}, options: EmulatorOptions = {}): Promise<World> {
  const emulator = await Emulator.start(options)
  const folder = mkdtempSync(join(tmpdir(), 'sagemaker-'))
  mkdirSync(join(folder, 'source'))
  writeFileSync(join(folder, 'source', 'train.mjs'), PROGRAM, { mode: 0o755 })
  copyFileSync(STEPS, join(folder, 'source', 'steps.mjs'))
  const { endpoint } = emulator
  const config = checkSageMakerConfig(
    {
      role: 'arn:aws:iam::123456789012:role/training',
      region: 'us-east-1',
      s3: 's3://bucket/tests',
      image: 'any',
      source: 'source',
      entryPoint: 'train.mjs',
      instanceTypes: ['ml.m5.large', 'ml.c5.xlarge'],
      seedArgument: false,
      pollSeconds: 0.05,
      // More than the emulator's log is late.
      logSettleSeconds: 0.2,
      endpoints: { sagemaker: endpoint, logs: endpoint, s3: endpoint },
      ...given,
    },
    folder,
  )
  const warnings: string[] = []
  const fast = Object.fromEntries(Object.keys(RATES).map((name) => [name, 1000]))
  const services = await connect(config.region, config.endpoints)
  const calls = new Calls(services, { rates: fast, firstRest: 0.01, onWarning: (text) => warnings.push(text) })
  const source = packSource(config.source)
  const uri = sourceUri(config.s3, source)
  await uploadSource(calls, uri, source)
  const made: SageMakerBackend[] = []
  return {
    emulator,
    config,
    warnings,
    calls,
    folder,
    backend: (more = {}) => {
      const backend = new SageMakerBackend({
        config,
        run: { prefix: 'test-x1-c0-s0-', id: 'x1', s3: `${config.s3}/run`, sourceUri: uri, checkpoints: true },
        calls,
        workers: 2,
        resource: 'epoch',
        maxResource: 9,
        metrics: ['loss'],
        usdPerHourOf: () => 0.36,
        elapsedMetric: 'elapsed_time',
        costMetric: 'cost',
        onWarning: (text) => warnings.push(text),
        firstRest: 0.01,
        ...more,
      })
      made.push(backend)
      return backend
    },
    close: async () => {
      for (const backend of made) await backend.close()
      await emulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** An event as text: `report 0/0 @3`, `end 0/0 completed`. */
export function told(event: BackendEvent | undefined): string {
  if (event === undefined) return 'nothing'
  const { kind, trial, attempt, resource, state } = event
  return `${kind} ${trial}/${attempt}${kind === 'end' ? ` ${state}` : kind === 'report' ? ` @${resource}` : ''}`
}

/** Takes events until one is as wanted. */
export async function until(backend: SageMakerBackend, wanted: string): Promise<string[]> {
  const seen: string[] = []
  for (;;) {
    const text = told(await backend.next(Infinity))
    seen.push(text)
    if (text === wanted) return seen
    if (text === 'nothing') throw new Error(`${wanted} did not come; ${seen.join(', ')}`)
  }
}

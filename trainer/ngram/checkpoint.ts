import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random, type RandomState } from './random.js'
import type { Adam } from './optimizer.js'
import type { Numbers } from './model.js'
import type { Trainer } from './trainer.js'
import { UsageError } from './usage-error.js'

const FILE = 'ngram-checkpoint.bin'
const DIGEST_BYTES = 32

/** What a checkpoint says besides the numbers. */
interface Header {
  readonly format: 1
  /** Arguments and data that the training belongs to. */
  readonly identity: string
  readonly epoch: number
  readonly elapsed_time: number
  readonly diverged: boolean
  readonly random: RandomState
  /** Embedding rows that follow: those that were ever updated. The others are drawn again from the seed. */
  readonly rows: number
}

/**
 * Stores a training after an epoch: header length, header (JSON), row numbers, and for embedding rows, head and
 * bias the updates, values and moments; then the SHA-256 of all that. It is written beside and renamed, so that
 * an interruption leaves the earlier checkpoint whole.
 * @param elapsed seconds of training so far
 */
export function saveCheckpoint(directory: string, identity: string, trainer: Trainer, elapsed: number): void {
  const rows = Int32Array.from(updatedRows(trainer.optimizers.table))
  const header: Header = {
    format: 1,
    identity,
    epoch: trainer.epoch,
    elapsed_time: elapsed,
    diverged: trainer.diverged,
    random: trainer.random.state,
    rows: rows.length,
  }
  const json = JSON.stringify(header)
  const pad = (4 - (Buffer.byteLength(json) % 4)) % 4
  const text = Buffer.from(json + ' '.repeat(pad))
  const chunks: Uint8Array[] = [bytesOf(Int32Array.of(text.length)), text, bytesOf(rows)]
  for (const { adam, values, which } of states(trainer, rows)) {
    chunks.push(bytesOf(Int32Array.from(which, (row) => adam.updates[row]!)))
    for (const all of [values, adam.first, adam.second]) {
      const width = all.length / adam.updates.length
      const some = new Float32Array(which.length * width)
      which.forEach((row, i) => some.set(all.subarray(row * width, (row + 1) * width), i * width))
      chunks.push(bytesOf(some))
    }
  }
  const body = Buffer.concat(chunks)
  mkdirSync(directory, { recursive: true })
  const path = join(directory, FILE)
  writeFileSync(`${path}.partial`, Buffer.concat([body, createHash('sha256').update(body).digest()]))
  renameSync(`${path}.partial`, path)
}

/**
 * Continues from a checkpoint, if there is a whole one.
 * @param identity arguments and data of this training
 * @param warn told why a file is not used
 * @returns seconds of training before it, or undefined where training begins anew
 * @throws UsageError when the checkpoint belongs to other arguments or data
 */
export function restoreCheckpoint(
  directory: string,
  identity: string,
  trainer: Trainer,
  warn: (message: string) => void,
): number | undefined {
  const path = join(directory, FILE)
  if (!existsSync(path)) return undefined
  const stored = readFileSync(path)
  const bytes = new Uint8Array(stored.byteLength)
  bytes.set(stored)
  const body = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES))
  const digest = createHash('sha256').update(body).digest()
  if (body.length < 4 || !digest.equals(bytes.subarray(body.length))) {
    warn(`checkpoint "${path}" is damaged and not used: training begins anew`)
    return undefined
  }
  const length = new Int32Array(bytes.buffer, 0, 1)[0]!
  const header = JSON.parse(Buffer.from(bytes.buffer, 4, length).toString('utf8')) as Header
  if (header.format !== 1 || header.identity !== identity) {
    throw new UsageError(
      `--st_checkpoint_dir: must hold a checkpoint of the same arguments and data (${identity}), got one of ${header.identity}; give an empty directory`,
    )
  }
  fill(trainer, header, bytes.buffer, 4 + length)
  return header.elapsed_time
}

function fill(trainer: Trainer, header: Header, buffer: ArrayBuffer, start: number): void {
  let at = start
  const integers = (count: number): Int32Array => new Int32Array(buffer, (at += 4 * count) - 4 * count, count)
  const floats = (count: number): Float32Array => new Float32Array(buffer, (at += 4 * count) - 4 * count, count)
  const rows = integers(header.rows)
  for (const { adam, values, which } of states(trainer, rows)) {
    const updates = integers(which.length)
    which.forEach((row, i) => (adam.updates[row] = updates[i]!))
    for (const all of [values, adam.first, adam.second]) {
      const width = all.length / adam.updates.length
      const some = floats(which.length * width)
      which.forEach((row, i) => all.set(some.subarray(i * width, (i + 1) * width), row * width))
    }
  }
  trainer.epoch = header.epoch
  trainer.diverged = header.diverged
  trainer.random = new Random(header.random)
}

/** Every optimizer with the parameters it changes and the rows of them to store. */
function states(
  trainer: Trainer,
  rows: Int32Array,
): readonly { readonly adam: Adam; readonly values: Numbers; readonly which: Int32Array }[] {
  const { model, optimizers } = trainer
  return [
    { adam: optimizers.table, values: model.table, which: rows },
    { adam: optimizers.head, values: model.head, which: Int32Array.from(model.head.keys()) },
    { adam: optimizers.bias, values: model.bias, which: Int32Array.of(0) },
  ]
}

function* updatedRows(adam: Adam): Generator<number> {
  for (let row = 0; row < adam.updates.length; row++) if (adam.updates[row]! > 0) yield row
}

function bytesOf(array: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from './random.js'
import type { Task } from './tasks.js'
import { UsageError } from './usage-error.js'

/** Examples of one part. */
export interface Examples {
  /** One text per example, or two: example `i` has the texts `i * sides` and, in pair tasks, `i * sides + 1`. */
  readonly texts: readonly string[]
  /** Class 0 or 1, or score in [0, 1]. */
  readonly gold: Float64Array
}

/** A task's data, split. */
export interface GlueData {
  readonly train: Examples
  readonly validation: Examples
  readonly test: Examples
  /** The file that served as the test set. */
  readonly testFile: 'dev.tsv' | 'test.tsv'
  /** SHA-256 of each file that was read, hexadecimal, by file name. */
  readonly sha256: Readonly<Record<string, string>>
}

/**
 * Seed of the split into training and validation part. Fixed, and not the seed of a training, so that all
 * trainings of a task are validated on the same examples.
 */
export const SPLIT_SEED = 20_240_601

/** Share of `train.tsv` that is trained on; the rest is the validation part. */
export const TRAIN_SHARE = 0.7

/**
 * Reads `train.tsv` and the test set (`dev.tsv` where there is one, else a labelled `test.tsv`) of a task.
 * @param directory holds one folder per task, such as `MRPC`
 * @throws UsageError for a missing file or a line that is not as GLUE has it
 */
export function readGlue(directory: string, task: Task): GlueData {
  const folder = join(directory, task.folder)
  const testFile = existsSync(join(folder, 'dev.tsv')) ? 'dev.tsv' : 'test.tsv'
  const sha256: Record<string, string> = {}
  const read = (name: string): Examples => {
    const path = join(folder, name)
    if (!existsSync(path)) {
      throw new UsageError(
        `--data: must hold ${task.folder}/train.tsv and ${task.folder}/dev.tsv or test.tsv, got no file "${path}"; give the directory above ${task.folder}`,
      )
    }
    const bytes = readFileSync(path)
    sha256[name] = createHash('sha256').update(bytes).digest('hex')
    return parseExamples(bytes.toString('utf8'), task, path)
  }
  const all = read('train.tsv')
  const test = read(testFile)
  const order = Random.stream(SPLIT_SEED, 'split').permutation(all.gold.length)
  const cut = Math.round(TRAIN_SHARE * order.length)
  if (cut === 0 || cut === order.length || test.gold.length === 0) {
    throw new UsageError(
      `--data: must have at least 2 examples to train on and 1 to test on, got ${order.length} and ${test.gold.length} in "${folder}"; give complete files`,
    )
  }
  return {
    train: pick(all, order.subarray(0, cut)),
    validation: pick(all, order.subarray(cut)),
    test,
    testFile,
    sha256,
  }
}

/**
 * Reads the text of one tab-separated file: no quoting, a byte-order mark and empty lines are skipped.
 * @param path only named in errors
 * @throws UsageError for a missing column or a label that the task does not have
 */
export function parseExamples(content: string, task: Task, path: string): Examples {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  const { header } = task.columns
  const names = header ? lines[0]!.split('\t') : []
  const position = (column: string | number): number => {
    const index = typeof column === 'number' ? column : names.indexOf(column)
    if (index >= 0) return index
    throw new UsageError(
      `--data: "${path}" line 1 must name the column "${String(column)}", got "${names.join(' | ')}"; give a labelled file in GLUE's layout`,
    )
  }
  const label = position(task.columns.label)
  const columns = task.columns.texts.map(position)
  const last = Math.max(label, ...columns)
  const texts: string[] = []
  const gold: number[] = []
  for (let i = header ? 1 : 0; i < lines.length; i++) {
    if (lines[i] === '') continue
    const cells = lines[i]!.split('\t')
    if (cells.length <= last)
      throw new UsageError(
        `--data: "${path}" line ${i + 1} must have at least ${last + 1} columns, got ${cells.length}; give a file in GLUE's layout`,
      )
    const value = task.gold(cells[label]!)
    if (Number.isNaN(value))
      throw new UsageError(
        `--data: "${path}" line ${i + 1} must have a label of this task, got "${cells[label]}"; give a labelled file`,
      )
    gold.push(value)
    for (const column of columns) texts.push(cells[column]!)
  }
  return { texts, gold: Float64Array.from(gold) }
}

function pick(all: Examples, order: Int32Array): Examples {
  const sides = all.texts.length / all.gold.length
  const texts: string[] = []
  const gold = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) {
    gold[i] = all.gold[order[i]!]!
    for (let side = 0; side < sides; side++) texts.push(all.texts[order[i]! * sides + side]!)
  }
  return { texts, gold }
}

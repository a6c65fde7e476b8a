/** LCBench (Zimmer, Lindauer, Hutter 2021): 2,000 configurations of small networks on 35 data sets, 50 epochs each. */
import { basename } from 'node:path'
import { z } from 'zod'
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { type Space, type Value, choice, float, int } from '../core/space.js'
import { parseOr } from '../core/zod-error.js'
import { commonLength } from './curve-lengths.js'
import { checksumOf, readUnpacked } from './input-file.js'
import { type FoundMetric, type FoundTraining, defineImporter } from './importer.js'
import { curveOf, jsonElements, parse } from './json-elements.js'

/** What configurations were drawn from. The number of layers stands as published: 2, 3, 4, or the truth value true. */
const SPACE: Space = {
  num_layers: choice(['True', '2', '3', '4']),
  max_units: int(64, 1024, { scale: 'log' }),
  batch_size: int(16, 512, { scale: 'log' }),
  learning_rate: float(1e-4, 1e-1, { scale: 'log' }),
  weight_decay: float(1e-5, 1e-1),
  momentum: float(0.1, 0.99),
  max_dropout: float(0, 1),
}

/** Curves by their tags in the logs, and what they are called here; every file has some of them. */
const CURVES: Readonly<Record<string, readonly [name: string, metric: FoundMetric]>> = {
  'Train/val_accuracy': ['val_accuracy', { goal: 'max', split: 'validation', unit: '%' }],
  'Train/val_balanced_accuracy': ['val_balanced_accuracy', { goal: 'max', split: 'validation', unit: '%' }],
  'Train/val_cross_entropy': ['val_cross_entropy', { goal: 'min', split: 'validation' }],
  'Train/test_result': ['test_accuracy', { goal: 'max', split: 'test', unit: '%' }],
  'Train/test_balanced_accuracy': ['test_balanced_accuracy', { goal: 'max', split: 'test', unit: '%' }],
  'Train/test_cross_entropy': ['test_cross_entropy', { goal: 'min', split: 'test' }],
  'Train/train_accuracy': ['train_accuracy', { goal: 'max', split: 'train', unit: '%' }],
  'Train/train_balanced_accuracy': ['train_balanced_accuracy', { goal: 'max', split: 'train', unit: '%' }],
  'Train/train_cross_entropy': ['train_cross_entropy', { goal: 'min', split: 'train' }],
}

const entrySchema = z.object({
  log: z.record(z.string(), z.unknown()),
  config: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})
type Entry = z.infer<typeof entrySchema>

export const lcbench = defineImporter({
  summary: 'LCBench: its JSON (data_2k_lw.json, also zipped), one data set of it (--task)',
  files: 'one',
  tasks: true,
  async read([file], { options: { task } }) {
    const tasks = new Set<string>()
    const trainings: FoundTraining[] = []
    let tags: readonly string[] | undefined
    const wanted = ([name]: readonly (string | number)[]): boolean => {
      if (typeof name === 'number') throw notLcbench(file!, 'this is a list')
      tasks.add(String(name))
      return String(name) === (task ?? [...tasks][0])
    }
    for await (const { path, text } of jsonElements(readUnpacked(file!), 2, file!, wanted)) {
      const at = `${file}, ${path[0]}, configuration ${path[1]}`
      const entry = parseOr(entrySchema, parse(text, at), at)
      const own = Object.keys(CURVES).filter((tag) => Object.hasOwn(entry.log, tag))
      tags ??= own
      const further = own.find((tag) => !tags!.includes(tag))
      if (further !== undefined)
        throw new BenchError(
          `${at}: has log.${further}, unlike the first configuration; give all configurations the same logs`,
        )
      trainings.push(trainingOf(entry, tags, trainings.length, at))
      if (task === undefined && tasks.size > 1) throw severalTasks(file!, tasks)
    }
    const found = task ?? [...tasks][0]
    if (task === undefined && tasks.size > 1) throw severalTasks(file!, tasks)
    if (task !== undefined && !tasks.has(task))
      throw new BenchError(`${file}: has no data set ${show(task)}${suggestion(task, [...tasks])}`)
    if (tags?.length === 0)
      throw notLcbench(file!, `the logs hold none of ${Object.keys(CURVES).slice(0, 3).join(', ')}, ...`)
    return {
      name: `lcbench-${found}`,
      description: `LCBench ${found}: multi-layer perceptrons trained with SGD and cosine annealing, 50 epochs`,
      resource: 'epoch',
      metrics: Object.fromEntries((tags ?? []).map((tag) => CURVES[tag]!)),
      space: SPACE,
      source:
        'LCBench (Zimmer, Lindauer, Hutter 2021, Auto-PyTorch Tabular: Multi-Fidelity MetaLearning for Efficient and ' +
        'Robust AutoDL), https://github.com/automl/LCBench',
      sha256: { [basename(file!)]: await checksumOf(file!) },
      notes: { task: found },
      trainings,
    }
  },
})

/** Of 52 records the first stands before any training and the last after it: as Syne Tune does, both are left out. */
function trainingOf({ log, config }: Entry, tags: readonly string[], repetition: number, at: string): FoundTraining {
  const timed = Object.hasOwn(log, 'time')
  const lists = Object.fromEntries(
    [...(timed ? ['time'] : []), ...tags].map((tag) => [`log.${tag}`, curveOf(log[tag], `${at}: log.${tag}`)]),
  )
  const records = commonLength(lists, at)
  if (tags.length > 0 && records < 3)
    throw new BenchError(`${at}: the logs have ${records} records; at least 3 are needed`)
  const between = (tag: string): Float64Array => lists[`log.${tag}`]!.subarray(1, -1)
  const known: Record<string, Value> = {}
  for (const name of Object.keys(SPACE))
    if (Object.hasOwn(config, name)) known[name] = name === 'num_layers' ? layersOf(config[name]!) : config[name]!
  const curves = Object.fromEntries(tags.map((tag) => [CURVES[tag]![0], between(tag)]))
  const begun = lists['log.time']?.[0] ?? 0
  return {
    config: known,
    repetition,
    levels: Math.max(0, records - 2),
    curves,
    elapsed: timed ? between('time').map((seconds) => seconds - begun) : undefined,
    place: (level) => `${at}, epoch ${level}`,
  }
}

function layersOf(value: Value): string {
  return value === true ? 'True' : String(value)
}

function notLcbench(file: string, what: string): BenchError {
  return new BenchError(
    `${file}: is no LCBench file, which is an object of data sets, configurations and their logs; ${what}; name its format`,
  )
}

function severalTasks(file: string, tasks: ReadonlySet<string>): BenchError {
  const names = [...tasks].slice(0, 3).join(', ')
  return new BenchError(`${file}: holds several data sets (${names}, ...); name one with --task`)
}

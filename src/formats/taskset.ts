/** TaskSet (Metz et al. 2020): learning curves of thousands of tasks, tuned with random configurations of Adam. */
import { basename } from 'node:path'
import { z } from 'zod'
import { BenchError, show } from '../core/errors.js'
import { type Space, float } from '../core/space.js'
import { parseOr } from '../core/zod-error.js'
import { commonLength } from './curve-lengths.js'
import { checksumOf, readUnpacked } from './input-file.js'
import { type FoundTraining, defineImporter } from './importer.js'
import { curveOf, jsonElements, parse } from './json-elements.js'

/**
 * What the 8-parameter Adam of TaskSet was drawn from (appendix of the paper). The betas were drawn as 1 minus a
 * log-uniform number, which spaces here do not have: they stand as plain ranges.
 */
const ADAM_8P: Space = {
  learning_rate: float(1e-8, 10, { scale: 'log' }),
  beta1: float(0, 0.9999),
  beta2: float(0, 0.999999),
  epsilon: float(1e-10, 1e3, { scale: 'log' }),
  l1: float(1e-8, 10, { scale: 'log' }),
  l2: float(1e-8, 10, { scale: 'log' }),
  linear_decay: float(1e-7, 1e-4, { scale: 'log' }),
  exponential_decay: float(1e-6, 1e-3, { scale: 'log' }),
}

const losses = z.object({ loss: z.array(z.unknown()) })
const entrySchema = z.object({ hp: z.record(z.string(), z.number()), train: losses, valid: losses, test: losses })

export const taskset = defineImporter({
  summary: 'TaskSet: a JSON list (also .json.gz) of {hp, train, valid, test}, one file per task; has no times',
  files: 'one',
  async read([file]) {
    const trainings: FoundTraining[] = []
    for await (const { path, text } of jsonElements(readUnpacked(file!), 1, file!, ([entry]) => isList(entry, file!))) {
      const at = `${file}, entry ${path[0]}`
      const { hp, train, valid, test } = parseOr(entrySchema, parse(text, at), at)
      const curves = {
        validation_loss: curveOf(valid.loss, `${at}: valid.loss`),
        test_loss: curveOf(test.loss, `${at}: test.loss`),
        train_loss: curveOf(train.loss, `${at}: train.loss`),
      }
      const levels = commonLength(
        { 'valid.loss': curves.validation_loss, 'test.loss': curves.test_loss, 'train.loss': curves.train_loss },
        at,
      )
      trainings.push({
        config: hp,
        repetition: trainings.length,
        levels,
        curves,
        place: (level) => `${at}, level ${level}`,
      })
    }
    const names = Object.keys(trainings[0]?.config ?? {})
    const task = basename(file!).replace(/\.json(\.gz)?$/u, '')
    return {
      name: task,
      description: `TaskSet ${task}: loss at evaluations 200 steps apart, the first before any training`,
      resource: 'evaluation',
      metrics: {
        validation_loss: { goal: 'min', split: 'validation' },
        test_loss: { goal: 'min', split: 'test' },
        train_loss: { goal: 'min', split: 'train' },
      },
      ...(names.length === 8 && names.every((name) => Object.hasOwn(ADAM_8P, name)) && { space: ADAM_8P }),
      source:
        'TaskSet (Metz, Maheswaranathan, Sun, Freeman, Poole, Sohl-Dickstein 2020, Using a thousand optimization tasks ' +
        'to learn hyperparameter search strategies), https://github.com/google-research/google-research/tree/master/task_set',
      licence: 'Apache-2.0',
      sha256: { [basename(file!)]: await checksumOf(file!) },
      trainings,
    }
  },
})

/** @throws BenchError where the file is an object */
function isList(entry: string | number | undefined, file: string): true {
  if (typeof entry === 'number') return true
  throw new BenchError(
    `${file}: is no TaskSet file, which is a list; this is an object whose first key is ${show(entry)}; name its format`,
  )
}

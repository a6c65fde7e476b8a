/** What formats whose columns only a mapping explains have in common. */
import { basename } from 'node:path'
import { BenchError } from '../core/errors.js'
import type { FoundTable } from './importer.js'
import type { Mapping } from './mapping.js'

/** Checks that a mapping says what the columns are. @throws BenchError naming the first entry that is missing */
export function checkRecordMapping(mapping: Mapping, path: string): void {
  const lacks = (entry: string, example: string): BenchError =>
    new BenchError(`${path}: mapping.${entry} is missing; say what the columns are, e.g. ${example}`)
  if (mapping.resource?.column === undefined) throw lacks('resource.column', '"resource": {"column": "epoch"}')
  if (Object.keys(mapping.hyperparameters).length === 0)
    throw lacks('hyperparameters', '"hyperparameters": {"learning_rate": {}}')
  if (Object.keys(mapping.metrics).length === 0)
    throw lacks('metrics', '"metrics": {"validation_error": {"goal": "min", "split": "validation"}}')
}

/** Names under which the checksums of files stand: without their folders where that is clear. */
export function fileNames(files: readonly string[]): string[] {
  const short = files.map((file) => basename(file))
  return short.map((name, i) => (short.indexOf(name) === short.lastIndexOf(name) ? name : files[i]!))
}

/** The metrics that a mapping names; what it says of them is added to every format's. */
export function metricsOf(mapping: Mapping): FoundTable['metrics'] {
  return Object.fromEntries(Object.keys(mapping.metrics).map((name) => [name, {}]))
}

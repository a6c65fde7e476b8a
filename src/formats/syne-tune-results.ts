/** What Syne Tune leaves of an experiment: results.csv.zip, one line per report, with metadata.json beside it. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { BenchError, messageOf } from '../core/errors.js'
import { parseOr } from '../core/zod-error.js'
import { readCsv } from './csv.js'
import { type FoundMetric, defineImporter } from './importer.js'
import type { Mapping } from './mapping.js'
import { metricByName } from './metric-names.js'
import { RecordReader } from './records.js'
import { readSyneTuneSpace } from './syne-tune-space.js'

const metadataSchema = z.looseObject({
  /** JSON inside JSON. */
  config_space: z.string(),
  metric_names: z.array(z.string()).min(1),
  metric_mode: z.union([z.string(), z.array(z.string())]),
})

/** Seconds of training as the reporter of a real backend counts them. */
const WORKER_TIME = 'st_worker_time'

export const syneTuneResults = defineImporter({
  summary: "an experiment of Syne Tune's: its results.csv.zip with metadata.json beside it; several make one table",
  files: 'several',
  async read(files, { mapping: given, options }) {
    const path = join(dirname(files[0]!), 'metadata.json')
    const { config_space: encoded, metric_names: names, metric_mode: modes } = readMetadata(path)
    const space = readSyneTuneSpace(
      readJson(() => encoded, `${path}: config_space`),
      `${path}: config_space`,
    )
    const metrics: Record<string, FoundMetric> = {}
    for (const [i, name] of names.entries()) {
      const mode = typeof modes === 'string' ? modes : modes[i]
      metrics[name] = { ...metricByName(name), goal: mode === 'max' ? 'max' : 'min' }
    }
    for (const name of Object.keys(given.metrics)) metrics[name] ??= metricByName(name)
    const domains = Object.entries(space).map(([name, domain]) => {
      // A constant may be left out of the columns.
      const column = domain.type === 'constant' ? {} : { column: `config_${name}` }
      return [name, Object.assign({ domain }, column, given.hyperparameters[name])] as const
    })
    const mapping: Mapping = {
      ...given,
      resource: { column: 'epoch', ...given.resource },
      repetition: given.repetition ?? 'trial_id',
      elapsed: given.elapsed ?? (options.secondsPerLevel === undefined ? { column: WORKER_TIME } : undefined),
      hyperparameters: Object.fromEntries(domains),
      metrics: Object.fromEntries(Object.keys(metrics).map((name) => [name, given.metrics[name] ?? {}])),
    }
    // Trials are numbered from 0 in every experiment.
    const reader = new RecordReader(mapping, { emptyIsNaN: true, repetitionsPerFile: true })
    const sha256 = await readCsv(files, reader).catch((error: unknown) => {
      if (!messageOf(error).includes(`no column "${WORKER_TIME}"`)) throw error
      throw new BenchError(
        `${files.join(', ')}: has no column "${WORKER_TIME}", as simulated experiments have none; name the column of ` +
          'seconds since the start of a training in the mapping ("elapsed": {"column": ...}), or give --seconds-per-level',
        { cause: error },
      )
    })
    return { resource: mapping.resource?.column, metrics, space, sha256, trainings: reader.trainings() }
  },
})

function readMetadata(path: string): z.infer<typeof metadataSchema> {
  if (!existsSync(path))
    throw new BenchError(`${path}: is not there; give results.csv.zip in the folder of its experiment`)
  return parseOr(
    metadataSchema,
    readJson(() => readFileSync(path, 'utf8'), path),
    path,
  )
}

function readJson(text: () => string, place: string): unknown {
  try {
    return JSON.parse(text())
  } catch (error) {
    throw new BenchError(`${place}: cannot be read as JSON: ${messageOf(error).replaceAll(/\s+/gu, ' ')}`, {
      cause: error,
    })
  }
}

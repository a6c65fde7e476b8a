/** Syne Tune's blackbox repository: folders as its own `serialize` writes them, one task of which makes a table. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { BenchError, messageOf, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import type { Config, Value } from '../core/space.js'
import { parseOr } from '../core/zod-error.js'
import { domainSchema, metricSchema, valueSchema } from '../surrogates/metadata.js'
import { BLACKBOX_FILES, blackboxMetadataSchema } from './blackbox-folder.js'
import { checksumOf } from './input-file.js'
import { type FoundMetric, type FoundTraining, defineImporter } from './importer.js'
import { NAME_RULE, metricByName } from './metric-names.js'
import { type NpyFile, openNpy } from './npy.js'
import { openParquet } from './parquet-file.js'
import { readSyneTuneSpace, snapped } from './syne-tune-space.js'
import { readValue } from './values.js'

/** What an export of this package says beside the layout, by task. */
const ownSchema = z.object({
  description: z.string().optional(),
  metrics: z.record(z.string(), metricSchema),
  space: z.record(z.string(), domainSchema),
  defaultConfig: z.record(z.string(), valueSchema),
  source: z.string().optional(),
  licence: z.string().optional(),
  secondsPerLevel: z.number().optional(),
})

export const blackboxRepository = defineImporter({
  summary: "Syne Tune's blackbox repository: the folder of a table, one task of it (--task)",
  files: 'one',
  tasks: true,
  async read([folder], { options }) {
    const file = (part: keyof typeof BLACKBOX_FILES): string => join(folder!, BLACKBOX_FILES[part])
    for (const part of Object.keys(BLACKBOX_FILES) as (keyof typeof BLACKBOX_FILES)[])
      if (!existsSync(file(part)))
        throw new BenchError(
          `${folder}: has no ${BLACKBOX_FILES[part]}; give a folder of a tabular blackbox, e.g. ~/.blackbox-repository/fcnet`,
        )
    const metadata = parseOr(blackboxMetadataSchema, readJson(file('metadata')), file('metadata'))
    const { task_names: tasks, objectives_names: objectives, metric_elapsed_time: elapsed } = metadata
    const task = taskOf(tasks, options.task, folder!)
    const own =
      metadata.rungbench?.[task] === undefined
        ? undefined
        : parseOr(ownSchema, metadata.rungbench[task], `${file('metadata')}: rungbench.${task}`)
    const configs = await readConfigs(file('configurations'))
    const space = snapped(readSyneTuneSpace(readJson(file('space')), file('space')), (name) =>
      configs.map((config) => config[name]!),
    )
    const [resource] = Object.keys(readSyneTuneSpace(readJson(file('levels')), file('levels')))
    const levelValues = readLevels(file('levelValues'))
    const values = openNpy(file('values'))
    let trainings: FoundTraining[]
    try {
      checkShape(
        values,
        [tasks.length, configs.length, undefined, levelValues.length, objectives.length],
        file('values'),
      )
      trainings = readTrainings(values, {
        task: tasks.indexOf(task),
        configs,
        objectives,
        elapsed,
        statics: new Set(objectives.filter((name) => own?.metrics[name]?.kind === 'static')),
        place: `${file('values')}, task ${task}`,
      })
    } finally {
      values.close()
    }
    const names = objectives.filter((name) => name !== elapsed)
    const sha256: Record<string, string> = {}
    for (const name of Object.values(BLACKBOX_FILES)) sha256[name] = await checksumOf(join(folder!, name))
    const consecutive = levelValues.every((value, i) => value === i + 1)
    return {
      name: tasks.length === 1 && own !== undefined ? task : `${basename(resolve(folder!))}-${task}`,
      description: own?.description ?? `${basename(resolve(folder!))}, ${task}`,
      resource,
      metrics: Object.fromEntries(
        names.map((name): [string, FoundMetric] => [name, own?.metrics[name] ?? metricByName(name)]),
      ),
      space: own?.space ?? space,
      defaultConfig: own?.defaultConfig,
      source: own?.source,
      licence: own?.licence,
      sha256,
      notes: {
        task,
        ...(!consecutive && { levelValues }),
      },
      ...(own === undefined && { warnings: [NAME_RULE] }),
      secondsPerLevel: own?.secondsPerLevel,
      trainings,
    }
  },
})

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new BenchError(`${path}: cannot be read as JSON: ${messageOf(error).replaceAll(/\s+/gu, ' ')}`, {
      cause: error,
    })
  }
}

function taskOf(tasks: readonly string[], asked: string | undefined, folder: string): string {
  if (asked !== undefined && !tasks.includes(asked))
    throw new BenchError(`${folder}: has no task ${show(asked)}${suggestion(asked, tasks)}`)
  if (asked === undefined && tasks.length > 1)
    throw new BenchError(
      `${folder}: holds ${tasks.length} tasks (${tasks.slice(0, 5).join(', ')}); name one with --task`,
    )
  return asked ?? tasks[0]!
}

async function readConfigs(path: string): Promise<Config[]> {
  const { columns, groups } = await openParquet(path)
  const configs: Config[] = []
  for await (const rows of groups(columns))
    for (const row of rows) {
      const config: Record<string, Value> = {}
      for (const [i, name] of columns.entries()) {
        const cell = row[i]
        // Texts stay texts here: the column's type says what they are.
        config[name] =
          typeof cell === 'string' ? cell : readValue(cell, `${path}, row ${configs.length}, column ${show(name)}`)
      }
      configs.push(config)
    }
  return configs
}

function readLevels(path: string): number[] {
  const array = openNpy(path)
  try {
    checkShape(array, [undefined], path)
    return [...array.read(0, array.shape[0]!)]
  } finally {
    array.close()
  }
}

/** @param wanted undefined: any size. @throws BenchError */
function checkShape({ shape }: NpyFile, wanted: readonly (number | undefined)[], path: string): void {
  if (shape.length !== wanted.length || wanted.some((size, i) => size !== undefined && size !== shape[i]))
    throw new BenchError(
      `${path}: has the shape (${shape.join(', ')}), where the other files say (${wanted.map((size) => size ?? 'any').join(', ')}); the files do not belong together`,
    )
}

interface Selection {
  /** Position of the task. */
  readonly task: number
  readonly configs: readonly Config[]
  readonly objectives: readonly string[]
  /** The objective that holds times; undefined: none does. */
  readonly elapsed: string | undefined
  readonly statics: ReadonlySet<string>
  readonly place: string
}

/** One configuration's values after the other's: no more than one is held beside what the table keeps. */
function readTrainings(values: NpyFile, selection: Selection): FoundTraining[] {
  const { task, configs, objectives, place } = selection
  const [, , seeds, levels] = values.shape as [number, number, number, number]
  const perSeed = levels * objectives.length
  const trainings: FoundTraining[] = []
  for (const [c, config] of configs.entries()) {
    const block = values.read((task * configs.length + c) * seeds * perSeed, seeds * perSeed)
    for (let seed = 0; seed < seeds; seed++) {
      const of = block.subarray(seed * perSeed, (seed + 1) * perSeed)
      // A repetition that was not trained is filled with NaN.
      if (of.every((value) => Number.isNaN(value))) continue
      trainings.push({ config, repetition: seed, ...split(of, levels, selection), place: placeOf(place, c, seed) })
    }
  }
  return trainings
}

function placeOf(place: string, row: number, seed: number): (level: number) => string {
  return (level) => `${place}, configuration ${row}, seed ${seed}, level ${level}`
}

/** (levels x objectives) values as curves; levels without a time at the end were not trained. */
function split(
  values: Float32Array | Float64Array,
  levels: number,
  { objectives, elapsed, statics }: Selection,
): Pick<FoundTraining, 'curves' | 'statics' | 'elapsed' | 'levels'> {
  const along = (o: number): Float32Array | Float64Array => {
    const out = values instanceof Float32Array ? new Float32Array(levels) : new Float64Array(levels)
    for (let l = 0; l < levels; l++) out[l] = values[l * objectives.length + o]!
    return out
  }
  const times = elapsed === undefined ? undefined : along(objectives.indexOf(elapsed))
  const held = times === undefined ? levels : times.findLastIndex((seconds) => !Number.isNaN(seconds)) + 1
  const curves: Record<string, Float32Array | Float64Array> = {}
  const single: Record<string, number> = {}
  for (const [o, name] of objectives.entries()) {
    if (name === elapsed) continue
    if (statics.has(name)) single[name] = values[o]!
    else curves[name] = along(o)
  }
  return { curves, statics: single, elapsed: times, levels: held }
}

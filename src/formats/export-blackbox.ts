/** Tables as folders of Syne Tune's blackbox repository, which its simulator loads. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, show } from '../core/errors.js'
import { eligibleConfigurations } from '../surrogates/eligible.js'
import type { TableData } from '../surrogates/table-data.js'
import { SurrogateTable } from '../surrogates/table.js'
import { BLACKBOX_FILES } from './blackbox-folder.js'
import { type Exporter, checkExportable, originOf, ruleOf, writeNew } from './exporter.js'
import { writeNpy } from './npy.js'
import { ParquetRecords } from './parquet-writer.js'
import { recordLayout } from './record-layout.js'
import { writeSyneTuneSpace } from './syne-tune-space.js'

const ELAPSED = 'elapsed_time'

export const blackboxExporter: Exporter = {
  summary: "a folder of Syne Tune's blackbox repository: the configurations all of whose trainings hold all levels",
  example: '~/.blackbox-repository/mine',
  async write(data, out) {
    checkExportable(data)
    const table = new SurrogateTable(data)
    const configurations = eligibleConfigurations(table)
    // The layout has as many repetitions for every configuration.
    const seeds = configurations.reduce((least, i) => Math.min(least, table.repetitions(i)), Infinity)
    const rows = [...configurations].map((i) => table.rowOrder.subarray(table.rowStart[i]!, table.rowStart[i]! + seeds))
    const trainings = rows.length * seeds
    await writeNew(out, (folder) => writeFolder(folder, data, rows, seeds))
    return {
      files: [out],
      trainings,
      leftOut: [
        ...(trainings === data.rows
          ? []
          : [
              `${data.rows - trainings} trainings: of every configuration the first ${seeds} are there, and none that was stopped`,
            ]),
        ...(data.startup.some((seconds) => seconds !== 0) ? ['start-up times'] : []),
      ],
    }
  },
}

function writeFolder(folder: string, data: TableData, rows: readonly Int32Array[], seeds: number): void {
  const { metadata, levels } = data
  const { name, resource, space, metrics } = metadata
  const file = (part: keyof typeof BLACKBOX_FILES): string => join(folder, BLACKBOX_FILES[part])
  const writeText = (part: keyof typeof BLACKBOX_FILES, text: string): void => writeFileSync(file(part), `${text}\n`)
  const columns = objectiveColumns(data)
  mkdirSync(folder)
  writeText('space', writeSyneTuneSpace(space))
  writeText('levels', writeSyneTuneSpace({ [resource.name]: { type: 'int', low: 1, high: levels, scale: 'linear' } }))
  const described = {
    metric_elapsed_time: ELAPSED,
    metric_default: steeringMetric(data),
    time_attr: resource.name,
    objectives_names: columns.map(([objective]) => objective),
    task_names: [name],
    rungbench: {
      [name]: {
        description: metadata.description,
        metrics,
        space,
        defaultConfig: metadata.defaultConfig,
        ...originOf(data),
        secondsPerLevel: ruleOf(data),
      },
    },
  }
  writeText('metadata', JSON.stringify(described, null, 1))
  const hyperparameters = recordLayout(data).columns.filter((column) => Object.hasOwn(space, column.name))
  const records = new ParquetRecords(file('configurations'), hyperparameters)
  for (const [first] of rows) records.add(first!, 1)
  records.end()
  writeNpy(file('levelValues'), '<i8', [levels], [BigInt64Array.from({ length: levels }, (_, l) => BigInt(l + 1))])
  // Syne Tune writes single precision; it reads double as well, which is written where single would lose digits.
  const single = columns.every(([, values]) => values.every((value) => Object.is(value, Math.fround(value))))
  const shape = [1, rows.length, seeds, levels, columns.length]
  writeNpy(file('values'), single ? '<f4' : '<f8', shape, blocks(data, rows, single))
}

/** Every objective with its values: (rows x levels), or (rows) of a static metric. */
function objectiveColumns(data: TableData): [string, Float32Array | Float64Array][] {
  const names = Object.keys(data.metadata.metrics)
  return [
    ...names.map((name): [string, Float32Array | Float64Array] => [name, data.curves[name] ?? data.statics[name]!]),
    [ELAPSED, data.elapsed],
  ]
}

/** (seeds x levels x objectives) per configuration. */
function* blocks(
  data: TableData,
  rows: readonly Int32Array[],
  single: boolean,
): Generator<Float32Array | Float64Array> {
  const { levels } = data
  const columns = objectiveColumns(data)
  for (const repetitions of rows) {
    const length = repetitions.length * levels * columns.length
    const block = single ? new Float32Array(length) : new Float64Array(length)
    let at = 0
    for (const row of repetitions)
      for (let l = 0; l < levels; l++)
        for (const [name, values] of columns)
          block[at++] = values[Object.hasOwn(data.statics, name) ? row : row * levels + l]!
    yield block
  }
}

/** What Syne Tune's schedulers optimise by default. @throws BenchError where no curve has a goal */
function steeringMetric({ metadata }: TableData): string {
  const curves = Object.entries(metadata.metrics).filter(([, { kind, goal }]) => kind === 'curve' && goal !== 'none')
  const [name] = curves.find(([, { split }]) => split === 'validation') ?? curves[0] ?? []
  if (name === undefined)
    throw new BenchError(`the table ${show(metadata.name)} has no learning curve with a goal, which Syne Tune needs`)
  return name
}

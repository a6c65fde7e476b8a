/** Learning curves that somebody else recorded, from a CSV file to a table. */
import { basename } from 'node:path'
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import type { Value } from '../core/space.js'
import { type CsvRecord, readPieces, splitCsv } from './csv.js'
import { type ImportMap, readMap } from './import-map.js'
import { parseMetric, parseNumber, parseValue, parseWhole, toColumn } from './import-values.js'
import { FORMAT_VERSION, type TableMetadata, parseTableMetadata } from './metadata.js'
import { sharedFloat64, sharedInt32, sharedUint8 } from './shared.js'
import { ENDED, type TableData } from './table-data.js'
import { withRanges } from './metric-range.js'
import { tableChecksum } from './write.js'

/** More cells than this are not learning curves any more. */
const MOST_CELLS = 2 ** 28

/** The records of one configuration and repetition. */
interface Training {
  readonly config: readonly Value[]
  readonly repetition: number
  /** By level: position in {@link Cells}. */
  readonly cells: Map<number, number>
}

/** What the records hold, by position. */
interface Cells {
  readonly lines: number[]
  /** Empty where a rule stands in for times. */
  readonly elapsed: number[]
  /** In the order of the mapping's metrics. */
  readonly metrics: readonly number[][]
}

/**
 * Makes a table of a CSV file with one record per configuration, repetition and level. Rows are in the order of
 * configurations in the file, repetitions ascending and numbered 0, 1, 2, ...
 *
 * A training whose metrics hold NaN or infinities is diverged, one with fewer levels than others is stopped.
 *
 * @param mapPath a JSON file that says what the columns are
 * @throws BenchError, one line with the file's line, or with the path to the fault in the mapping
 */
export function importCsv(csvPath: string, mapPath: string): TableData {
  const map = readMap(mapPath)
  // Faults of the mapping are found before a long file is read; levels and checksum come from the file.
  const draft = parseTableMetadata(toMetadata(map, 1, {}), mapPath)
  const reader = new Reader(csvPath, map, draft)
  const records = splitCsv(readPieces(csvPath), csvPath)
  let record = records.next()
  for (; record.done !== true; record = records.next()) reader.read(record.value)
  const trainings = reader.trainings()
  const levels = trainings.reduce((most, { cells }) => Math.max(most, cells.size), 0)
  const metadata = toMetadata(map, levels, { [basename(csvPath)]: record.value })
  const data = assemble(trainings, reader.cells, parseTableMetadata(metadata, mapPath), map, csvPath)
  const described = { ...data, metadata: withRanges(data) }
  return { ...described, checksum: tableChecksum(described) }
}

function toMetadata(map: ImportMap, levels: number, sha256: Readonly<Record<string, string>>): unknown {
  const { name, description, resource, elapsed, hyperparameters, metrics, defaultConfig, source, licence } = map
  const modelled = 'secondsPerLevel' in elapsed
  return {
    formatVersion: FORMAT_VERSION,
    name,
    description,
    resource: { name: resource.name, levels },
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([key, mapped]) => {
        const { column: _, ...metric } = mapped
        return [key, metric]
      }),
    ),
    space: Object.fromEntries(Object.entries(hyperparameters).map(([key, { domain }]) => [key, domain])),
    defaultConfig,
    provenance: { kind: 'imported', source, licence, sha256 },
    ...(modelled && {
      columnProvenance: {
        elapsed_time: { kind: 'modelled', from: name, rule: `${elapsed.secondsPerLevel} seconds per level` },
      },
    }),
  }
}

/** Takes records one by one. */
class Reader {
  readonly cells: Cells
  readonly #file: string
  readonly #map: ImportMap
  readonly #metadata: TableMetadata
  readonly #trainings = new Map<string, Training>()
  /** Where columns stand; undefined before the header. */
  #header: readonly string[] | undefined
  #columns: { level: number; repetition: number; elapsed: number; hyperparameters: number[]; metrics: number[] } = {
    level: -1,
    repetition: -1,
    elapsed: -1,
    hyperparameters: [],
    metrics: [],
  }

  constructor(file: string, map: ImportMap, metadata: TableMetadata) {
    this.#file = file
    this.#map = map
    this.#metadata = metadata
    this.cells = { lines: [], elapsed: [], metrics: Object.keys(map.metrics).map(() => []) }
  }

  read({ line, fields }: CsvRecord): void {
    const header = this.#header
    if (header === undefined) return this.#readHeader(fields, line)
    if (fields.length !== header.length)
      throw new BenchError(
        `${this.#file}, line ${line}: has ${fields.length} fields, the header has ${header.length}; ` +
          'give every line one field per column',
      )
    const place = (column: number): string => `${this.#file}, line ${line}, column ${show(header[column])}`
    const { level, repetition, elapsed, hyperparameters, metrics } = this.#columns
    const config = Object.values(this.#metadata.space).map((domain, i) => {
      const column = hyperparameters[i]!
      if (column < 0 && domain.type === 'constant') return domain.value
      return parseValue(fields[column]!, domain, place(column))
    })
    const which = repetition < 0 ? 0 : parseWhole(fields[repetition]!, 0, place(repetition))
    const at = parseWhole(fields[level]!, 1, place(level))
    const key = JSON.stringify([config, which])
    let training = this.#trainings.get(key)
    if (training === undefined) {
      training = { config, repetition: which, cells: new Map() }
      this.#trainings.set(key, training)
    }
    const before = training.cells.get(at)
    if (before !== undefined)
      throw new BenchError(
        `${this.#file}, line ${line}: repeats level ${at} of the configuration and repetition of line ` +
          `${this.cells.lines[before]}; keep one${repetition < 0 ? ', or name the repetition column in the mapping' : ''}`,
      )
    training.cells.set(at, this.cells.lines.length)
    this.cells.lines.push(line)
    if (elapsed >= 0) this.cells.elapsed.push(parseNumber(fields[elapsed]!, place(elapsed)))
    for (const [m, column] of metrics.entries())
      this.cells.metrics[m]!.push(parseMetric(fields[column]!, place(column)))
  }

  #readHeader(fields: readonly string[], line: number): void {
    const header = fields.map((name) => name.trim())
    const twice = header.find((name, i) => header.indexOf(name) !== i)
    if (twice !== undefined)
      throw new BenchError(`${this.#file}, line ${line}: has two columns ${show(twice)}; keep one`)
    const find = (name: string): number => {
      const at = header.indexOf(name)
      if (at < 0)
        throw new BenchError(`${this.#file}, line ${line}: has no column ${show(name)}${suggestion(name, header)}`)
      return at
    }
    const { resource, repetition, elapsed, hyperparameters, metrics } = this.#map
    this.#columns = {
      level: find(resource.column),
      repetition: repetition === undefined ? -1 : find(repetition),
      elapsed: 'column' in elapsed ? find(elapsed.column) : -1,
      // A constant needs no column: its value is known.
      hyperparameters: Object.entries(hyperparameters).map(([name, { column, domain }]) =>
        domain.type === 'constant' && column === undefined ? header.indexOf(name) : find(column ?? name),
      ),
      metrics: Object.entries(metrics).map(([name, { column }]) => find(column ?? name)),
    }
    this.#header = header
  }

  /** In order of configuration and repetition. @throws BenchError if there are none or a level is missing */
  trainings(): Training[] {
    if (this.#header === undefined) throw new BenchError(`${this.#file}, line 1: has no header; name the columns there`)
    if (this.#trainings.size === 0)
      throw new BenchError(`${this.#file}, line 2: has no records; a table needs at least one training`)
    const configurations = new Map<string, Training[]>()
    for (const training of this.#trainings.values()) {
      this.#checkLevels(training)
      const key = JSON.stringify(training.config)
      const others = configurations.get(key)
      if (others === undefined) configurations.set(key, [training])
      else others.push(training)
    }
    return [...configurations.values()].flatMap((same) =>
      same
        .sort((a, b) => a.repetition - b.repetition)
        .map((training, repetition) => Object.assign(training, { repetition })),
    )
  }

  #checkLevels({ cells }: Training): void {
    for (let level = 1; level <= cells.size; level++)
      if (!cells.has(level)) {
        const next = Math.min(...[...cells.keys()].filter((other) => other > level))
        throw new BenchError(
          `${this.#file}, line ${this.cells.lines[cells.get(next)!]}: has level ${next} of a training whose level ` +
            `${level} is missing; give every level from 1 on`,
        )
      }
  }
}

function assemble(
  trainings: readonly Training[],
  cells: Cells,
  metadata: TableMetadata,
  map: ImportMap,
  file: string,
): TableData {
  const rows = trainings.length
  const { levels } = metadata.resource
  if (rows * levels > MOST_CELLS)
    throw new BenchError(`${file}: makes a table of ${rows} rows of ${levels} levels; give at most ${MOST_CELLS} cells`)
  const [repetition, reached, ended] = [sharedInt32(rows), sharedInt32(rows), sharedUint8(rows)]
  const table = (): Float64Array => sharedFloat64(rows * levels).fill(Number.NaN)
  const elapsed = table()
  const curves: Record<string, Float64Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [name, { kind }] of Object.entries(metadata.metrics))
    if (kind === 'curve') curves[name] = table()
    else statics[name] = sharedFloat64(rows)

  for (const [row, training] of trainings.entries()) {
    const held = training.cells.size
    repetition[row] = training.repetition
    reached[row] = held
    let diverged = false
    for (const [m, [name, { kind }]] of Object.entries(metadata.metrics).entries()) {
      const values = cells.metrics[m]!
      let last = values[training.cells.get(1)!]!
      for (let level = 1; level <= held; level++) {
        const cell = training.cells.get(level)!
        const value = values[cell]!
        const place = `${file}, line ${cells.lines[cell]}: metric ${show(name)}`
        if (Number.isNaN(value)) diverged = true
        if (kind === 'static' && !Object.is(value, last))
          throw invalid(place, value, `has one value per training, which was ${last} at level 1`)
        if (Number.isNaN(last) && !Number.isNaN(value))
          throw invalid(place, value, 'must be NaN, as the level before is', 'a diverged training does not come back')
        if (kind === 'curve') curves[name]![row * levels + level - 1] = value
        last = value
      }
      if (kind === 'static') statics[name]![row] = last
    }
    ended[row] = ENDED.indexOf(diverged ? 'diverged' : held === levels ? 'completed' : 'stopped')
    let time = 0
    for (let level = 1; level <= held; level++) {
      const cell = training.cells.get(level)!
      const now = 'secondsPerLevel' in map.elapsed ? level * map.elapsed.secondsPerLevel : cells.elapsed[cell]!
      if (!(now > time))
        throw invalid(
          `${file}, line ${cells.lines[cell]}: the elapsed time of level ${level}`,
          now,
          `must be later than ${time} s`,
          'times count from the start of training',
        )
      elapsed[row * levels + level - 1] = now
      time = now
    }
  }
  const hyperparameters = Object.fromEntries(
    Object.entries(metadata.space).map(([name, domain], i) => [
      name,
      toColumn(
        trainings.map(({ config }) => config[i]!),
        domain,
      ),
    ]),
  )
  return {
    metadata,
    checksum: '',
    rows,
    levels,
    hyperparameters,
    repetition,
    reached,
    ended,
    elapsed,
    startup: sharedFloat64(rows),
    cpu: sharedFloat64(rows).fill(Number.NaN),
    curves,
    statics,
  }
}

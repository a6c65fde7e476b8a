/** The records of a CSV file of learning curves, gathered into trainings. */
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import type { Value } from '../core/space.js'
import type { CsvRecord } from './csv.js'
import type { ImportMap } from './import-map.js'
import { parseMetric, parseNumber, parseValue, parseWhole } from './import-values.js'
import type { TableMetadata } from './metadata.js'

/** The records of one configuration and repetition. */
export interface ImportedTraining {
  readonly config: readonly Value[]
  readonly repetition: number
  /** By level: position in {@link ImportedCells}. */
  readonly cells: Map<number, number>
}

/** What the records hold, by position. */
export interface ImportedCells {
  readonly lines: number[]
  /** Empty where a rule stands in for times. */
  readonly elapsed: number[]
  /** In the order of the mapping's metrics. */
  readonly metrics: readonly number[][]
}

/** Takes records one by one. */
export class RecordReader {
  readonly cells: ImportedCells
  readonly #file: string
  readonly #map: ImportMap
  readonly #metadata: TableMetadata
  readonly #trainings = new Map<string, ImportedTraining>()
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
  trainings(): ImportedTraining[] {
    if (this.#header === undefined) throw new BenchError(`${this.#file}, line 1: has no header; name the columns there`)
    if (this.#trainings.size === 0)
      throw new BenchError(`${this.#file}, line 2: has no records; a table needs at least one training`)
    const configurations = new Map<string, ImportedTraining[]>()
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

  #checkLevels({ cells }: ImportedTraining): void {
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

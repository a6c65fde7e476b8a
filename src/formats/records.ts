/** Files with one record per configuration, repetition and level (CSV, Parquet), gathered into trainings. */
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import type { Config, Value } from '../core/space.js'
import { ENDED, type Ended } from '../surrogates/table-data.js'
import type { FoundTraining } from './importer.js'
import type { Mapping } from './mapping.js'
import { type Cell, isEmpty, parseMetric, parseNumber, parseValue, parseWhole, readValue } from './values.js'

/** The records of one configuration and repetition. */
interface Training {
  readonly config: Config
  readonly repetition: number
  /** By level: position in the cells. */
  readonly cells: Map<number, number>
  /** What its first record says of the whole training: the cells of `ended`, `startup` and `cpu`. */
  readonly whole: readonly Cell[]
  readonly ended: Ended | undefined
  readonly startup: number | undefined
  readonly cpu: number | undefined
}

interface RecordOptions {
  /** Whether nothing in a metric's cell stands for NaN, as pandas writes it. */
  readonly emptyIsNaN?: boolean
  /** Whether equal numbers in two files mean different repetitions, as those of trials in two experiments. */
  readonly repetitionsPerFile?: boolean
}

const MOST_PER_FILE = 2 ** 32

/** Where columns stand; -1 for one that the files do not have. */
interface Columns {
  readonly level: number
  readonly repetition: number
  readonly elapsed: number
  readonly ended: number
  readonly startup: number
  readonly cpu: number
  /** Those with one value per training. */
  readonly once: readonly number[]
  readonly hyperparameters: readonly number[]
  readonly metrics: readonly number[]
}

/** Takes records one by one, from one file after the other. */
export class RecordReader {
  readonly #mapping: Mapping
  readonly #hyperparameters: readonly [string, Mapping['hyperparameters'][string]][]
  readonly #metrics: readonly [string, Mapping['metrics'][string]][]
  readonly #options: RecordOptions
  readonly #trainings = new Map<string, Training>()
  /** By record: its file, its line, and what it holds. */
  readonly #files: string[] = []
  readonly #fileOf: number[] = []
  readonly #lines: number[] = []
  readonly #elapsed: number[] = []
  readonly #values: readonly number[][]
  #word = 'line'
  #header: readonly string[] = []
  #columns: Columns | undefined

  constructor(mapping: Mapping, options: RecordOptions = {}) {
    this.#mapping = mapping
    this.#hyperparameters = Object.entries(mapping.hyperparameters)
    this.#metrics = Object.entries(mapping.metrics)
    this.#values = this.#metrics.map(() => [])
    this.#options = options
  }

  /** Begins a file. @param word what a record is called in messages. @throws BenchError if a column is missing */
  begin(file: string, header: readonly string[], word: 'line' | 'row'): void {
    const names = header.map((name) => name.trim())
    this.#files.push(file)
    this.#word = word
    const place = word === 'line' ? `${file}, line 1` : file
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined) throw new BenchError(`${place}: has two columns ${show(twice)}; keep one`)
    const find = (name: string | undefined): number => {
      if (name === undefined) return -1
      const at = names.indexOf(name)
      if (at < 0) throw new BenchError(`${place}: has no column ${show(name)}${suggestion(name, names)}`)
      return at
    }
    const { resource, repetition, elapsed, ended, startup, cpu } = this.#mapping
    const once = [find(ended), find(startup), find(cpu)] as const
    this.#columns = {
      level: find(resource?.column),
      repetition: find(repetition),
      elapsed: find(elapsed !== undefined && 'column' in elapsed ? elapsed.column : undefined),
      ended: once[0],
      startup: once[1],
      cpu: once[2],
      once,
      // A constant needs no column: its value is known.
      hyperparameters: this.#hyperparameters.map(([name, { column, domain }]) =>
        domain?.type === 'constant' && column === undefined ? names.indexOf(name) : find(column ?? name),
      ),
      metrics: this.#metrics.map(([name, { column }]) => find(column ?? name)),
    }
    this.#header = names
  }

  /** @param line where the record stands in its file */
  read(fields: readonly Cell[], line: number): void {
    const file = this.#files.at(-1)!
    const header = this.#header
    if (fields.length !== header.length)
      throw new BenchError(
        `${file}, ${this.#word} ${line}: has ${fields.length} fields, the header has ${header.length}; ` +
          `give every ${this.#word} one field per column`,
      )
    const place = (column: number): string => `${file}, ${this.#word} ${line}, column ${show(header[column])}`
    const columns = this.#columns!
    const config: Record<string, Value> = {}
    for (const [i, [name, { domain }]] of this.#hyperparameters.entries()) {
      const column = columns.hyperparameters[i]!
      config[name] =
        column < 0
          ? (domain as { readonly value: Value }).value
          : domain === undefined
            ? readValue(fields[column], place(column))
            : parseValue(fields[column], domain, place(column))
    }
    const own = this.#options.repetitionsPerFile === true ? (this.#files.length - 1) * MOST_PER_FILE : 0
    const which =
      own + (columns.repetition < 0 ? 0 : parseWhole(fields[columns.repetition], 0, place(columns.repetition)))
    const level = parseWhole(fields[columns.level], 1, place(columns.level))
    const key = JSON.stringify([Object.values(config), which])
    let training = this.#trainings.get(key)
    const { once } = columns
    if (training === undefined) {
      const number = (at: number): number | undefined => (at < 0 ? undefined : parseNumber(fields[at], place(at)))
      training = {
        config,
        repetition: which,
        cells: new Map(),
        whole: once.map((at) => fields[at]),
        ended: columns.ended < 0 ? undefined : parseEnded(fields[columns.ended], place(columns.ended)),
        startup: number(columns.startup),
        cpu: columns.cpu < 0 ? undefined : parseMetric(fields[columns.cpu], place(columns.cpu)),
      }
      this.#trainings.set(key, training)
    }
    const odd = once.findIndex((at, i) => !Object.is(fields[at], training!.whole[i]))
    if (odd >= 0)
      throw new BenchError(
        `${place(once[odd]!)}: has one value per training, which was ${show(training.whole[odd])} before, got ` +
          `${show(fields[once[odd]!])}; give every ${this.#word} of a training the same`,
      )
    const before = training.cells.get(level)
    if (before !== undefined)
      throw new BenchError(
        `${file}, ${this.#word} ${line}: repeats level ${level} of the configuration and repetition of ${this.#word} ` +
          `${this.#lines[before]}; keep one${columns.repetition < 0 ? ', or name the repetition column in the mapping' : ''}`,
      )
    training.cells.set(level, this.#lines.length)
    this.#fileOf.push(this.#files.length - 1)
    this.#lines.push(line)
    if (columns.elapsed >= 0) this.#elapsed.push(parseNumber(fields[columns.elapsed], place(columns.elapsed)))
    for (const [m, column] of columns.metrics.entries()) {
      const cell = fields[column]
      this.#values[m]!.push(
        this.#options.emptyIsNaN === true && isEmpty(cell) ? Number.NaN : parseMetric(cell, place(column)),
      )
    }
  }

  /** In the order in which they begin. @throws BenchError if there are none or a level is missing */
  trainings(): FoundTraining[] {
    const file = this.#files[0]
    if (this.#trainings.size === 0)
      throw new BenchError(
        `${file}${this.#word === 'line' ? ', line 2' : ''}: has no records; a table needs at least one training`,
      )
    return [...this.#trainings.values()].map((training) => this.#found(training))
  }

  #found({ cells, config, repetition, ended, startup, cpu }: Training): FoundTraining {
    this.#checkLevels(cells)
    const levels = cells.size
    const at = Int32Array.from({ length: levels }, (_, l) => cells.get(l + 1)!)
    const along = (values: readonly number[]): Float64Array => Float64Array.from(at, (cell) => values[cell]!)
    const curves: Record<string, Float64Array> = {}
    const statics: Record<string, number> = {}
    for (const [m, [name, { kind }]] of this.#metrics.entries()) {
      const values = along(this.#values[m]!)
      if (kind === 'static') statics[name] = this.#constant(values, at, name)
      else curves[name] = values
    }
    return {
      config,
      repetition,
      ended,
      startup,
      cpu,
      levels,
      curves,
      statics,
      elapsed: this.#elapsed.length === 0 ? undefined : along(this.#elapsed),
      place: (level) => this.#place(at[level - 1]!),
    }
  }

  /** The one value of a static metric. */
  #constant(values: Float64Array, at: Int32Array, name: string): number {
    const odd = values.findIndex((value) => !Object.is(value, values[0]))
    if (odd > 0)
      throw new BenchError(
        `${this.#place(at[odd]!)}: metric ${show(name)} has one value per training, which was ${values[0]} at level 1, got ${values[odd]}`,
      )
    return values[0]!
  }

  #checkLevels(cells: ReadonlyMap<number, number>): void {
    for (let level = 1; level <= cells.size; level++)
      if (!cells.has(level)) {
        const next = Math.min(...[...cells.keys()].filter((other) => other > level))
        throw new BenchError(
          `${this.#place(cells.get(next)!)}: has level ${next} of a training whose level ` +
            `${level} is missing; give every level from 1 on`,
        )
      }
  }

  #place(cell: number): string {
    return `${this.#files[this.#fileOf[cell]!]}, ${this.#word} ${this.#lines[cell]}`
  }
}

function parseEnded(cell: Cell, place: string): Ended {
  const ended = ENDED.find((name) => name === cell)
  if (ended === undefined) throw new BenchError(`${place}: must be one of ${ENDED.join(', ')}, got ${show(cell)}`)
  return ended
}

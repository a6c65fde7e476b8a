/**
 * Rows of a table grouped into distinct configurations, by hashing column values. No configuration object is built:
 * 250,000 rows take some tens of milliseconds.
 */
import { mix } from '../core/random.js'
import type { Config, Value } from '../core/space.js'
import type { HyperparameterColumn } from './table-data.js'

/** Where the 32-bit halves of a double are read. */
const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)

/** Bits of a number; the same for 0 and -0. */
function mixNumber(hash: number, value: number): number {
  double[0] = value + 0
  return mix(mix(hash, halves[0]!), halves[1]!)
}

/**
 * The distinct configurations of N rows, numbered 0..C-1 in the order of their first rows, and how to find one by its
 * values in O(1).
 */
export class RowIndex {
  /** C */
  readonly configurations: number
  /** (N) the configuration of each row */
  readonly configurationOf: Int32Array
  /** (C) the first row of each configuration */
  readonly firstRow: Int32Array

  readonly #names: readonly string[]
  readonly #columns: readonly HyperparameterColumn[]
  /** Of each text column: the code of a text. */
  readonly #codes: readonly (ReadonlyMap<string, number> | undefined)[]
  /** Open addressing: configuration + 1, or 0 where a slot is free. */
  readonly #slots: Int32Array
  readonly #mask: number

  /**
   * @param hyperparameters columns of N values each
   * @param rows N
   */
  constructor(hyperparameters: Readonly<Record<string, HyperparameterColumn>>, rows: number) {
    this.#names = Object.keys(hyperparameters)
    this.#columns = Object.values(hyperparameters)
    this.#codes = this.#columns.map((column) =>
      column.kind === 'text' ? new Map(column.dictionary.map((text, code) => [text, code])) : undefined,
    )
    let size = 16
    while (size < 2 * rows) size *= 2
    this.#slots = new Int32Array(size)
    this.#mask = size - 1
    this.configurationOf = new Int32Array(rows)

    const hashes = new Uint32Array(rows)
    for (const { values } of this.#columns)
      for (let row = 0; row < rows; row++) hashes[row] = mixNumber(hashes[row]!, values[row]!)
    const firstRow: number[] = []
    for (let row = 0; row < rows; row++) {
      let slot = hashes[row]! & this.#mask
      let found = this.#slots[slot]!
      while (found !== 0 && !this.#sameRow(firstRow[found - 1]!, row)) {
        slot = (slot + 1) & this.#mask
        found = this.#slots[slot]!
      }
      if (found === 0) {
        firstRow.push(row)
        found = firstRow.length
        this.#slots[slot] = found
      }
      this.configurationOf[row] = found - 1
    }
    this.firstRow = Int32Array.from(firstRow)
    this.configurations = firstRow.length
  }

  /** The configuration with these values, or -1. Exactly the table's hyperparameters must be given. */
  find(config: Config): number {
    const wanted: number[] = []
    let hash = 0
    for (let i = 0; i < this.#columns.length; i++) {
      const value = this.#cell(i, config[this.#names[i]!])
      if (value === undefined) return -1
      hash = mixNumber(hash, value)
      wanted.push(value)
    }
    if (Object.keys(config).length !== wanted.length) return -1
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#slots[slot]!
      if (found === 0) return -1
      const row = this.firstRow[found - 1]!
      if (wanted.every((value, i) => this.#columns[i]!.values[row] === value)) return found - 1
    }
  }

  /** A value as the number that column `i` stores for it; undefined if it cannot hold it. */
  #cell(i: number, value: Value | undefined): number | undefined {
    switch (this.#columns[i]!.kind) {
      case 'text':
        return typeof value === 'string' ? this.#codes[i]!.get(value) : undefined
      case 'bool':
        return typeof value === 'boolean' ? Number(value) : undefined
      default:
        return typeof value === 'number' ? value : undefined
    }
  }

  #sameRow(a: number, b: number): boolean {
    for (const { values } of this.#columns) if (values[a] !== values[b]) return false
    return true
  }
}

/** Rows by configuration, in order of repetition, as compressed sparse rows. */
export interface RowOrder {
  /** (C + 1) the rows of configuration i are `rowOrder[rowStart[i]]` .. `rowOrder[rowStart[i + 1] - 1]` */
  readonly rowStart: Int32Array
  /** (N) */
  readonly rowOrder: Int32Array
}

/** Sorts rows by (configuration, repetition); equal repetitions stay in the order of rows. */
export function orderRows(index: RowIndex, repetition: Int32Array): RowOrder {
  const { configurations, configurationOf } = index
  const rowStart = new Int32Array(configurations + 1)
  for (const i of configurationOf) rowStart[i + 1]!++
  for (let i = 0; i < configurations; i++) rowStart[i + 1]! += rowStart[i]!
  const next = rowStart.slice(0, configurations)
  const rowOrder = new Int32Array(configurationOf.length)
  for (let row = 0; row < configurationOf.length; row++) rowOrder[next[configurationOf[row]!]!++] = row
  for (let i = 0; i < configurations; i++) sortByRepetition(rowOrder, rowStart[i]!, rowStart[i + 1]!, repetition)
  return { rowStart, rowOrder }
}

/** The order of a table in which each configuration stands `times` times in a row, with the same rows. */
export function repeatOrder({ rowStart, rowOrder }: RowOrder, times: number): RowOrder {
  const configurations = rowStart.length - 1
  const starts = new Int32Array(configurations * times + 1)
  const rows = new Int32Array(rowOrder.length * times)
  let at = 0
  for (let i = 0; i < configurations * times; i++) {
    const configuration = Math.floor(i / times)
    starts[i] = at
    rows.set(rowOrder.subarray(rowStart[configuration]!, rowStart[configuration + 1]!), at)
    at += rowStart[configuration + 1]! - rowStart[configuration]!
  }
  starts[configurations * times] = at
  return { rowStart: starts, rowOrder: rows }
}

function sortByRepetition(rows: Int32Array, start: number, end: number, repetition: Int32Array): void {
  for (let i = start + 1; i < end; i++)
    if (repetition[rows[i]!]! < repetition[rows[i - 1]!]!) {
      rows.subarray(start, end).sort((a, b) => repetition[a]! - repetition[b]! || a - b)
      return
    }
}

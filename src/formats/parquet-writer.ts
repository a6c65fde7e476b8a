/** Writing Parquet files, row group by row group. */
import { type ColumnSource, ParquetWriter, fileWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { Value } from '../core/space.js'
import type { RecordColumn } from './record-layout.js'

const TYPES = { text: 'STRING', int: 'INT32', float: 'DOUBLE', bool: 'BOOLEAN' } as const
/** Rows held at a time. */
const GROUP_ROWS = 2 ** 17

/** Takes records one by one; what was taken is written group by group. */
export class ParquetRecords {
  readonly #columns: readonly RecordColumn[]
  readonly #writer: ParquetWriter
  #cells: Value[][]
  #count = 0

  constructor(path: string, columns: readonly RecordColumn[]) {
    this.#columns = columns
    this.#cells = columns.map(() => [])
    const schema = schemaFromColumnData({ columnData: this.#take() })
    this.#writer = new ParquetWriter({ writer: fileWriter(path), schema, codec: 'SNAPPY' })
  }

  add(row: number, level: number): void {
    for (const [i, { cell }] of this.#columns.entries()) this.#cells[i]!.push(cell(row, level))
    if (++this.#count === GROUP_ROWS) this.#flush()
  }

  end(): void {
    this.#flush()
    void this.#writer.finish()
  }

  #flush(): void {
    if (this.#count === 0) return
    void this.#writer.write({ columnData: this.#take(), rowGroupSize: this.#count })
    this.#cells = this.#columns.map(() => [])
    this.#count = 0
  }

  #take(): ColumnSource[] {
    return this.#columns.map(({ name, kind }, i) => ({
      name,
      data: this.#cells[i]!,
      type: TYPES[kind],
      nullable: false,
    }))
  }
}

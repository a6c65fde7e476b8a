/** Parquet files: the one door through which the libraries for them come in. */
import {
  type AsyncBuffer,
  type FileMetaData,
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { BenchError, messageOf, show } from '../core/errors.js'
import { unreadable } from './input-file.js'
import type { Cell } from './values.js'

/** An open file; of every row group the rows are read when they are asked for. */
export interface ParquetFile {
  readonly columns: readonly string[]
  readonly rows: number
  /** The rows of one row group after the other, cells in the order of `columns`. @throws BenchError */
  groups(columns: readonly string[]): AsyncGenerator<readonly (readonly Cell[])[], void>
}

/** @throws BenchError if it cannot be read or is no Parquet file */
export async function openParquet(path: string): Promise<ParquetFile> {
  let file: AsyncBuffer
  let metadata: FileMetaData
  try {
    file = await asyncBufferFromFile(path)
    metadata = await parquetMetadataAsync(file)
  } catch (error) {
    throw faulty(path, error)
  }
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name)
  async function* groups(wanted: readonly string[]): AsyncGenerator<readonly (readonly Cell[])[], void> {
    let rowStart = 0
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows)
      const rows = await readGroup(path, { file, metadata, rowStart, rowEnd, columns: [...wanted] })
      for (const [i, row] of rows.entries()) {
        const odd = row.findIndex((cell) => cell !== null && typeof cell === 'object')
        if (odd >= 0)
          throw new BenchError(
            `${path}, row ${rowStart + i}, column ${show(wanted[odd])}: holds neither a number, a truth value nor a text; one value per cell is needed`,
          )
      }
      yield rows as Cell[][]
      rowStart = rowEnd
    }
  }
  return { columns, rows: Number(metadata.num_rows), groups }
}

interface GroupRequest {
  readonly file: AsyncBuffer
  readonly metadata: FileMetaData
  readonly rowStart: number
  readonly rowEnd: number
  readonly columns: string[]
}

async function readGroup(path: string, request: GroupRequest): Promise<unknown[][]> {
  let rows: unknown[][] = []
  try {
    await parquetRead({
      ...request,
      compressors,
      rowFormat: 'array',
      onComplete: (read) => {
        rows = read as unknown[][]
      },
    })
  } catch (error) {
    throw faulty(path, error)
  }
  return rows.map((row) => row.map((cell) => (cell === undefined ? null : cell)))
}

/** What the system says of the file, else that its bytes are not those of a Parquet file. */
function faulty(path: string, error: unknown): BenchError {
  if (error instanceof Error && 'syscall' in error) return unreadable(path, error)
  return new BenchError(
    `${path}: is no whole Parquet file, or none that can be read here (${messageOf(error).replaceAll(/\s+/gu, ' ')}); ` +
      'fetch or write it again',
    { cause: error },
  )
}

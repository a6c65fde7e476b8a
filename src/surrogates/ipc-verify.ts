/**
 * Checks the frame of an Arrow IPC file before the Arrow library decodes it: the library believes every length that a
 * file states, so a damaged or hostile one could make it crash, loop or ask for all memory.
 *
 * The frame is FlatBuffers: tables of fields found by position, each field possibly an offset (always forward) to a
 * vector, a string or another table. A `DataView` refuses to read outside its bytes, which does most of the work.
 * Field positions: https://github.com/apache/arrow/tree/main/format (File.fbs, Message.fbs, Schema.fbs).
 */
import { BenchError, messageOf } from '../core/errors.js'

const MAGIC = 'ARROW1'
/** Size of an entry of the footer's lists of blocks, and of the vectors of a record batch. */
const BLOCK_BYTES = 24
const NODE_BYTES = 16
const DICTIONARY_BATCH = 2
const RECORD_BATCH = 3
/** Columns of a table, items of lists included; a table needs a few dozen. */
const MOST_FIELDS = 20_000
const DEEPEST_FIELD = 8

/**
 * @param bytes a whole file
 * @param file what messages begin with
 * @throws BenchError if it is not an uncompressed, undamaged Arrow IPC file
 */
export function verifyArrowFile(bytes: Uint8Array, file: string): void {
  checkMagic(bytes, file)
  try {
    verifyFooter(bytes)
  } catch (error) {
    if (error instanceof BenchError) throw new BenchError(`${file}: ${error.message}`, { cause: error })
    throw new BenchError(`${file}: is a damaged Arrow file (${messageOf(error)}); write it again`, { cause: error })
  }
}

function checkMagic(bytes: Uint8Array, file: string): void {
  const text = (from: number, to: number): string => String.fromCodePoint(...bytes.slice(from, to))
  const head = text(0, 6)
  if (head !== MAGIC.slice(0, bytes.length)) {
    let what = 'is not an Arrow file'
    if (head.startsWith('PAR1')) what = 'is a Parquet file, not an Arrow IPC file'
    else if (head.startsWith('\u{FF}\u{FF}\u{FF}\u{FF}')) what = 'is an Arrow stream, not an Arrow IPC file'
    throw new BenchError(`${file}: ${what}; give a table that Rungbench, pyarrow or polars wrote as an IPC file`)
  }
  // magic, padding, at least a footer's root, its length, magic
  if (bytes.length < 8 + 8 + 4 + 6 || text(bytes.length - 6, bytes.length) !== MAGIC)
    throw new BenchError(
      `${file}: is cut off after ${bytes.length} bytes, the end of an Arrow file is missing; copy it again`,
    )
}

function verifyFooter(bytes: Uint8Array): void {
  const end = bytes.length - 10
  const length = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getInt32(0, true)
  const start = end - length
  must(length > 0 && start >= 8, 'the footer lies outside the file')
  const footer = FlatTable.root(bytes.subarray(start, end))
  const schema = footer.table(1)
  must(schema !== undefined, 'the schema is missing')
  verifySchema(schema!)
  for (const [field, type] of [
    [2, DICTIONARY_BATCH],
    [3, RECORD_BATCH],
  ] as const) {
    const blocks = footer.vector(field, BLOCK_BYTES)
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks.start + i * BLOCK_BYTES
      verifyBlock(bytes.subarray(0, start), type, {
        offset: footer.int64(block),
        metadata: footer.view.getInt32(block + 8, true),
        body: footer.int64(block + 16),
      })
    }
  }
}

function verifySchema(schema: FlatTable): void {
  let budget = MOST_FIELDS
  const keyValues = (table: FlatTable, field: number): void => {
    for (const pair of table.tables(field)) {
      must(--budget > 0, 'the schema has too many entries')
      pair.string(0)
      pair.string(1)
    }
  }
  const fields = (table: FlatTable, field: number, depth: number): void => {
    must(depth <= DEEPEST_FIELD, 'types are nested too deeply')
    for (const child of table.tables(field)) {
      must(--budget > 0, 'the schema has too many columns')
      child.string(0)
      child.table(3)
      child.table(4)?.table(1)
      fields(child, 5, depth + 1)
      keyValues(child, 6)
    }
  }
  must(schema.view.getUint16(schema.field(0) ?? 0, true) === 0 || schema.field(0) === undefined, 'it is big-endian')
  fields(schema, 1, 1)
  keyValues(schema, 2)
}

interface Block {
  readonly offset: number
  readonly metadata: number
  readonly body: number
}

/** @param bytes the file up to its footer */
function verifyBlock(bytes: Uint8Array, type: number, { offset, metadata, body }: Block): void {
  must(offset >= 8 && offset % 8 === 0, 'a batch is misplaced')
  must(metadata >= 8 && body >= 0 && offset + metadata + body <= bytes.length, 'a batch lies outside the file')
  const prefix = new DataView(bytes.buffer, bytes.byteOffset + offset, 8)
  const long = prefix.getInt32(0, true) === -1
  const start = offset + (long ? 8 : 4)
  const length = prefix.getInt32(long ? 4 : 0, true)
  must(length > 0 && start + length <= offset + metadata, 'the header of a batch lies outside the batch')
  // The library finds the body after the header, not where the footer says.
  must(start + length === offset + metadata, 'the header of a batch has a length that the footer contradicts')
  const message = FlatTable.root(bytes.subarray(start, start + length))
  const kind = message.field(1)
  must(kind !== undefined && message.view.getUint8(kind) === type, 'a batch has the wrong kind')
  const bodyField = message.field(3)
  const stated = bodyField === undefined ? 0 : message.int64(bodyField)
  must(stated >= 0 && stated <= body, 'a batch is longer than the footer says')
  const header = message.table(2)
  const batch = type === DICTIONARY_BATCH ? header?.table(1) : header
  must(batch !== undefined, 'a batch has no header')
  verifyBatch(batch!, stated, bytes.length)
}

function verifyBatch(batch: FlatTable, body: number, size: number): void {
  if (batch.table(3) !== undefined)
    throw new BenchError('is compressed; write it again without compression, so that it can be used without a copy')
  const rows = batch.field(0)
  must(rows === undefined || plausible(batch.int64(rows), size), 'a batch announces more rows than the file can hold')
  const nodes = batch.vector(1, NODE_BYTES)
  for (let at = nodes.start; at < nodes.end; at += NODE_BYTES) {
    const length = batch.int64(at)
    const nulls = batch.int64(at + 8)
    must(plausible(length, size), 'a column announces more values than the file can hold')
    must(nulls >= 0 && nulls <= length, 'a column announces more nulls than values')
  }
  const buffers = batch.vector(2, NODE_BYTES)
  for (let at = buffers.start; at < buffers.end; at += NODE_BYTES) {
    const offset = batch.int64(at)
    const length = batch.int64(at + 8)
    must(offset >= 0 && length >= 0 && offset + length <= body, 'a buffer lies outside its batch')
    must(offset % 8 === 0 || length === 0, 'a buffer is not aligned to 8 bytes')
  }
  const variadic = batch.vector(4, 8)
  let total = 0
  for (let at = variadic.start; at < variadic.end; at += 8) {
    const count = batch.int64(at)
    must(count >= 0 && (total += count) <= buffers.length, 'a column announces more buffers than the batch has')
  }
}

/** A bit per value is the least that a column takes. */
function plausible(length: number, size: number): boolean {
  return length >= 0 && length <= 8 * size
}

function must(condition: boolean, rule: string): void {
  if (!condition) throw new Error(rule)
}

/** A FlatBuffers table; every read is inside `view` or throws. */
class FlatTable {
  readonly view: DataView
  readonly #at: number
  readonly #vtable: number
  readonly #vtableBytes: number

  private constructor(view: DataView, at: number) {
    this.view = view
    this.#at = at
    this.#vtable = at - view.getInt32(at, true)
    this.#vtableBytes = view.getUint16(this.#vtable, true)
    view.getUint8(this.#vtable + this.#vtableBytes - 1)
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return new FlatTable(view, forward(view, 0))
  }

  /** Where field `i` stands, or undefined where it has its default. */
  field(i: number): number | undefined {
    const slot = 4 + 2 * i
    if (slot + 2 > this.#vtableBytes) return undefined
    const offset = this.view.getUint16(this.#vtable + slot, true)
    return offset === 0 ? undefined : this.#at + offset
  }

  table(i: number): FlatTable | undefined {
    const at = this.field(i)
    return at === undefined ? undefined : new FlatTable(this.view, forward(this.view, at))
  }

  vector(i: number, bytesEach: number): { readonly length: number; readonly start: number; readonly end: number } {
    const at = this.field(i)
    if (at === undefined) return { length: 0, start: 0, end: 0 }
    const start = forward(this.view, at) + 4
    const length = this.view.getUint32(start - 4, true)
    const end = start + length * bytesEach
    must(end <= this.view.byteLength, 'a list is longer than the file')
    return { length, start, end }
  }

  *tables(i: number): Generator<FlatTable> {
    const { start, end } = this.vector(i, 4)
    for (let at = start; at < end; at += 4) yield new FlatTable(this.view, forward(this.view, at))
  }

  string(i: number): void {
    this.vector(i, 1)
  }

  int64(at: number): number {
    return Number(this.view.getBigInt64(at, true))
  }
}

/** Follows an offset; it must lead forward, so that no structure contains itself. */
function forward(view: DataView, at: number): number {
  const offset = view.getUint32(at, true)
  must(offset >= 4, 'an offset leads nowhere')
  return at + offset
}

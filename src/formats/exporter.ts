/** What writing a table in another format has in common. */
import { randomUUID } from 'node:crypto'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { BenchError, messageOf, show } from '../core/errors.js'
import { makeFolder } from '../files/make-folder.js'
import type { TableData } from '../surrogates/table-data.js'

/** What was written. */
export interface Exported {
  /** In the order of what a reader opens first. */
  readonly files: readonly string[]
  /** Trainings in it. */
  readonly trainings: number
  /** What the format has no place for, one sentence each. */
  readonly leftOut: readonly string[]
}

/** A format that tables are written in. */
export interface Exporter {
  /** What is written, in one line. */
  readonly summary: string
  /** What a path for it looks like, for messages. */
  readonly example: string
  /** @param out the file or folder to write, which must not exist. @throws BenchError */
  write(data: TableData, out: string): Promise<Exported>
}

/** What only other tables have: metrics of modelled types have no columns. @throws BenchError */
export function checkExportable({ metadata }: TableData): void {
  if (metadata.instances !== undefined)
    throw new BenchError(
      `the table ${show(metadata.name)} has modelled instance types, for which no rows stand; export the table that it was derived from`,
    )
}

/** Where the numbers come from, for who imports them again. A table that was not imported has no licence of its own. */
export function originOf({ metadata, checksum }: TableData): { readonly source: string; readonly licence?: string } {
  const { provenance, name } = metadata
  if (provenance.kind === 'imported') return { source: provenance.source, licence: provenance.licence }
  return { source: `the table ${name} (${provenance.kind}, sha256 ${checksum})` }
}

/** The seconds per level where a table's times are a rule. */
export function ruleOf({ metadata }: TableData): number | undefined {
  const origin = metadata.columnProvenance?.['elapsed_time']
  const rule = origin?.kind === 'modelled' ? /^(\S+) seconds per level$/u.exec(origin.rule)?.[1] : undefined
  return rule === undefined ? undefined : Number(rule)
}

/** @throws BenchError if there is something already */
export function checkNew(path: string): void {
  if (existsSync(path)) throw new BenchError(`${path}: exists already; remove it or write to another path`)
}

/**
 * Writes a file or folder that is there in full or not at all.
 *
 * @param write writes to another path beside it
 * @throws BenchError if it exists already or cannot be written
 */
export async function writeNew(out: string, write: (path: string) => void | Promise<void>): Promise<void> {
  checkNew(out)
  const temporary = `${out}.${randomUUID().slice(0, 8)}.tmp`
  makeFolder(dirname(out), 'give another --out')
  try {
    await write(temporary)
    renameSync(temporary, out)
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true })
    if (error instanceof BenchError) throw error
    throw new BenchError(`${out}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

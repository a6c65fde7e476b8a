/** The recorded trainings that a simulated run replayed, and how far. */
import { RandomStreams } from '../../core/random.js'
import type { RunDirectory } from '../../store/run-directory.js'
import { EVENT_KINDS, isReport } from '../../store/run-log.js'
import type { Stratum } from '../../store/verification.js'
import { allocate, drawn, inTurn } from './stratified.js'

/** Rows of a table by the highest level that a trial reached with them. */
export type ReachedRows = ReadonlyMap<number, number>

/** What a run directory replayed of one table. */
export interface Population {
  readonly table: string
  readonly reached: ReachedRows
  /** Levels at which trials were stopped or paused, and the maximum; ascending. */
  readonly rungs: readonly number[]
  /** Rows that runs ended with: of their incumbents. */
  readonly incumbents: ReadonlySet<number>
}

const ENDING: ReadonlySet<string> = new Set(['stop', 'pause'])

/** Reads all events of a run directory once. O(events) */
export function populations(directory: RunDirectory): Population[] {
  const { manifest, set } = directory
  const found = new Map(
    manifest.tables.map(({ name, about }) => [
      name,
      { reached: new Map<number, number>(), rungs: new Set([about?.levels ?? 0]), incumbents: new Set<number>() },
    ]),
  )
  for (const summary of set.runs) {
    const { batch, configs, run } = directory.events(summary)
    const { events } = batch
    const of = found.get(summary.table)!
    if (summary.best !== undefined && summary.best.row >= 0) of.incumbents.add(summary.best.row)
    const firstTrial = configs.offsets[run]!
    for (let i = events.offsets[run]!; i < events.offsets[run + 1]!; i++) {
      const kind = events.kind[i]!
      if (!isReport(kind)) continue
      const row = configs.rows[firstTrial + events.trial[i]!]!
      const level = events.resource[i]!
      if (row >= 0 && level > (of.reached.get(row) ?? 0)) of.reached.set(row, level)
      if (ENDING.has(EVENT_KINDS[kind]!)) of.rungs.add(level)
    }
  }
  return Array.from(found, ([table, { reached, rungs, incumbents }]) => ({
    table,
    reached,
    rungs: [...rungs].filter((level) => level > 0).sort((a, b) => a - b),
    incumbents,
  }))
}

/** A recorded training to be made again, up to a level. */
export interface Chosen {
  readonly table: string
  readonly row: number
  readonly until: number
  /** The highest rung that it reached in the simulation; 0: none. */
  readonly stratum: number
  readonly chosen: 'sample' | 'incumbent'
}

/**
 * Draws trainings, stratified over tables and the highest rung reached, and adds those that runs ended with if these are
 * wanted. They stand in turn, a stratum after another, so that stopping early favours none.
 */
export function chooseTrainings(
  all: readonly Population[],
  options: { readonly trials: number; readonly incumbents: boolean; readonly seed: number },
): { readonly strata: Stratum[]; readonly chosen: Chosen[] } {
  const stratumOf = ({ rungs }: Population, level: number): number => rungs.findLast((rung) => rung <= level) ?? 0
  const groups = all.flatMap((of) =>
    [0, ...of.rungs].map((level) => ({
      of,
      level,
      rows: Array.from(of.reached)
        .flatMap(([row, until]) => (stratumOf(of, until) === level ? [row] : []))
        .sort((a, b) => a - b),
    })),
  )
  const counts = allocate(
    groups.map(({ rows }) => rows.length),
    options.trials,
  )
  // A stream per stratum: a larger sample holds the smaller one.
  const random = new RandomStreams(options.seed)
  const chosenOf = (of: Population, row: number, chosen: Chosen['chosen']): Chosen => {
    const until = of.reached.get(row)!
    return { table: of.table, row, until, stratum: stratumOf(of, until), chosen }
  }
  const lists = groups.map(({ of, level, rows }, i) =>
    drawn(rows, counts[i]!, random.stream(`verify/${of.table}/${level}`)).map((row) => chosenOf(of, row, 'sample')),
  )
  const sample = inTurn(lists)
  const taken = new Set(sample.map(({ table, row }) => `${table} ${row}`))
  const extra = options.incumbents
    ? inTurn(
        all.map((of) =>
          [...of.incumbents]
            .filter((row) => !taken.has(`${of.table} ${row}`))
            .sort((a, b) => a - b)
            .map((row) => chosenOf(of, row, 'incumbent')),
        ),
      )
    : []
  return {
    strata: groups.flatMap(({ of: { table }, level, rows }, i) =>
      rows.length === 0 ? [] : [{ table, level, trainings: rows.length, drawn: counts[i]! }],
    ),
    chosen: [...sample, ...extra],
  }
}

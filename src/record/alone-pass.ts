/**
 * Times of trainings that shared a device are those of a busy device. A second pass runs each configuration once more with
 * the device to itself, and only its first levels where time is short; this file is the rule by which a table's times come
 * from that pass.
 */
import { TIME_UNITS } from '../surrogates/time-units.js'
import { median } from './median.js'
import type { AloneTraining, RecordedTraining } from './record-journal.js'
import type { Recording } from './recording.js'

/** With fewer configurations measured both ways nothing is said about the others. */
export const FEWEST_RATIOS = 5

/** The times of one training. */
export interface RowTimes {
  /** Seconds up to each of its levels. */
  readonly elapsed: readonly number[]
  readonly startup: number
  readonly statics: Readonly<Record<string, number>>
}

/** What a pass alone says about a table. */
export interface AloneTimes {
  readonly of: (training: RecordedTraining) => RowTimes
  /** How many rows have their times from where. */
  readonly rows: { readonly own: number; readonly measured: number; readonly scaled: number }
  /** By column, how its numbers came about. */
  readonly rules: Readonly<Record<string, string>>
}

interface Parts {
  readonly recording: Recording
  readonly alone: readonly AloneTraining[]
  readonly finished: ReadonlyMap<number, RecordedTraining>
}

/**
 * The times of a table whose rows had the device to themselves. Of each row:
 *
 * - its configuration was measured alone for K levels: those, and past K the pace between levels 1 and K (the first level's
 *   seconds where K is 1), whatever its repetition, and whether it shared its device or not: the recorder knows its own
 *   trainings only, and who runs such a pass knows what else used the machine;
 * - else it had the device to itself when it was recorded: its own;
 * - else its own, divided by the median slowdown: recorded over alone, of the configurations that were measured both ways.
 *
 * Start-up and static metrics in a unit of time follow the same rule. Undefined if there was no such pass, or if rows need a slowdown that rests on fewer than {@link FEWEST_RATIOS} configurations: a table that mixed
 * times of a busy and of a free device could not be replayed.
 */
export function aloneTimes({ recording, alone, finished }: Parts): AloneTimes | undefined {
  const measured = longest(alone)
  const rows = [...finished.values()]
  const shared = rows.filter((row) => row.shared > 0)
  const scaled = shared.filter((row) => !measured.has(row.configuration))
  if (measured.size === 0) return undefined
  const pairs = shared.flatMap((row) => {
    const pass = measured.get(row.configuration)
    return pass !== undefined && row.repetition === pass.repetition && row.reached > 0 ? [{ row, pass }] : []
  })
  if (scaled.length > 0 && pairs.length < FEWEST_RATIOS) return undefined
  const statics = Object.entries(recording.metrics).flatMap(([name, { kind, unit }]) =>
    kind === 'static' && TIME_UNITS.has(unit) ? [name] : [],
  )
  const elapsedRatios = pairs.map(({ row, pass }) => {
    const level = Math.min(row.reached, pass.elapsed.length) - 1
    return row.elapsed[level]! / pass.elapsed[level]!
  })
  const startupRatios = usable(pairs.map(({ row, pass }) => row.startup / pass.startup))
  const staticRatios = Object.fromEntries(
    statics.map((name) => [name, usable(pairs.map(({ row, pass }) => row.statics[name]! / pass.statics[name]!))]),
  )
  const of = (row: RecordedTraining): RowTimes => {
    const pass = measured.get(row.configuration)
    if (pass === undefined && row.shared === 0) return row
    if (pass === undefined) {
      const slowdown = median(elapsedRatios)
      return {
        elapsed: row.elapsed.map((seconds) => seconds / slowdown),
        startup: row.startup / medianOr1(startupRatios),
        statics: withTimes(row, statics, (name) => row.statics[name]! / medianOr1(staticRatios[name]!)),
      }
    }
    return {
      elapsed: row.elapsed.map((_, level) => secondsAt(pass.elapsed, level)),
      startup: pass.startup,
      statics: withTimes(row, statics, (name) => pass.statics[name] ?? row.statics[name]!),
    }
  }
  const known = rows.filter((row) => measured.has(row.configuration)).length
  const counts = { own: rows.length - known - scaled.length, measured: known, scaled: scaled.length }
  const rule = (ratios: readonly number[], more = ''): string => describe(counts, ratios, more)
  const levels = Math.min(...Array.from(measured.values(), ({ elapsed }) => elapsed.length))
  const more =
    levels < recording.resource.levels ? `, past ${recording.resource.name} ${levels} at the pace until then` : ''
  return {
    of,
    rows: counts,
    rules: {
      elapsed_time: rule(elapsedRatios, more),
      startup_time: rule(startupRatios),
      ...Object.fromEntries(statics.map((name) => [name, rule(staticRatios[name]!)])),
    },
  }
}

/** By configuration: the pass that measured most levels, the last of those that measured as many. */
function longest(alone: readonly AloneTraining[]): ReadonlyMap<number, AloneTraining> {
  const found = new Map<number, AloneTraining>()
  for (const pass of alone)
    if (pass.ended === 'completed' && pass.elapsed.length >= (found.get(pass.configuration)?.elapsed.length ?? 1))
      found.set(pass.configuration, pass)
  return found
}

/** Seconds up to a level (from 0), measured or continued at the pace so far without the first level, which warms up. */
function secondsAt(measured: readonly number[], level: number): number {
  const last = measured.length - 1
  if (level <= last) return measured[level]!
  const pace = last === 0 ? measured[0]! : (measured[last]! - measured[0]!) / last
  return measured[last]! + (level - last) * pace
}

function withTimes(
  { statics }: RecordedTraining,
  names: readonly string[],
  time: (name: string) => number,
): Record<string, number> {
  return { ...statics, ...Object.fromEntries(names.map((name) => [name, time(name)])) }
}

function usable(ratios: readonly number[]): number[] {
  return ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio))
}

function medianOr1(ratios: readonly number[]): number {
  return ratios.length === 0 ? 1 : median(ratios)
}

function describe(rows: AloneTimes['rows'], ratios: readonly number[], more: string): string {
  const texts: string[] = []
  if (rows.measured > 0)
    texts.push(
      `${rows.measured} rows: measured with the device to itself on repetition 0 of their configuration${more}`,
    )
  if (rows.own > 0) texts.push(`${rows.own} rows: as recorded, which had the device to themselves`)
  if (rows.scaled > 0) {
    const range = ratios.length === 0 ? '' : ` (from ${short(Math.min(...ratios))} to ${short(Math.max(...ratios))})`
    texts.push(
      `${rows.scaled} rows: as recorded beside others, divided by ${short(medianOr1(ratios))}, the median slowdown of ` +
        `${ratios.length} configurations measured both ways${range}`,
    )
  }
  return texts.join('; ')
}

function short(ratio: number): string {
  return String(Number(ratio.toPrecision(4)))
}

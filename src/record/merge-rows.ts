/** Which rows of several tables make one table: a training that is in two of them counts once. */
import { BenchError, show } from '../core/errors.js'
import { configKey } from '../core/space.js'
import { ENDED } from '../surrogates/table-data.js'
import { SurrogateTable } from '../surrogates/table.js'
import { TIME_UNITS } from '../surrogates/time-units.js'
import type { MergePart } from './merge-metadata.js'

/**
 * What happens where two tables have different metrics for one repetition of a configuration: `refuse` them, keep the
 * row of the `first` table, or `renumber`: keep both, as repetitions of their own.
 */
export type Conflicts = 'refuse' | 'first' | 'renumber'

/** One row of the whole table. */
export interface Pick {
  /** Position of the table among the parts, and the row in it. */
  readonly part: number
  readonly row: number
  readonly repetition: number
}

export interface UnitedRows {
  readonly picks: readonly Pick[]
  /** How many rows were left out because an earlier table has the same training. */
  readonly duplicates: number
  /** How many were left out though their metrics differ (`first`). */
  readonly passedOver: number
  /** How many have another repetition than in their table (`renumber`). */
  readonly renumbered: number
}

/**
 * The rows of all parts: those of the first, then what each further one adds, by configuration and repetition.
 *
 * Two rows are the same training if they have the same configuration and repetition, ended alike after as many levels,
 * and are equal to the last bit in every metric that is no time: times of a training never come out equal. With `renumber`
 * the repetition does not count, so that a training that is in two tables under different numbers is still kept once.
 *
 * @throws BenchError that names the first difference
 */
export function uniteRows(parts: readonly MergePart[], conflicts: Conflicts): UnitedRows {
  const picks: Pick[] = []
  /** By configuration, the positions of its rows in `picks`. */
  const known = new Map<string, number[]>()
  let [duplicates, passedOver, renumbered] = [0, 0, 0]
  for (const [part, { table }] of parts.entries()) {
    const view = new SurrogateTable(table)
    /** Rows of earlier parts that a row of this one was found equal to. */
    const met = new Set<number>()
    for (let i = 0; i < view.configurations; i++) {
      const key = configKey(view.configuration(i))
      const rows = known.get(key) ?? []
      known.set(key, rows)
      const earlier = [...rows]
      for (let at = view.rowStart[i]!; at < view.rowStart[i + 1]!; at++) {
        const row = view.rowOrder[at]!
        const repetition = table.repetition[row]!
        const candidates = earlier.filter(
          (pick) => !met.has(pick) && (conflicts === 'renumber' || picks[pick]!.repetition === repetition),
        )
        const same = candidates.find((pick) => differenceOf(parts, picks[pick]!, { part, row }) === undefined)
        if (same !== undefined) {
          met.add(same)
          duplicates++
        } else if (candidates.length > 0 && conflicts === 'first') passedOver++
        else if (candidates.length > 0 && conflicts === 'refuse')
          throw disagreement(parts, picks[candidates[0]!]!, { part, row }, key)
        else {
          const number = conflicts === 'renumber' ? rows.length : repetition
          if (number !== repetition) renumbered++
          rows.push(picks.length)
          picks.push({ part, row, repetition: number })
        }
      }
    }
  }
  return { picks, duplicates, passedOver, renumbered }
}

type Place = Omit<Pick, 'repetition'>

/** In words in what two rows differ first, or undefined: by how they ended, then by level, then static metrics. */
function differenceOf(parts: readonly MergePart[], a: Place, b: Place): string | undefined {
  const [one, two] = [parts[a.part]!.table, parts[b.part]!.table]
  const { levels, metadata } = one
  const reached = one.reached[a.row]!
  const ends = [ENDED[one.ended[a.row]!]!, ENDED[two.ended[b.row]!]!]
  if (ends[0] !== ends[1]) return `it is ${ends[0]} in the first and ${ends[1]} in the second`
  if (two.reached[b.row] !== reached)
    return `it has ${reached} ${metadata.resource.name}s in the first and ${two.reached[b.row]} in the second`
  const compared = Object.entries(metadata.metrics).filter(([, { unit }]) => !TIME_UNITS.has(unit))
  const differs = (x: number, y: number): boolean => !Object.is(x + 0, y + 0)
  for (let level = 1; level <= reached; level++)
    for (const [name, { kind }] of compared) {
      if (kind !== 'curve') continue
      const [x, y] = [one.curves[name]![a.row * levels + level - 1]!, two.curves[name]![b.row * levels + level - 1]!]
      if (differs(x, y))
        return `${show(name)} at ${metadata.resource.name} ${level} is ${x} in the first and ${y} in the second`
    }
  for (const [name, { kind }] of compared) {
    if (kind !== 'static') continue
    const [x, y] = [one.statics[name]![a.row]!, two.statics[name]![b.row]!]
    if (differs(x, y)) return `${show(name)} is ${x} in the first and ${y} in the second`
  }
  return undefined
}

function disagreement(parts: readonly MergePart[], a: Pick, b: Place, key: string): BenchError {
  const config = Object.fromEntries(JSON.parse(key) as [string, unknown][])
  return new BenchError(
    `${parts[a.part]!.name} and ${parts[b.part]!.name} disagree on repetition ${a.repetition} of ${show(config)}: ` +
      `${differenceOf(parts, a, b)!}; keep the first's rows with --prefer first, or both with --renumber if they were ` +
      'trained with different seeds',
  )
}

/** What a run is about to do, as its manifest and the header of its journal say it. */
import type { Objective, ObjectiveRange } from '../../core/objective.js'
import { hyperbandBrackets, type BracketSizes } from '../../core/rungs/hyperband-brackets.js'
import { rungLevels } from '../../core/rungs/rung.js'
import type { StopRule } from '../../core/stop-rule.js'
import type { JournalLine } from '../../store/journal.js'
import type { ManifestCell } from '../../store/manifest.js'

export interface LiveSetup {
  readonly objectives: readonly Objective[]
  readonly ranges: readonly ObjectiveRange[] | undefined
  /** What the numbers of a report are, in their order. */
  readonly values: readonly string[]
  /** Of one level, e.g. `epoch`. */
  readonly resource: string
  readonly maxResource: number
  /** The rungs that the scheduler's options imply, ascending, below the maximum; empty where that is not known. */
  readonly rungs: readonly number[]
  /** With full evaluations resolved to seconds. */
  readonly stop: StopRule
  readonly workers: number
  /** US dollars per worker and hour; undefined where it is not known. */
  readonly pricePerHour: number | undefined
}

/** @returns undefined if the header is not that of a run's journal */
export function liveSetup(cell: ManifestCell, header: JournalLine): LiveSetup | undefined {
  const { values, resource, pricePerHour } = header
  if (header['journal'] !== 'rungbench-run' || !Array.isArray(values)) return undefined
  const { name, levels } = (resource ?? {}) as { readonly name?: unknown; readonly levels?: unknown }
  if (typeof name !== 'string' || typeof levels !== 'number') return undefined
  return {
    objectives: cell.objectives,
    ranges: cell.ranges,
    values: values.map((name) => (typeof name === 'string' ? name : '')),
    resource: name,
    maxResource: levels,
    rungs: announcedRungs(cell.scheduler, levels),
    stop: { ...cell.budget, ...(cell.seconds !== undefined && { seconds: cell.seconds }) },
    workers: cell.workers,
    pricePerHour: typeof pricePerHour === 'number' ? pricePerHour : undefined,
  }
}

const SYNCHRONOUS = ['successive-halving', 'hyperband', 'dehb']

/**
 * The levels below the maximum at which a scheduler judges, ascending, read off its options; those of the scheduler
 * inside it where it has one. Empty where it has no rungs, or nothing is known of it.
 */
export function announcedRungs({ type, options }: ManifestCell['scheduler'], maxResource: number): readonly number[] {
  const { gracePeriod, reductionFactor, sizes, scheduler } = options
  if (typeof scheduler === 'object' && scheduler !== null) {
    const { type: inner, ...rest } = scheduler as { readonly type?: unknown }
    return announcedRungs({ type: String(inner), options: rest }, maxResource)
  }
  if (typeof gracePeriod !== 'number' || typeof reductionFactor !== 'number') return []
  try {
    if (!SYNCHRONOUS.includes(type)) return rungLevels(gracePeriod, reductionFactor, maxResource)
    const brackets = hyperbandBrackets(sizes as BracketSizes, gracePeriod, reductionFactor, maxResource)
    const levels = new Set(brackets.flatMap((rungs) => rungs.map(({ level }) => level)))
    return [...levels].filter((level) => level < maxResource).toSorted((a, b) => a - b)
  } catch {
    // A scheduler of somebody's own may mean something else by these names.
    return []
  }
}

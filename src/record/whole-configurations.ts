/** Which configurations of a recording are recorded with all their repetitions: what a partial table consists of. */
import type { Plan } from './plan.js'
import type { RecordedTraining } from './record-journal.js'

/** The trainings of whole configurations, and what is missing. */
export interface Whole {
  readonly finished: ReadonlyMap<number, RecordedTraining>
  readonly configurations: number
  /** Configurations that lack trainings. */
  readonly missing: number
  /** Finished trainings that are left out, as others of their configuration are missing. */
  readonly leftOut: number
  /** Whether the default configuration, which comparisons need, is whole. */
  readonly hasDefault: boolean
}

/** Leaves out configurations that lack repetitions: they would be known less well than all others without saying so. */
export function wholeConfigurations(plan: Plan, finished: ReadonlyMap<number, RecordedTraining>): Whole {
  const lacking = new Set(plan.trainings.filter(({ index }) => !finished.has(index)).map((each) => each.configuration))
  const kept = new Map(Array.from(finished).filter(([index]) => !lacking.has(plan.trainings[index]!.configuration)))
  return {
    finished: kept,
    configurations: plan.configurations.length - lacking.size,
    missing: lacking.size,
    leftOut: finished.size - kept.size,
    hasDefault: !lacking.has(0),
  }
}

/** What a partial table lacks, in one line; undefined if it lacks nothing. */
export function describeMissing(whole: Whole): string | undefined {
  if (whole.missing === 0) return undefined
  const { configurations, missing, leftOut, hasDefault } = whole
  return (
    `${configurations} of ${configurations + missing} configurations are whole; ${leftOut} trainings of others are left out` +
    (hasDefault ? '' : '; the default configuration is not among them, so nothing can be compared with it')
  )
}

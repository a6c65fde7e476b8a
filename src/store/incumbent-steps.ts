/** When the incumbents of runs changed, and to what: all that curves over time need, a few numbers a run. */
import { type Objective, comparable, toLoss } from '../core/objective.js'
import { type EventColumns, isReport } from './run-log.js'

/** The changes of one or more runs after one another. Run i holds steps offsets[i] .. offsets[i+1]-1. */
export interface IncumbentSteps {
  readonly offsets: Uint32Array
  /** (steps) seconds since the run began, ascending within a run */
  readonly time: Float64Array
  /** (steps) the reported (test) value of the incumbent from then on; NaN where it is not finite */
  readonly value: Float64Array
}

/** A run that improves more often than this keeps the last change within each of so many equal spans of its time. */
export const MOST_STEPS = 1000

/**
 * Reads the incumbents of every run off its events: the first report with the least loss of the first objective so far.
 * O(events).
 *
 * @param metrics the recorded metrics, in the order of the columns' values
 */
export function incumbentSteps(
  columns: EventColumns,
  { metric, report, goal, accumulates }: Objective,
  metrics: readonly string[],
): IncumbentSteps {
  const validation = columns.values[metrics.indexOf(metric)]!
  const test = columns.values[metrics.indexOf(report)]!
  const offsets = [0]
  const kept: number[] = []
  for (let run = 0; run + 1 < columns.offsets.length; run++) {
    const found: number[] = []
    let best = Infinity
    for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
      if (!isReport(columns.kind[i]!)) continue
      // The order of projections is that of values per level, whatever the maximum.
      const loss = toLoss(comparable(validation[i]!, columns.resource[i]!, accumulates, 1), goal)
      if (loss < best) {
        best = loss
        found.push(i)
      }
    }
    for (const at of thinned(found, columns.time)) kept.push(at)
    offsets.push(kept.length)
  }
  return {
    offsets: Uint32Array.from(offsets),
    time: Float64Array.from(kept, (at) => columns.time[at]!),
    value: Float64Array.from(kept, (at) => (Number.isFinite(test[at]!) ? test[at]! : Number.NaN)),
  }
}

function thinned(found: readonly number[], time: Float64Array): readonly number[] {
  if (found.length <= MOST_STEPS) return found
  const span = time[found.at(-1)!]! / MOST_STEPS
  const spanOf = (at: number): number => Math.min(MOST_STEPS - 1, Math.floor(time[at]! / span))
  return found.filter((at, i) => i + 1 === found.length || spanOf(found[i + 1]!) !== spanOf(at))
}

/** Puts the steps of several lists of runs after one another. */
export function joinSteps(parts: readonly IncumbentSteps[]): IncumbentSteps {
  const steps = parts.reduce((sum, { time }) => sum + time.length, 0)
  const runs = parts.reduce((sum, { offsets }) => sum + offsets.length - 1, 0)
  const joined = {
    offsets: new Uint32Array(runs + 1),
    time: new Float64Array(steps),
    value: new Float64Array(steps),
  }
  let run = 0
  let at = 0
  for (const { offsets, time, value } of parts) {
    for (let i = 1; i < offsets.length; i++) joined.offsets[++run] = at + offsets[i]!
    joined.time.set(time, at)
    joined.value.set(value, at)
    at += time.length
  }
  return joined
}

/** The steps of runs from several lists, one after another. */
export function pickSteps(runs: readonly { readonly steps: IncumbentSteps; readonly run: number }[]): IncumbentSteps {
  return joinSteps(
    runs.map(({ steps: { offsets, time, value }, run }) => {
      const [from, to] = [offsets[run]!, offsets[run + 1]!]
      return { offsets: Uint32Array.of(0, to - from), time: time.subarray(from, to), value: value.subarray(from, to) }
    }),
  )
}

/** What a run with several objectives came to: its Pareto set, and hypervolume over time. */
import { hypervolume } from '../core/pareto/hypervolume.js'
import { comparable, toLoss } from '../core/objective.js'
import { paretoFront } from '../core/pareto/pareto.js'
import { scaledLoss } from '../core/pareto/scaling.js'
import type { Config } from '../core/space.js'
import { type EventColumns, isReport } from '../store/run-log.js'
import { CURVE_POINTS, type ParetoMember, type ParetoSummary } from '../store/run-set.js'
import type { Cell } from './cell.js'

/**
 * The Pareto set of a run and its hypervolume, at the end and over time.
 *
 * At time T a trial stands for its last report at a time <= T (what a user would be handed: the model as trained so
 * far); one whose last report holds a steering value that is not finite stands for nothing. The Pareto set are the
 * trials that no other one dominates in the steering (validation) metrics, equal ones included. Hypervolume is measured
 * on that set, in losses between 0 (the table's ideal) and 1 (its nadir, the reference), so that it lies in [0, 1] and
 * adding a method changes no other method's number:
 *
 * - `reported`: at the reported (test) metrics of the set, which steer nothing. Selection by validation can pick trials
 *   that are worse at test, so it can fall; a member that is worse than the nadir or not finite at test adds nothing.
 * - `steering`: at the metrics that it was selected by, each scaled by its own range. A trial's earlier level is replaced
 *   by its last, also where that is worse, so this can fall as well.
 *
 * Over time: both at {@link CURVE_POINTS} equally spaced times of the budget, O(trials log trials) each for two
 * objectives; a run that ends before its budget holds what it had.
 *
 * @param configs by trial
 * @param rows by trial, the row of the table behind it; undefined where there is none
 * @returns undefined without ranges: with one objective, or more than hypervolume is computed for
 */
export function paretoSummary(
  columns: EventColumns,
  run: number,
  cell: Cell,
  configs: readonly Config[],
  rows: Int32Array | undefined,
): ParetoSummary | undefined {
  if (cell.ranges === undefined) return undefined
  const measure = new FrontMeasure(columns, cell, cell.ranges)
  const last = new Int32Array(configs.length).fill(-1)
  const times = curveTimes(cell.stop.seconds)
  const reported: number[] = []
  const steering: number[] = []
  /** Measures at the times of the curve that lie before the given one. */
  const measureUntil = (time: number): void => {
    while (reported.length < times.length && times[reported.length]! < time) {
      const front = measure.front(last)
      reported.push(measure.reported(front))
      steering.push(measure.steering(front))
    }
  }
  for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
    if (!isReport(columns.kind[i]!)) continue
    measureUntil(columns.time[i]!)
    last[columns.trial[i]!] = i
    measure.changed()
  }
  measureUntil(Infinity)
  const front = measure.front(last)
  const kept = times.length > 0
  return {
    reported: { final: measure.reported(front), ...(kept && { curve: reported }) },
    steering: { final: measure.steering(front), ...(kept && { curve: steering }) },
    set: front.map((at): ParetoMember => {
      const trial = columns.trial[at]!
      return {
        trial,
        config: configs[trial]!,
        resource: columns.resource[at]!,
        steering: measure.values(at, 'metric'),
        reported: measure.values(at, 'report').map((value) => (Number.isFinite(value) ? value : null)),
        row: rows?.[trial] ?? -1,
      }
    }),
  }
}

function curveTimes(seconds: number | undefined): number[] {
  if (seconds === undefined) return []
  return Array.from({ length: CURVE_POINTS }, (_, k) => seconds * ((k + 1) / CURVE_POINTS))
}

/** Measures fronts of reports, each given by its position in the columns; remembers the last until something changed. */
class FrontMeasure {
  readonly #columns: EventColumns
  readonly #cell: Cell
  readonly #ranges: NonNullable<Cell['ranges']>
  readonly #reference: readonly number[]
  #front: readonly number[] | undefined

  constructor(columns: EventColumns, cell: Cell, ranges: NonNullable<Cell['ranges']>) {
    this.#columns = columns
    this.#cell = cell
    this.#ranges = ranges
    this.#reference = ranges.map(() => 1)
  }

  changed(): void {
    this.#front = undefined
  }

  /** @param last by trial, the position of its last report or -1 */
  front(last: Int32Array): readonly number[] {
    if (this.#front !== undefined) return this.#front
    const standing: number[] = []
    const points: number[][] = []
    for (const at of last) {
      if (at < 0) continue
      const point = this.values(at, 'metric').map((value, j) => toLoss(value, this.#cell.objectives[j]!.goal))
      if (!point.every(Number.isFinite)) continue
      standing.push(at)
      points.push(point)
    }
    this.#front = paretoFront(points).map((i) => standing[i]!)
    return this.#front
  }

  reported(front: readonly number[]): number {
    return this.#volume(front, 'report', 'reported')
  }

  steering(front: readonly number[]): number {
    return this.#volume(front, 'metric', 'steering')
  }

  /** What a report holds for the objectives: as reported, or per level or projected where an objective accumulates. */
  values(at: number, which: 'metric' | 'report'): number[] {
    const { objectives, metrics, maxResource } = this.#cell
    const level = this.#columns.resource[at]!
    return objectives.map((objective) =>
      comparable(
        this.#columns.values[metrics.indexOf(objective[which])]![at]!,
        level,
        objective.accumulates,
        maxResource,
      ),
    )
  }

  #volume(front: readonly number[], which: 'metric' | 'report', range: 'steering' | 'reported'): number {
    const points = front.map((at) =>
      this.values(at, which).map((value, j) => scaledLoss(value, this.#ranges[j]![range])),
    )
    return hypervolume(points, this.#reference)
  }
}

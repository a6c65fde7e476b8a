/** Hand-made runs with two objectives. */
import type { HypervolumeSummary, ParetoSummary, RunSet } from '../../src/store/run-set.js'
import { CURVE_POINTS } from '../../src/store/run-set.js'
import type { Manifest } from '../../src/store/manifest.js'
import { type CellOptions, makeRuns } from './runs.js'

export interface FrontOptions {
  readonly method: string
  readonly table?: string
  /** Reported hypervolume at the end, by seed; undefined: there is no run. */
  readonly volumes: readonly (number | undefined)[]
  /** Row of the set's one member, by seed; default one each. */
  readonly rows?: readonly number[]
  /** Without a budget in seconds. */
  readonly counted?: boolean
}

const range = { ideal: 0, nadir: 1 }

/** Every run reaches its hypervolume in a straight line. */
export function makeFronts(cells: readonly FrontOptions[]): { manifest: Manifest; set: RunSet } {
  const { manifest, set } = makeRuns(
    cells.map(({ method, table = 'toy', volumes, counted }): CellOptions => ({
      method,
      table,
      values: volumes,
      ...(counted && { budget: { reports: 9 } }),
      objectives: [
        { metric: 'validation_error', goal: 'min', report: 'test_error' },
        { metric: 'latency_ms', goal: 'min', report: 'latency_ms' },
      ],
      ranges: [
        { steering: range, reported: range },
        { steering: range, reported: range },
      ],
    })),
  )
  const runs = set.runs.map((run) => {
    const { volumes, rows, counted } = cells[run.cell]!
    const final = volumes[run.seed]!
    const curve = Array.from({ length: CURVE_POINTS }, (_, k) => (final * (k + 1)) / CURVE_POINTS)
    const summary: HypervolumeSummary = counted ? { final } : { final, curve }
    const row = rows?.[run.seed] ?? 100 * run.cell + run.seed
    const member = {
      trial: 3,
      config: { lr: row },
      resource: 9,
      steering: [1 - final, 0.5],
      reported: [1 - final, 0.5],
      row,
    }
    const pareto: ParetoSummary = { reported: summary, steering: { ...summary, final: final + 0.01 }, set: [member] }
    return { ...run, pareto }
  })
  return { manifest, set: { ...set, runs } }
}

/** Hand-made manifests and run sets. */
import type { Manifest, ManifestCell } from '../../src/store/manifest.js'
import { type IncumbentSteps, joinSteps } from '../../src/store/incumbent-steps.js'
import type { RunSet, RunSummary } from '../../src/store/run-set.js'

export interface CellOptions extends Partial<ManifestCell> {
  /** The incumbents' test values by seed; null: the run reported nothing finite, undefined: there is no run. */
  readonly values: readonly (number | null | undefined)[]
  /** Rows of the incumbents; default one each. */
  readonly rows?: readonly number[]
  readonly runs?: Partial<RunSummary>
}

/** Two changes a run: at a quarter of its time to twice the value that it ends with, at half of it to that. */
function stepsOf(runs: readonly RunSummary[]): IncumbentSteps {
  return joinSteps(
    runs.map(({ best, simulatedSeconds }) => ({
      offsets: Uint32Array.of(0, best === undefined ? 0 : 2),
      time: Float64Array.from(best === undefined ? [] : [simulatedSeconds / 4, simulatedSeconds / 2]),
      value: Float64Array.from(best === undefined ? [] : [2 * best.test, best.test]),
    })),
  )
}

/** A manifest and the runs of its cells; seeds count from 0. */
export function makeRuns(
  cells: readonly CellOptions[],
  options: { readonly manifest?: Partial<Manifest>; readonly set?: Partial<RunSet> } = {},
): { manifest: Manifest; set: RunSet } {
  const seeds = Math.max(...cells.map(({ values }) => values.length))
  const manifestCells = cells.map(({ values: _values, rows: _rows, runs: _runs, ...cell }): ManifestCell => ({
    table: 'toy',
    method: 'default',
    scheduler: { type: 'fifo', options: {} },
    searcher: { type: 'random', options: {} },
    workers: 1,
    budget: { fullEvaluations: 13 },
    seconds: 363,
    objectives: [{ metric: 'validation_error', goal: 'min', report: 'test_error' }],
    metrics: ['validation_error', 'test_error'],
    fixed: {},
    fullSeconds: 28,
    drawable: 600,
    ...cell,
  }))
  const runs = cells.flatMap(({ values, rows, runs: more }, c) =>
    values.flatMap((value, seed): RunSummary[] => {
      if (value === undefined) return []
      const { table, method, workers } = manifestCells[c]!
      const best = {
        trial: 0,
        config: { lr: 0.1 },
        resource: 27,
        validation: value ?? 0,
        test: value ?? 0,
        row: rows?.[seed] ?? 100 * c + seed,
      }
      return [
        {
          cell: c,
          table,
          method,
          seed,
          workers,
          trials: 41,
          reports: 351,
          simulatedSeconds: 363,
          busySeconds: 363,
          fullEvaluations: 13,
          reason: 'seconds',
          failures: 0,
          inFlight: { trials: 1, seconds: 2.5 },
          ...(value !== null && { best }),
          digest: `${c}${seed}`,
          ...more,
        },
      ]
    }),
  )
  const tables = [...new Set(manifestCells.map(({ table }) => table))]
  return {
    manifest: {
      formatVersion: 1,
      experiment: 'asha-vs-default',
      question: 'Does ASHA find a better configuration than the default one within the same budget?',
      baseline: 'default',
      backend: 'simulated',
      cells: manifestCells,
      seeds: Array.from({ length: seeds }, (_, seed) => seed),
      simulation: {},
      tables: tables.map((name) => ({ name, sha256: 'ab'.repeat(32), provenance: 'recorded' })),
      versions: { rungbench: '0.1.0', node: '20.20.2' },
      key: 'cd'.repeat(32),
      ...options.manifest,
    },
    set: {
      runs,
      details: {
        incumbents: stepsOf(runs),
        rowsUsed: Object.fromEntries(tables.map((name) => [name, 25])),
      },
      failures: [],
      digest: '0123456789abcdef'.repeat(4),
      simulatedSeconds: runs.reduce((sum, run) => sum + run.simulatedSeconds, 0),
      reports: runs.reduce((sum, run) => sum + run.reports, 0),
      ...options.set,
    },
  }
}

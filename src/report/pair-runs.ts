/** Two run directories side by side: the cells and runs that they have in common. */
import { BenchError } from '../core/errors.js'
import type { Manifest, ManifestCell } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'
import { type FinishedRun, hasResult, trainingKey } from './arms.js'
import { type Summary, mean, summarise } from './statistics/student.js'

/** The results of a run directory. */
export interface Side {
  readonly path: string
  readonly manifest: Manifest
  readonly set: RunSet
}

/** One table, method, number of workers and budget that both sides have, with its runs by seed. */
export interface CellPair {
  /** A's. */
  readonly cell: ManifestCell
  /** Both report the same metric with the same goal, so that values can be compared. */
  readonly sameMetric: boolean
  /** The same of all objectives, so that hypervolumes can be compared. */
  readonly sameObjectives: boolean
  /** Seeds of which both have a run, in A's order. */
  readonly pairs: readonly { readonly seed: number; readonly a: RunSummary; readonly b: RunSummary }[]
  /** Seeds that both were to run, of which one has no run. */
  readonly missing: readonly { readonly seed: number; readonly in: 'A' | 'B' }[]
  /** Runs of A that B has no like of: it is missing, or B was never to run this seed. */
  readonly lost: readonly RunSummary[]
}

export interface PairedRuns {
  readonly cells: readonly CellPair[]
  /** Cells of A that B was never to run, such as a method under another name, with A's runs of them. */
  readonly lostCells: readonly { readonly cell: ManifestCell; readonly lost: readonly RunSummary[] }[]
  /** Names under which the two replayed different tables, so that their runs differ whatever the method. */
  readonly differentTables: readonly string[]
  /** How many runs were planned on one side only: another table, method, setting or seed. */
  readonly onlyA: number
  readonly onlyB: number
}

/** Pairs the runs of two directories by table, method, workers, budget and seed. @throws BenchError if there is no pair */
export function pairRuns(a: Side, b: Side): PairedRuns {
  const cellsOfB = new Map(b.manifest.cells.map((cell, index) => [keyOf(cell), index]))
  const [runsOfA, runsOfB] = [runsByCell(a), runsByCell(b)]
  const seedsOfB = new Set(b.manifest.seeds)
  const seeds = a.manifest.seeds.filter((seed) => seedsOfB.has(seed))
  const cells: CellPair[] = []
  const lostCells: PairedRuns['lostCells'][number][] = []
  for (const [index, cell] of a.manifest.cells.entries()) {
    const other = cellsOfB.get(keyOf(cell))
    if (other === undefined) {
      lostCells.push({ cell, lost: [...runsOfA[index]!.values()] })
      continue
    }
    const pairs: CellPair['pairs'][number][] = []
    const missing: CellPair['missing'][number][] = []
    for (const seed of seeds) {
      const [runA, runB] = [runsOfA[index]!.get(seed), runsOfB[other]!.get(seed)]
      if (runA !== undefined && runB !== undefined) pairs.push({ seed, a: runA, b: runB })
      else if (runA !== undefined || runB !== undefined) missing.push({ seed, in: runA === undefined ? 'A' : 'B' })
    }
    const [first, second] = [cell.objectives.map(reported), b.manifest.cells[other]!.objectives.map(reported)]
    cells.push({
      cell,
      sameMetric: first[0] === second[0],
      sameObjectives: first.join() === second.join(),
      pairs,
      missing,
      lost: [...runsOfA[index]!.values()].filter(({ seed }) => !runsOfB[other]!.has(seed)),
    })
  }
  if (cells.every(({ pairs, missing }) => pairs.length + missing.length === 0))
    throw new BenchError(
      `${a.path} and ${b.path} have no run in common: the same table, method, workers, budget and seed; ` +
        'run both with the same options',
    )
  const common = cells.length * seeds.length
  const checksums = new Map(b.manifest.tables.map(({ name, sha256 }) => [name, sha256]))
  const differentTables = a.manifest.tables
    .filter(({ name, sha256 }) => checksums.has(name) && checksums.get(name) !== sha256)
    .map(({ name }) => name)
  return {
    cells,
    lostCells,
    differentTables,
    onlyA: a.manifest.cells.length * a.manifest.seeds.length - common,
    onlyB: b.manifest.cells.length * b.manifest.seeds.length - common,
  }
}

function keyOf({ table, method, workers, budget }: ManifestCell): string {
  return JSON.stringify([table, method, workers, Object.entries(budget).sort(([x], [y]) => (x < y ? -1 : 1))])
}

/** What values are of: the metric and its goal. */
function reported({ report, goal }: ManifestCell['objectives'][number]): string {
  return JSON.stringify([report, goal])
}

function runsByCell({ manifest, set }: Side): Map<number, RunSummary>[] {
  const byCell = manifest.cells.map(() => new Map<number, RunSummary>())
  for (const run of set.runs) byCell[run.cell]?.set(run.seed, run)
  return byCell
}

/** A number of both sides, over the seeds of which both have it. */
export interface PairedValues {
  readonly a: number
  readonly b: number
  /** B minus A by seed. No interval for one pair, nor where all pairs are the same two results, which say as much as one. */
  readonly difference: Summary
}

/** The reported values of the incumbents of a pair of cells; undefined where no seed has both. */
export function reportedValues({ pairs }: CellPair): PairedValues | undefined {
  const finished = pairs.filter((pair): pair is typeof pair & { a: FinishedRun; b: FinishedRun } =>
    [pair.a, pair.b].every(hasResult),
  )
  return pairedValues(
    finished.map(({ a, b }) => [a.best.test, b.best.test]),
    finished.map(({ a, b }) => [trainingKey(a.best), trainingKey(b.best)]),
  )
}

/** @param results what tells the results behind the values apart */
export function pairedValues(
  values: readonly (readonly [a: number, b: number])[],
  results: readonly (readonly [a: string, b: string])[],
): PairedValues | undefined {
  const difference = summarise(values.map(([a, b]) => b - a))
  if (difference === null) return undefined
  const same = new Set(results.map(([a]) => a)).size === 1 && new Set(results.map(([, b]) => b)).size === 1
  return {
    a: mean(values.map(([a]) => a)),
    b: mean(values.map(([, b]) => b)),
    difference: same ? { ...difference, ci95: null } : difference,
  }
}

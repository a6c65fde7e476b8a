/** Several run directories as one, so that one report speaks of all of them. Pure. */
import { BenchError, show } from '../core/errors.js'
import type { Objective } from '../core/objective.js'
import { pickSteps } from '../store/incumbent-steps.js'
import type { Manifest, ManifestCell, ManifestTable } from '../store/manifest.js'
import type { StoredRunSet } from '../store/read-run-set.js'
import { digestOf } from '../store/run-log.js'
import type { RunFailure, RunSet, RunSummary } from '../store/run-set.js'
import { formatBudget, listed, plural } from './format.js'

/**
 * Puts runs together: equal cells become one, with the seeds of all; methods on the same table with the same workers and
 * budget are compared, wherever they were run, with the baseline of the first that ran there.
 *
 * @throws BenchError where they contradict one another: other tables or methods of the same name, other objectives on the
 *   same table with the same workers and budget, or other results of the same run
 */
export function mergeRuns(parts: readonly StoredRunSet[]): { readonly manifest: Manifest; readonly set: RunSet } {
  const [first] = parts
  if (parts.length === 1) return first!
  const cells = new Map<
    string,
    { readonly cell: ManifestCell; readonly path: string; readonly index: number; readonly seeds: Set<number> }
  >()
  const places = new Map<string, Placed>()
  const tables = new Map<string, { readonly table: ManifestTable; readonly path: string }>()
  const runs = new Map<string, { summary: RunSummary; part: StoredRunSet; run: number }>()
  for (const part of parts) {
    const { path, manifest } = part
    if (manifest.backend !== first!.manifest.backend)
      throw new BenchError(`${first!.path} and ${path} are not of one kind: one is simulated, one was trained for real`)
    for (const table of manifest.tables) {
      const before = tables.get(table.name)
      if (before !== undefined && before.table.sha256 !== table.sha256)
        throw new BenchError(
          `${before.path} and ${path} have two different tables of the name ${show(table.name)}; report on them apart`,
        )
      if (before === undefined) tables.set(table.name, { table, path })
    }
    for (const cell of manifest.cells) {
      const place = places.get(placeKey(cell))
      if (place === undefined) places.set(placeKey(cell), { cell, path })
      else checkObjectives(place, { cell, path })
      const key = cellKey(cell)
      const before = cells.get(key)
      if (before !== undefined && JSON.stringify(before.cell) !== JSON.stringify(cell))
        throw new BenchError(
          `${before.path} and ${path} have two different methods of the name ${show(cell.method)} on ${cell.table}; report on them apart`,
        )
      const { seeds } = before ?? { seeds: new Set<number>() }
      for (const seed of manifest.seeds) seeds.add(seed)
      if (before === undefined) cells.set(key, { cell, path, index: cells.size, seeds })
    }
    for (const [run, given] of part.set.runs.entries()) {
      const cell = cells.get(cellKey(manifest.cells[given.cell]!))!.index
      const key = `${cell} ${given.seed}`
      const before = runs.get(key)
      if (before !== undefined && before.summary.digest !== given.digest)
        throw new BenchError(
          `${before.part.path} and ${path} have different results of ${given.method} on ${given.table} with seed ${given.seed}; report on them apart`,
        )
      if (before === undefined) runs.set(key, { summary: { ...given, cell }, part, run })
    }
  }
  const sorted = [...runs.values()].sort((a, b) => a.summary.cell - b.summary.cell || a.summary.seed - b.summary.seed)
  const summaries = sorted.map(({ summary }) => summary)
  const joined = (of: (manifest: Manifest) => string, by: string): string =>
    [...new Set(parts.map(({ manifest }) => of(manifest)))].join(by)
  return {
    manifest: {
      ...first!.manifest,
      experiment: joined(({ experiment }) => experiment, ' + '),
      question: joined(({ question }) => question, ' '),
      cells: Array.from(cells.values(), ({ cell, seeds }) => ({
        ...withBaseline(cell, parts),
        seeds: [...seeds].sort((a, b) => a - b),
      })),
      tables: Array.from(tables.values(), ({ table }) => table),
      seeds: [...new Set(parts.flatMap(({ manifest }) => manifest.seeds))].sort((a, b) => a - b),
      versions: {
        rungbench: joined(({ versions }) => versions.rungbench, ' and '),
        node: joined(({ versions }) => versions.node, ' and '),
      },
      key: joined(({ key }) => key, ', '),
    },
    set: {
      runs: summaries,
      details: {
        incumbents: pickSteps(sorted.map(({ part, run }) => ({ steps: part.set.details!.incumbents, run }))),
        rowsUsed: rowsOfOne(parts),
      },
      failures: failuresOf(parts, (cell) => cells.get(cellKey(cell))!.index, runs),
      digest: digestOf(summaries.map(({ digest }) => digest)),
      simulatedSeconds: summaries.reduce((sum, { simulatedSeconds }) => sum + simulatedSeconds, 0),
      reports: summaries.reduce((sum, { reports }) => sum + reports, 0),
    },
  }
}

interface Placed {
  readonly cell: ManifestCell
  readonly path: string
}

/** @throws BenchError where values of different metrics, or of other goals, would be compared */
function checkObjectives(one: Placed, other: Placed): void {
  if (JSON.stringify(one.cell.objectives) === JSON.stringify(other.cell.objectives)) return
  const { table, workers, budget } = one.cell
  throw new BenchError(
    `${one.path} and ${other.path} have different objectives on ${table} (${formatBudget(budget)}, ${plural(workers, 'worker')}): ` +
      `${objectivesText(one.cell.objectives)} in the first, ${objectivesText(other.cell.objectives)} in the second; ` +
      'report on them apart, with one bench report each',
  )
}

/** `test_error by validation_error (min) and cost (min, projected)` */
function objectivesText(objectives: readonly Objective[]): string {
  return listed(
    objectives.map(({ metric, report, goal, accumulates }) => {
      const by = metric === report ? '' : ` by ${metric}`
      return `${report}${by} (${[goal, ...(accumulates === undefined ? [] : [accumulates])].join(', ')})`
    }),
  )
}

/**
 * Every run that failed once, whatever the number of directories that say so, and none that ended in another of them.
 *
 * @param indexOf the position of a cell in all that was put together
 * @param ended runs that are there, by that position and seed
 */
function failuresOf(
  parts: readonly StoredRunSet[],
  indexOf: (cell: ManifestCell) => number,
  ended: ReadonlyMap<string, unknown>,
): RunFailure[] {
  const known = new Set(ended.keys())
  return parts.flatMap(({ manifest, set }) => {
    const found = set.failures.map((failure) => {
      const { table, method } = failure
      const planned = manifest.cells[failure.cell ?? -1]
      const cell = planned && indexOf(planned)
      const keys = failure.seeds.map((seed) => `${cell ?? JSON.stringify([table, method])} ${seed}`)
      const seeds = failure.seeds.filter((_, i) => !known.has(keys[i]!))
      return { keys, failure: { ...failure, ...(cell !== undefined && { cell }), seeds } }
    })
    for (const { keys } of found) for (const key of keys) known.add(key)
    return found.flatMap(({ failure }) => (failure.seeds.length === 0 ? [] : [failure]))
  })
}

/** The baseline of the experiment that was the first to have runs on this table with these workers and budget. */
function withBaseline(cell: ManifestCell, parts: readonly StoredRunSet[]): ManifestCell {
  const key = placeKey(cell)
  const { baseline } = parts.find(({ manifest }) => manifest.cells.some((one) => placeKey(one) === key))!.manifest
  return baseline === parts[0]!.manifest.baseline ? cell : { ...cell, baseline }
}

function placeKey({ table, workers, budget }: ManifestCell): string {
  return JSON.stringify([table, workers, budget])
}

function cellKey({ table, workers, budget, method }: ManifestCell): string {
  return JSON.stringify([table, workers, budget, method])
}

/** Rows used, of the tables that only one of the runs replayed: which rows the others met is not kept. */
function rowsOfOne(parts: readonly StoredRunSet[]): Record<string, number> {
  const entries = parts.flatMap(({ set }) => Object.entries(set.details!.rowsUsed))
  return Object.fromEntries(entries.filter(([name]) => entries.filter(([other]) => other === name).length === 1))
}

/** A run directory while it is worked on: its runs in the order of the plan, and the one that runs. */
import type { Manifest } from '../../store/manifest.js'
import type { RunSummary } from '../../store/run-set.js'
import type { RunView } from './live-run.js'
import type { LiveSetup } from './live-setup.js'

/**
 * Of a run: not begun; being written; finished with a result; or left without one, as it gave up or its process was
 * ended.
 */
export type RunState = 'waiting' | 'running' | 'finished' | 'unfinished'

/** One cell and seed of the plan. */
export interface PlannedRun {
  /** Position of its cell in the manifest. */
  readonly cell: number
  readonly seed: number
}

export interface RunEntry extends PlannedRun {
  readonly table: string
  readonly method: string
  readonly workers: number
  /** The metric that is reported, of the first objective. */
  readonly report: string
  readonly state: RunState
  /** Of a finished run. */
  readonly summary?: RunSummary
}

/** What the directory as a whole is: nothing ran yet; a process works on it; all runs finished; none of it, and nobody works on it. */
export type DirectoryState = 'waiting' | 'running' | 'finished' | 'unfinished'

export interface DirectoryView {
  readonly experiment: string
  readonly state: DirectoryState
  /** Who works on it. */
  readonly writer?: { readonly pid: number; readonly host: string }
  readonly runs: readonly RunEntry[]
  /** The run that runs, or ran last: its position among the runs, and where it stands; undefined where none began. */
  readonly current?: { readonly at: number; readonly run: RunView; readonly setup: LiveSetup }
  /**
   * Of runs whose trials are training jobs: US dollars of all of them so far, NaN where a price is not known; jobs that have not
   * ended; and the limit of `--max-cost`.
   */
  readonly spent?: { readonly usd: number; readonly jobs: number; readonly limit?: number }
  /** Until all runs are finished, as far as their budgets or the runs before them tell; undefined where they do not. */
  readonly secondsLeft?: number
}

/** All runs of a manifest in the order in which they run. */
export function plannedRuns({ cells, seeds }: Manifest): PlannedRun[] {
  return cells.flatMap((_, cell) => seeds.map((seed) => ({ cell, seed })))
}

/** How long the run that runs and those that wait will take. */
export function secondsLeftOfAll(
  runs: readonly RunEntry[],
  cells: Manifest['cells'],
  current: RunView | undefined,
): number | undefined {
  const finished = runs.flatMap(({ summary }) => (summary === undefined ? [] : [summary.simulatedSeconds]))
  const mean = finished.length === 0 ? undefined : finished.reduce((sum, one) => sum + one, 0) / finished.length
  let left = 0
  for (const { state, cell } of runs) {
    const seconds =
      state === 'running' ? current?.secondsLeft : state === 'waiting' ? (cells[cell]!.seconds ?? mean) : 0
    if (seconds === undefined) return undefined
    left += seconds
  }
  return left
}

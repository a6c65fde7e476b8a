/** What a benchmark times: the runs of one method, with the digest that proves they are those of `bench run`. */
import type { Experiment } from '../src/core/experiment.js'
import { findScheduler, findSearcher } from '../src/run/components.js'
import { execute } from '../src/run/execute.js'
import { planExperiment } from '../src/run/plan.js'
import { simulateWith } from '../src/run/simulate.js'
import { digestOf } from '../src/store/run-log.js'
import type { SurrogateTable } from '../src/surrogates/table.js'
import type { Timed } from './figures.js'

export interface TimedRun extends Timed {
  /** Runs every seed once. @throws if the digest is not that of {@link execute}, the way of `bench run` */
  readonly run: () => void
  readonly digest: string
  /** Reports of all seeds together. */
  readonly units: number
}

/** One method of an experiment on one table, once per seed. */
export async function timedRun(experiment: Experiment, table: SurrogateTable, runs: number): Promise<TimedRun> {
  const seeds = Array.from({ length: runs }, (_, i) => i)
  const plan = await planExperiment(experiment, [table], seeds, '.')
  const cell = plan.cells[0]!
  const [scheduler, searcher] = await Promise.all([
    findScheduler(cell.scheduler.type),
    findSearcher(cell.searcher.type),
  ])
  const { digest, reports } = await execute(plan, [table], { threads: 0 })
  return {
    digest,
    units: reports,
    run() {
      const { summaries } = simulateWith(cell, table, seeds, scheduler, searcher)
      checkDigest(digestOf(summaries.map((summary) => summary.digest)), digest)
    },
  }
}

/** @throws if what was timed is not what `bench run` gives */
export function checkDigest(got: string, wanted: string): void {
  if (got !== wanted) throw new Error(`the digest ${got} is not that of bench run, ${wanted}`)
}

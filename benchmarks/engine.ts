/**
 * What a report costs on one thread as runs grow, through the general scheduler interface, everything recorded; and
 * beside it the loop that one would write by hand (`yardstick.ts`).
 */
import type { Experiment, SchedulerSpec } from '../src/core/experiment.js'
import { digestOf, runDigest } from '../src/store/run-log.js'
import { TableSource } from '../src/surrogates/table-source.js'
import { SurrogateTable } from '../src/surrogates/table.js'
import { type Figure, type Suite, type Timed, interleaved } from './figures.js'
import { studyTable } from './study-table.js'
import { checkDigest, timedRun } from './timed-run.js'
import { handWritten } from './yardstick.js'

/** One method of `reports` reports a run. */
export function engineExperiment(table: string, scheduler: SchedulerSpec, reports: number, workers = 4): Experiment {
  return {
    name: 'engine',
    question: 'How fast is the simulator?',
    tables: [table],
    objectives: [{ metric: 'validation_error', report: 'test_error' }],
    workers,
    budget: { reports },
    methods: { method: { scheduler, searcher: { type: 'random', draws: 'with-replacement' } } },
  }
}

const TYPES = ['asha-stopping', 'asha-promotion', 'fifo'] as const
/** Of a run, and how many of them are timed at once. */
const SIZES = [
  [2_000, 100],
  [20_000, 10],
  [1_000_000, 1],
  [20_000_000, 1],
] as const

export const engine: Suite = async ({ share, rounds }) => {
  const table = new SurrogateTable(studyTable(1000, 2, 81))
  const source = new TableSource(table)
  const figures: Figure[] = []
  for (const type of TYPES) {
    const cases: Record<string, Timed> = {}
    const digests: Record<string, string> = {}
    const sizes = SIZES.filter(([reports]) => reports <= 20_000_000 * share)
    for (const [reports, runs] of sizes) {
      const timed = await timedRun(engineExperiment(table.name, { type }, reports), table, runs)
      const yardstick = (): void => {
        const runDigests = Array.from({ length: runs }, (_, seed) =>
          runDigest(handWritten(type, table, source, seed, reports), 0),
        )
        checkDigest(digestOf(runDigests), timed.digest)
      }
      yardstick()
      cases[`engine ${reports}`] = timed
      cases[`by hand ${reports}`] = { run: yardstick, units: timed.units }
      digests[reports] = timed.digest
    }
    const cost = interleaved(cases, rounds)
    for (const [reports] of sizes) {
      const name = `${type}, ${reports.toLocaleString('en')} reports in a run`
      const value = cost[`engine ${reports}`]!
      figures.push(
        { name, value, unit: 'ns/report', digest: digests[reports]! },
        { name: `${name}, beside the loop by hand`, value: value / cost[`by hand ${reports}`]!, unit: 'x', most: 3 },
      )
    }
    const [least, greatest] = [sizes[0]![0], sizes.at(-1)![0]]
    figures.push({
      name: `${type}, ${greatest.toLocaleString('en')} beside ${least.toLocaleString('en')} reports in a run`,
      value: cost[`engine ${greatest}`]! / cost[`engine ${least}`]!,
      unit: 'x',
      most: 2.5,
    })
  }
  return figures
}

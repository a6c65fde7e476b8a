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

interface Measured {
  /** ns/report */
  readonly engine: number
  readonly byHand: number
  readonly digest: string
}

export const engine: Suite = async ({ share, rounds }) => {
  const table = new SurrogateTable(studyTable(1000, 2, 81))
  const figures: Figure[] = []
  const sizes = SIZES.filter(([reports]) => reports <= 20_000_000 * share)
  for (const type of TYPES) {
    // The garbage of the largest runs, gigabytes, takes longer to give back than the smallest take to run.
    const measured = [
      ...(await measure(type, table, sizes.slice(0, 3), rounds)),
      ...(await measure(type, table, sizes.slice(3), rounds)),
    ]
    for (const [i, [reports]] of sizes.entries()) {
      const name = `${type}, ${reports.toLocaleString('en')} reports in a run`
      const { engine: value, byHand, digest } = measured[i]!
      figures.push(
        { name, value, unit: 'ns/report', digest },
        { name: `${name}, beside the loop by hand`, value: value / byHand, unit: 'x', most: 3 },
      )
    }
    const [least, greatest] = [sizes[0]![0], sizes.at(-1)![0]]
    figures.push({
      name: `${type}, ${greatest.toLocaleString('en')} beside ${least.toLocaleString('en')} reports in a run`,
      value: measured.at(-1)!.engine / measured[0]!.engine,
      unit: 'x',
      most: 2.5,
    })
  }
  return figures
}

/** Sizes that are timed in turns. */
async function measure(
  type: (typeof TYPES)[number],
  table: SurrogateTable,
  sizes: readonly (readonly [reports: number, runs: number])[],
  rounds: number,
): Promise<Measured[]> {
  globalThis.gc!()
  const source = new TableSource(table)
  const cases: Record<string, Timed> = {}
  const digests: string[] = []
  for (const [reports, runs] of sizes) {
    const timed = await timedRun(engineExperiment(table.name, { type }, reports), table, runs)
    const yardstick = (): void => {
      const ofRuns = Array.from({ length: runs }, (_, seed) =>
        runDigest(handWritten(type, table, source, seed, reports), 0),
      )
      checkDigest(digestOf(ofRuns), timed.digest)
    }
    yardstick()
    cases[`engine ${reports}`] = timed
    cases[`by hand ${reports}`] = { run: yardstick, units: timed.units }
    digests.push(timed.digest)
  }
  const cost = interleaved(cases, rounds)
  return sizes.map(([reports], i) => ({
    engine: cost[`engine ${reports}`]!,
    byHand: cost[`by hand ${reports}`]!,
    digest: digests[i]!,
  }))
}

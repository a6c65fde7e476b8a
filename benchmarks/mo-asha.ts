/**
 * What a report costs under MO-ASHA as runs grow, with two and three objectives, on study-like data; beside it a surface
 * where the objectives exclude each other, so that nearly nothing is dominated.
 *
 * Why it grows: a rung of n entries keeps the fronts of the best third. A newcomer is put into its front by binary search
 * over fronts of m members each, O(m log n); whom it dominates moves on from front to front; and where it lands in the
 * front on the cut, it is followed along the order of that front, which is worked out anew only where that changed (see
 * `MemberOrder`). m grows with n: with three objectives a front is a surface, with two a curve.
 */
import type { Experiment } from '../src/core/experiment.js'
import { SurrogateTable } from '../src/surrogates/table.js'
import { type Figure, type Suite, interleaved } from './figures.js'
import { type Surface, moStudyTable } from './mo-study-table.js'
import { type TimedRun, timedRun } from './timed-run.js'

const METRICS = [{ metric: 'validation_error' }, { metric: 'latency_ms' }, { metric: 'cost' }]
const LEAST = 2_000
const CASES = [
  ['mo-asha-stopping', 'study', 2, [LEAST, 100_000, 1_000_000]],
  ['mo-asha-stopping', 'study', 3, [LEAST, 100_000, 1_000_000]],
  ['mo-asha-promotion', 'study', 2, [LEAST, 100_000, 1_000_000]],
  ['mo-asha-promotion', 'study', 3, [LEAST, 100_000, 1_000_000]],
  ['mo-asha-stopping', 'trade-off', 3, [LEAST, 20_000]],
] as const

function experiment(table: string, type: string, objectives: number, reports: number): Experiment {
  return {
    name: 'mo-asha',
    question: 'How fast is MO-ASHA?',
    tables: [table],
    objectives: METRICS.slice(0, objectives),
    workers: 4,
    budget: { reports },
    methods: {
      method: { scheduler: { type }, searcher: { type: 'random', draws: 'with-replacement' } },
    } as Experiment['methods'],
  }
}

export const moAsha: Suite = async ({ share, rounds }) => {
  const tables: Partial<Record<Surface, SurrogateTable>> = {}
  const figures: Figure[] = []
  for (const [type, surface, objectives, sizes] of CASES) {
    const table = (tables[surface] ??= new SurrogateTable(moStudyTable(30_000, 81, surface)))
    const what = `${type}, ${surface}, ${objectives} objectives`
    const timed: Record<string, TimedRun> = {}
    for (const reports of sizes.filter((size) => size === LEAST || size <= 1_000_000 * share))
      timed[reports] = await timedRun(
        experiment(table.name, type, objectives, reports),
        table,
        reports === LEAST ? 20 : 1,
      )
    const cost = interleaved(timed, rounds)
    const greatest = Math.max(...Object.keys(timed).map(Number))
    for (const [reports, { digest }] of Object.entries(timed)) {
      const name = `${what}, ${Number(reports).toLocaleString('en')} reports in a run`
      figures.push({ name, value: cost[reports]!, unit: 'ns/report', digest })
    }
    if (greatest === LEAST) continue
    figures.push({
      name: `${what}, ${greatest.toLocaleString('en')} beside ${LEAST.toLocaleString('en')} reports in a run`,
      value: cost[greatest]! / cost[LEAST]!,
      unit: 'x',
      most: 20,
    })
  }
  return figures
}

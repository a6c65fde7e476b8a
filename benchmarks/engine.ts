/**
 * How many reports per second the simulator handles on one thread, through the general scheduler interface, everything
 * recorded. Every figure comes with the digest of what was timed, compared with what `execute` (the way of `bench run`)
 * gives for the same plan: there is no private fast path. Run it with `npm run benchmark`.
 */
import { cpus } from 'node:os'
import benny from 'benny'
import type { Experiment } from '../src/core/experiment.js'
import { findScheduler, findSearcher } from '../src/run/components.js'
import { execute } from '../src/run/execute.js'
import { planExperiment } from '../src/run/plan.js'
import { simulateWith } from '../src/run/simulate.js'
import { digestOf } from '../src/store/run-log.js'
import { SurrogateTable } from '../src/surrogates/table.js'
import { studyTable } from './study-table.js'

const table = new SurrogateTable(studyTable(1000, 2, 81))

function experiment(scheduler: string, reports: number): Experiment {
  return {
    name: 'engine',
    question: 'How fast is the simulator?',
    tables: [table.name],
    objectives: [{ metric: 'validation_error', report: 'test_error' }],
    workers: 4,
    budget: { reports },
    methods: {
      method: { scheduler: { type: scheduler as 'fifo' }, searcher: { type: 'random', draws: 'with-replacement' } },
    },
  }
}

const cases: [string, number, number][] = [
  ['asha-stopping', 2_000, 50],
  ['asha-stopping', 20_000, 5],
  ['asha-stopping', 1_000_000, 1],
  ['asha-promotion', 2_000, 50],
  ['asha-promotion', 1_000_000, 1],
  ['fifo', 2_000, 50],
  ['fifo', 1_000_000, 1],
]

console.log(
  `${cpus()[0]!.model}, Node ${process.version}; table of ${table.configurations} configurations x 2 x 81 levels`,
)
const digests = new Map<string, string>()
const suites = cases.map(async ([scheduler, reports, runs]) => {
  const name = `${scheduler}, ${reports.toLocaleString('en')} reports a run`
  const seeds = Array.from({ length: runs }, (_, i) => i)
  const plan = await planExperiment(experiment(scheduler, reports), [table], seeds, '.')
  const [cell] = plan.cells
  const [schedulerKind, searcherKind] = await Promise.all([
    findScheduler(cell!.scheduler.type),
    findSearcher(cell!.searcher.type),
  ])
  const expected = (await execute(plan, [table], { threads: 0 })).digest
  return benny.add(name, () => {
    const { summaries } = simulateWith(cell!, table, seeds, schedulerKind, searcherKind)
    const digest = digestOf(summaries.map((summary) => summary.digest))
    if (digest !== expected) throw new Error(`${name}: the digest ${digest} is not that of bench run, ${expected}`)
    digests.set(name, digest)
  })
})

await benny.suite(
  'engine',
  ...(await Promise.all(suites)),
  benny.complete(({ results }) => {
    for (const [i, { name, ops, margin }] of results.entries()) {
      const perSecond = ops * cases[i]![1] * cases[i]![2]
      console.log(
        `${name}: ${(perSecond / 1e6).toFixed(2)} M reports/s (± ${margin} %), digest ${digests.get(name)!.slice(0, 16)}`,
      )
    }
  }),
)

/**
 * What the searchers cost: runs of 2,000 reports under ASHA, on the rows of a table and on the whole space (answered by
 * the nearest row), each as a ratio to random search. Run it with `npm run benchmark:components`.
 */
import { cpus } from 'node:os'
import benny from 'benny'
import type { Experiment } from '../src/core/experiment.js'
import { searchers } from '../src/core/searchers/index.js'
import { findScheduler, findSearcher } from '../src/run/components.js'
import { planExperiment } from '../src/run/plan.js'
import { simulateWith } from '../src/run/simulate.js'
import { digestOf } from '../src/store/run-log.js'
import { SurrogateTable } from '../src/surrogates/table.js'
import { studyTable } from './study-table.js'

const REPORTS = 2_000
const SEEDS = Array.from({ length: 20 }, (_, i) => i)
const table = new SurrogateTable(studyTable(1000, 2, 81))
const names = (Object.keys(searchers) as (keyof typeof searchers)[]).filter((name) => name !== 'fixed')
const lookups = ['exact', { nearest: 1 }] as const

console.log(
  `${cpus()[0]!.model}, Node ${process.version}; table of ${table.configurations} configurations x 2 x 81 levels`,
)
const digests = new Map<string, string>()
for (const lookup of lookups) {
  const suites = names.map(async (type) => {
    const experiment: Experiment = {
      name: 'searchers',
      question: 'What do searchers cost?',
      tables: [table.name],
      objectives: [{ metric: 'validation_error', report: 'test_error' }],
      workers: 4,
      budget: { reports: REPORTS },
      simulation: { lookup },
      methods: { method: { scheduler: { type: 'asha-stopping' }, searcher: { type } } },
    }
    const [cell] = (await planExperiment(experiment, [table], SEEDS, '.')).cells
    const [scheduler, searcher] = await Promise.all([findScheduler(cell!.scheduler.type), findSearcher(type)])
    return benny.add(type, () => {
      const { summaries } = simulateWith(cell!, table, SEEDS, scheduler, searcher)
      digests.set(type, digestOf(summaries.map(({ digest }) => digest)))
    })
  })
  console.log(lookup === 'exact' ? 'on the rows of the table' : 'on the whole space, answered by the nearest row')
  await benny.suite(
    'searchers',
    ...(await Promise.all(suites)),
    benny.complete(({ results }) => {
      const random = results.find(({ name }) => name === 'random')!.ops
      for (const { name, ops, margin } of results) {
        const perSecond = (ops * SEEDS.length * REPORTS) / 1e6
        console.log(
          `${name}: ${(random / ops).toFixed(2)} x random, ${perSecond.toFixed(2)} M reports/s (± ${margin} %), digest ${digests.get(name)!.slice(0, 16)}`,
        )
      }
    }),
  )
}

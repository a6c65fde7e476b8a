/**
 * How many reports per second MO-ASHA handles, with two and three objectives, on study-like data and on a pure trade-off
 * surface, where most entries of a rung are not dominated and a full front has to be ordered for each newcomer: O(n k) for
 * n entries of which k pass. Through the general engine, 4 workers, everything recorded; with the digests of `bench run`.
 */
import { cpus } from 'node:os'
import benny from 'benny'
import { SurrogateTable } from '../src/surrogates/table.js'
import { moStudyTable } from './mo-study-table.js'
import { timedRun } from './timed-run.js'

const objectives = [{ metric: 'validation_error' }, { metric: 'latency_ms' }, { metric: 'cost' }]
const tables = {
  study: new SurrogateTable(moStudyTable(30_000, 81, 'study')),
  'trade-off': new SurrogateTable(moStudyTable(30_000, 81, 'trade-off')),
}
const all = [
  ['mo-asha-stopping', 'nondominated', 'study', 2, 2_000, 20],
  ['mo-asha-stopping', 'nondominated', 'study', 3, 2_000, 20],
  ['mo-asha-stopping', 'nondominated', 'study', 2, 100_000, 1],
  ['mo-asha-stopping', 'nondominated', 'study', 3, 100_000, 1],
  ['mo-asha-stopping', 'crowding', 'study', 3, 2_000, 20],
  ['mo-asha-stopping', 'linear', 'study', 3, 2_000, 20],
  ['mo-asha-stopping', 'random-weights', 'study', 3, 2_000, 20],
  ['mo-asha-stopping', 'chebyshev', 'study', 3, 2_000, 20],
  ['mo-asha-promotion', 'nondominated', 'study', 3, 2_000, 20],
  ['mo-asha-promotion', 'nondominated', 'study', 3, 100_000, 1],
  ['mo-asha-stopping', 'nondominated', 'trade-off', 3, 2_000, 20],
  ['mo-asha-stopping', 'nondominated', 'trade-off', 3, 20_000, 1],
] as const

const cases = await Promise.all(
  all.map(async ([type, priority, surface, count, reports, runs]) => ({
    name: `${type}, ${priority}, ${surface}, ${count} objectives, ${reports.toLocaleString('en')} reports a run`,
    timed: await timedRun(
      {
        name: 'mo-asha',
        question: 'How fast is MO-ASHA?',
        tables: [tables[surface].name],
        objectives: objectives.slice(0, count),
        workers: 4,
        budget: { reports },
        methods: { method: { scheduler: { type, priority }, searcher: { type: 'random' } } },
      },
      tables[surface],
      runs,
    ),
  })),
)

console.log(`${cpus()[0]!.model}, Node ${process.version}; tables of 30,000 configurations x 81 levels`)
await benny.suite(
  'mo-asha',
  ...cases.map(({ name, timed }) => benny.add(name, timed.run)),
  benny.complete(({ results }) => {
    for (const [i, { name, ops, margin }] of results.entries()) {
      const { reports, digest } = cases[i]!.timed
      const perSecond = ((ops * reports) / 1e3).toFixed(0)
      console.log(`${name}: ${perSecond} k reports/s (± ${margin} %), digest ${digest.slice(0, 16)}`)
    }
  }),
)

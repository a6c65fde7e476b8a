/**
 * How many reports per second the simulator handles on one thread, through the general scheduler interface, everything
 * recorded. Every figure comes with the digest of what was timed, compared with what `execute` (the way of `bench run`)
 * gives for the same plan: there is no private fast path. Run it with `npm run benchmark`.
 */
import { cpus } from 'node:os'
import benny from 'benny'
import { SurrogateTable } from '../src/surrogates/table.js'
import { studyTable } from './study-table.js'
import { timedRun } from './timed-run.js'

const table = new SurrogateTable(studyTable(1000, 2, 81))

const cases = await Promise.all(
  (
    [
      ['asha-stopping', 2_000, 50],
      ['asha-stopping', 20_000, 5],
      ['asha-stopping', 1_000_000, 1],
      ['asha-promotion', 2_000, 50],
      ['asha-promotion', 1_000_000, 1],
      ['fifo', 2_000, 50],
      ['fifo', 1_000_000, 1],
    ] as const
  ).map(async ([type, reports, runs]) => ({
    name: `${type}, ${reports.toLocaleString('en')} reports a run`,
    timed: await timedRun(
      {
        name: 'engine',
        question: 'How fast is the simulator?',
        tables: [table.name],
        objectives: [{ metric: 'validation_error', report: 'test_error' }],
        workers: 4,
        budget: { reports },
        methods: { method: { scheduler: { type }, searcher: { type: 'random', draws: 'with-replacement' } } },
      },
      table,
      runs,
    ),
  })),
)

console.log(
  `${cpus()[0]!.model}, Node ${process.version}; table of ${table.configurations} configurations x 2 x 81 levels`,
)
await benny.suite(
  'engine',
  ...cases.map(({ name, timed }) => benny.add(name, timed.run)),
  benny.complete(({ results }) => {
    for (const [i, { name, ops, margin }] of results.entries()) {
      const { reports, digest } = cases[i]!.timed
      const perSecond = ((ops * reports) / 1e6).toFixed(2)
      console.log(`${name}: ${perSecond} M reports/s (± ${margin} %), digest ${digest.slice(0, 16)}`)
    }
  }),
)

/**
 * What each scheduler of the registry costs per report, as a multiple of ASHA stopping in the same process: runs of 2,000
 * reports with 4 workers, everything recorded. Beside each stands its digest, compared with that of `bench run`.
 */
import { cpus } from 'node:os'
import benny from 'benny'
import Table from 'cli-table3'
import type { SchedulerSpec } from '../src/core/experiment.js'
import { type SchedulerDefinition, schedulers } from '../src/core/schedulers/index.js'
import { SurrogateTable } from '../src/surrogates/table.js'
import { studyTable } from './study-table.js'
import { timedRun } from './timed-run.js'

const [REPORTS, RUNS, BASE] = [2_000, 50, 'asha-stopping']
const table = new SurrogateTable(studyTable(1000, 2, 81))
const objectives = [{ metric: 'validation_error', report: 'test_error' }, { metric: 'elapsed_time' }]

const cases = await Promise.all(
  Object.entries(schedulers as unknown as Readonly<Record<string, SchedulerDefinition>>).map(
    async ([type, definition]) => ({
      type,
      timed: await timedRun(
        {
          name: 'schedulers',
          question: 'What does each scheduler cost?',
          tables: [table.name],
          objectives: definition.objectives === 'all' ? objectives : objectives.slice(0, 1),
          workers: 4,
          budget: { reports: REPORTS },
          methods: {
            method: { scheduler: { type } as SchedulerSpec, searcher: { type: 'random', draws: 'with-replacement' } },
          },
        },
        table,
        RUNS,
      ),
    }),
  ),
)

await benny.suite(
  'schedulers',
  ...cases.map(({ type, timed }) => benny.add(type, timed.run)),
  benny.complete(({ results }) => {
    const rows = results.map(({ ops, margin }, i) => {
      const { type, timed } = cases[i]!
      return { type, perReport: 1e9 / (ops * timed.units), margin, digest: timed.digest }
    })
    const base = rows.find(({ type }) => type === BASE)!.perReport
    const text = new Table({
      head: ['scheduler', 'ns per report', `times ${BASE}`, 'margin', 'digest'],
      style: { head: [], border: [] },
      colAligns: ['left', 'right', 'right', 'right', 'left'],
    })
    for (const { type, perReport, margin, digest } of rows.toSorted((a, b) => a.perReport - b.perReport))
      text.push([type, perReport.toFixed(0), (perReport / base).toFixed(2), `± ${margin} %`, digest.slice(0, 16)])
    console.log(`${cpus()[0]!.model}, Node ${process.version}\n${text.toString()}`)
  }),
)

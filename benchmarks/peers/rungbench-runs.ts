/** Runs a job of `jobs.ts` through the library, as a user would: `node rungbench-runs.js JOB.json`, the answer to standard output. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runExperiment } from '../../src/index.js'
import { cpuNanoseconds } from '../figures.js'
import { type Answer, type Job, experimentOf } from './jobs.js'

const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Job
const runs: { reports: number; trials: number }[] = []
let seconds = 0
// Runs that end alike are one experiment.
for (const reports of new Set(job.runs.map((run) => run.reports!))) {
  const seeds = job.runs.filter((run) => run.reports === reports).map(({ seed }) => seed)
  let begun = Number.NaN
  const onPlan = (): void => {
    begun = cpuNanoseconds()
  }
  const out = join(job.out, 'rungbench', `${job.method}-${seeds[0]}-${reports}`)
  const experiment = experimentOf(job.method, job.table, { reports })
  const { set } = await runExperiment(experiment, { seeds, threads: 0, out, onPlan })
  seconds += (cpuNanoseconds() - begun) / 1e9
  for (const run of set.runs) runs.push({ reports: run.reports, trials: run.trials })
}
const answer: Answer = {
  runs,
  seconds,
  processSeconds: cpuNanoseconds() / 1e9,
  peakMiB: process.resourceUsage().maxRSS / 1024,
}
console.log(JSON.stringify(answer))

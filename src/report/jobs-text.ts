/** What the training jobs of runs on SageMaker took and cost, in words and as a table. Pure. */
import type { Manifest } from '../store/manifest.js'
import type { JobsUse, RunSet, TrialJobs } from '../store/run-set.js'
import type { DataTable } from './data-table.js'
import { formatCount, formatDuration, listed, plural } from './format.js'

/**
 * `12 training jobs in eu-central-1; 3 min 2 s until their machines were there, on average; 1 h 5 min on ml.m5.large billed,
 * 0.15 US dollars (prices: ..., 2024-03)`; undefined where none of the runs was on SageMaker.
 */
export function jobsText({ runs }: Pick<RunSet, 'runs'>): string | undefined {
  const uses = runs.flatMap(({ jobs }) => jobs ?? [])
  return uses.length === 0 ? undefined : usesText(uses)
}

/** @param uses at least one */
export function usesText(uses: readonly JobsUse[]): string {
  const trials = uses.flatMap((use) => use.trials)
  const jobs = uses.reduce((sum, use) => sum + use.jobs, 0)
  const open = uses.reduce((sum, use) => sum + use.open, 0)
  const waited = uses.reduce((sum, use) => sum + (use.pools?.seconds ?? 0), 0)
  const estimated = uses.reduce((sum, use) => sum + (use.estimated ?? 0), 0)
  const taken = trials.reduce((sum, { interruptions = 0 }) => sum + interruptions, 0)
  const regions = [...new Set(uses.map(({ region }) => region))]
  const startUp = meanStartUp(trials)
  const usd = dollarsOf(uses.map((use) => use.usd))
  return [
    `${plural(jobs, 'training job')} in ${listed(regions)}`,
    ...(startUp === null ? [] : [`${formatDuration(startUp)} until their machines were there, on average`]),
    ...(taken === 0 ? [] : [`spot machines were taken away ${plural(taken, 'time')}`]),
    ...(trials.length === 0 ? [] : [`${billedText(trials)}, ${usdText(usd)}${pricesText(uses)}`]),
    ...(waited === 0 ? [] : [`${formatDuration(waited)} of machines that were kept for a next job counted as well`]),
    ...(open === 0 ? [] : [`the end of ${plural(open, 'job')} was not seen, their cost is missing here`]),
    ...(estimated === 0
      ? []
      : [`${plural(estimated, 'job')} that others deleted counted as if billed until last heard of, an estimate`]),
  ].join('; ')
}

/** Sum of what is known in all parts; null where one is not. */
export function dollarsOf(parts: readonly (number | null)[]): number | null {
  return parts.reduce((sum: number | null, one) => (sum === null || one === null ? null : sum + one), 0)
}

/** `0.15 US dollars`, with more digits for less than a cent. */
export function usdText(usd: number | null): string {
  if (usd === null) return 'cost not known, a price is missing'
  return `${usd >= 0.01 || usd === 0 ? usd.toFixed(2) : usd.toPrecision(1)} US dollars`
}

/** `1 h 5 min on ml.m5.large and 10 min on ml.c5.xlarge billed` */
function billedText(trials: readonly TrialJobs[]): string {
  const seconds = new Map<string, number>()
  for (const { instanceType, instanceCount, billable } of trials)
    seconds.set(instanceType, (seconds.get(instanceType) ?? 0) + billable * instanceCount)
  const parts = [...seconds].sort(([a], [b]) => (a < b ? -1 : 1))
  return `${listed(parts.map(([type, one]) => `${formatDuration(one)} on ${type}`))} billed`
}

function pricesText(uses: readonly JobsUse[]): string {
  const lists = [...new Set(uses.map(({ prices: { source, date } }) => `${source}, ${date ?? 'no date given'}`))]
  return ` (prices: ${lists.join('; ')})`
}

/** Seconds of one job, mean over those whose machines came; null where none did. */
export function meanStartUp(trials: readonly TrialJobs[]): number | null {
  const known = trials.filter(({ startUp }) => startUp !== null)
  const jobs = known.reduce((sum, one) => sum + one.jobs, 0)
  return jobs === 0 ? null : known.reduce((sum, { startUp }) => sum + startUp!, 0) / jobs
}

/** One row per method and instance type; undefined where none of the runs was on SageMaker. */
export function jobsTable({ cells }: Manifest, { runs }: Pick<RunSet, 'runs'>): DataTable | undefined {
  const groups = new Map<
    string,
    { table: string; method: string; type: string; runs: Set<unknown>; trials: TrialJobs[] }
  >()
  for (const run of runs)
    for (const trial of run.jobs?.trials ?? []) {
      const { table, method } = cells[run.cell]!
      const type = `${trial.instanceCount === 1 ? '' : `${trial.instanceCount} x `}${trial.instanceType}`
      const key = JSON.stringify([table, method, run.workers, type])
      const group = groups.get(key) ?? { table, method, type, runs: new Set(), trials: [] }
      groups.set(key, group)
      group.runs.add(run)
      group.trials.push(trial)
    }
  if (groups.size === 0) return undefined
  return {
    id: 'training-jobs',
    title: 'Training jobs',
    columns: [
      { name: 'table' },
      { name: 'method' },
      { name: 'instance type' },
      { name: 'runs', format: formatCount },
      { name: 'trials', format: formatCount },
      { name: 'jobs', format: formatCount },
      { name: 'start-up, mean (s)', format: tenths },
      { name: 'billed (s)', format: tenths },
      { name: 'US dollars', format: (usd) => usd.toFixed(usd < 0.01 ? 4 : 2) },
    ],
    rows: [...groups.values()].map(({ table, method, type, runs: of, trials }) => [
      table,
      method,
      type,
      of.size,
      trials.length,
      trials.reduce((sum, { jobs }) => sum + jobs, 0),
      meanStartUp(trials),
      trials.reduce((sum, { billable, instanceCount }) => sum + billable * instanceCount, 0),
      dollarsOf(trials.map(({ usd }) => usd)),
    ]),
  }
}

function tenths(seconds: number): string {
  return seconds.toFixed(1)
}

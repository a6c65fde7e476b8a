/** What the journal of a run on SageMaker says of its training jobs. */
import type { Journal, JournalLine } from './journal.js'
import type { JobsUse, TrialJobs } from './run-set.js'

/** The status of a name that the service did not know: of a job that was refused, or not made yet, or deleted. */
const NOT_THERE = 'Deleted'

/** Lines of jobs that were asked for and of which no end is written down, each job once. */
export function openJobs(entries: readonly JournalLine[]): JournalLine[] {
  const open = new Map<unknown, JournalLine>()
  const ended = new Set<unknown>()
  for (const line of entries) {
    const { event, job, status } = line
    if (event === 'job' && !ended.has(job)) open.set(job, line)
    if (event !== 'job-end') continue
    open.delete(job)
    if (status !== NOT_THERE) ended.add(job)
  }
  return [...open.values()]
}

/**
 * Of jobs that were there: seconds from when each was asked for until its trial's last report before its next job, or until it
 * was made. What is left of jobs that were deleted and of which nobody saw the end.
 */
export function heardOf(entries: readonly JournalLine[]): ReadonlyMap<string, number> {
  const last = new Map<unknown, JournalLine>()
  const heard = new Map<string, number>()
  for (const line of entries) {
    if (line['event'] === 'job') last.set(line['trial'], line)
    if (line['event'] === 'job-made') heard.set(String(line['job']), Number(line['time']) - Number(line['since']))
    const job = line['event'] === 'report' ? last.get(line['trial']) : undefined
    if (job !== undefined) heard.set(String(job['job']), Number(line['time']) - Number(job['time']))
  }
  return heard
}

/** @returns undefined where it is not the journal of such a run */
export function jobsUse({ header, entries }: Pick<Journal, 'header' | 'entries'>): JobsUse | undefined {
  if (header?.['backend'] !== 'sagemaker') return undefined
  const ended = new Map<unknown, JournalLine>()
  for (const line of entries) if (line['event'] === 'job-end') ended.set(line['job'], line)
  // One that was asked for and refused never was.
  const lines = [...ended.values()].filter(({ status }) => status !== NOT_THERE)
  const trials = new Map<number, JournalLine[]>()
  for (const line of lines) trials.set(line['trial'] as number, [...(trials.get(line['trial'] as number) ?? []), line])
  const pools = entries.filter(({ event }) => event === 'pool')
  const waited = pools.map(({ seconds, usd }) => ({ seconds: Number(seconds), usd: usd as number | null }))
  const uses = [...trials].map(([trial, jobs]) => trialJobs(trial, jobs)).sort((a, b) => a.trial - b.trial)
  return {
    region: String(header['region']),
    prices: header['prices'] as JobsUse['prices'],
    jobs: lines.length,
    open: openJobs(entries).length,
    estimated: lines.filter(({ estimated }) => estimated === true).length,
    billable: uses.reduce((sum, { billable, instanceCount }) => sum + billable * instanceCount, 0),
    ...(pools.length > 0 && {
      pools: {
        seconds: waited.reduce((sum, { seconds }) => sum + seconds, 0),
        usd: total(waited.map(({ usd }) => usd)),
      },
    }),
    usd: total([...uses, ...waited].map(({ usd }) => usd)),
    trials: uses,
  }
}

function trialJobs(trial: number, jobs: readonly JournalLine[]): TrialJobs {
  const { instanceType, instanceCount } = jobs[0]!
  const interruptions = total(jobs.map((line) => Number(line['interruptions'] ?? 0)))!
  const startUps = jobs.flatMap(({ startUp }) => (typeof startUp === 'number' ? [startUp] : []))
  return {
    trial,
    instanceType: String(instanceType),
    instanceCount: Number(instanceCount),
    jobs: jobs.length,
    ...(interruptions > 0 && { interruptions }),
    startUp: startUps.length === 0 ? null : total(startUps),
    billable: total(jobs.map(({ billable }) => Number(billable)))!,
    usd: total(jobs.map(({ usd }) => usd as number | null)),
  }
}

/** null where one of them is not known. */
function total(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum: number | null, one) => (sum === null || one === null ? null : sum + one), 0)
}

/** Lists of jobs by their names. */
import type { Calls } from './calls.js'
import type { ListJobsInput } from './services.js'

export interface ListedJob {
  readonly name: string
  readonly status: string
}

/**
 * All jobs whose names begin so, every page.
 *
 * @param prefix has the experiment's id in it, so that nobody else's jobs begin so
 */
export async function listJobs(
  calls: Pick<Calls, 'call'>,
  prefix: string,
  having: Pick<ListJobsInput, 'StatusEquals' | 'WarmPoolStatusEquals'> = {},
): Promise<ListedJob[]> {
  const jobs: ListedJob[] = []
  let token: string | undefined
  do {
    const page = await calls.call('listTrainingJobs', {
      NameContains: prefix,
      ...having,
      MaxResults: 100,
      ...(token !== undefined && { NextToken: token }),
    })
    for (const { TrainingJobName: name, TrainingJobStatus: status = '' } of page.TrainingJobSummaries ?? [])
      if (name?.startsWith(prefix)) jobs.push({ name, status })
    token = page.NextToken
  } while (token !== undefined)
  return jobs
}

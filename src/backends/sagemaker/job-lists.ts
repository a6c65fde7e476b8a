/** Lists of jobs by their names. */
import type { Calls } from './calls.js'
import type { ListJobsInput } from './services.js'

/**
 * Names of all jobs that begin so, every page.
 *
 * @param prefix has the experiment's id in it, so that nobody else's jobs begin so
 */
export async function jobNames(
  calls: Pick<Calls, 'call'>,
  prefix: string,
  having: Pick<ListJobsInput, 'StatusEquals' | 'WarmPoolStatusEquals'>,
): Promise<string[]> {
  const names: string[] = []
  let token: string | undefined
  do {
    const page = await calls.call('listTrainingJobs', {
      NameContains: prefix,
      ...having,
      MaxResults: 100,
      ...(token !== undefined && { NextToken: token }),
    })
    for (const { TrainingJobName: name } of page.TrainingJobSummaries ?? [])
      if (name?.startsWith(prefix)) names.push(name)
    token = page.NextToken
  } while (token !== undefined)
  return names
}

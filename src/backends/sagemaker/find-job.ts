/** Looks whether there is a job of a name. */
import type { Calls } from './calls.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

/**
 * @param wanted as long as it is, it is asked again
 * @returns undefined where the service knows none
 * @throws ServiceFault
 */
export async function findJob(
  calls: Pick<Calls, 'callWhile'>,
  name: string,
  wanted: () => boolean,
): Promise<JobDescription | undefined> {
  try {
    return await calls.callWhile(wanted, 'describeTrainingJob', name)
  } catch (error) {
    if (error instanceof ServiceFault && error.kind === 'gone') return undefined
    throw error
  }
}

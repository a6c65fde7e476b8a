/** Answers that only look like one of AWS: with status 200, but empty, or the login page of a network. */
import { ServiceFault } from './service-fault.js'
import type { ServiceCall } from './services.js'

/**
 * Hands an answer on if it has what every real one has. Without this the SDK takes an empty body, or a page of HTML, for an
 * answer that has nothing to say: a job that was not made for one that was, a list that did not come for an empty one.
 *
 * @param member one that is always there; `$metadata.requestId` (a header) where an answer has no members
 * @throws ServiceFault of the kind `transient`: the same call may reach the service later
 */
export async function wholeAnswer<T extends object>(
  call: ServiceCall,
  member: (keyof T & string) | 'requestId',
  sent: Promise<T>,
): Promise<T> {
  const answer = await sent
  const { $metadata } = answer as { readonly $metadata?: { readonly httpStatusCode?: number; requestId?: string } }
  const found = member === 'requestId' ? $metadata?.requestId : answer[member]
  if (found !== undefined) return answer
  throw new ServiceFault(
    'transient',
    `${call}: an answer that is not of AWS (status ${$metadata?.httpStatusCode ?? 0}, without ${member}); ` +
      'is there a proxy, or a network where you must log in?',
    undefined,
  )
}

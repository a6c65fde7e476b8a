/** The call with which a command begins: what is wrong with credentials, network or permissions is said at once. */
import { BenchError, messageOf } from '../../core/errors.js'
import type { Calls } from './calls.js'
import { ServiceFault } from './service-fault.js'
import type { ServiceCall, Services } from './services.js'

/** A service that does not answer is tried so often, with 1, 2, 4 seconds between. */
const TRIES = 4

/** @throws BenchError where there is nobody to wait for: no credentials, no answer. Other faults are thrown as they are */
export async function firstCall<C extends ServiceCall>(
  calls: Calls,
  name: C,
  ...input: Parameters<Services[C]>
): Promise<Awaited<ReturnType<Services[C]>>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await calls.once(name, ...input)
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error
      const { kind } = error
      if (kind === 'credentials')
        throw new BenchError(
          `AWS has no valid credentials of yours (${messageOf(error)}); give them as to its command line, e.g. with AWS_PROFILE`,
          { exitCode: 1, cause: error },
        )
      if (kind === 'certificate')
        throw new BenchError(
          `the connection to AWS is not to be trusted (${messageOf(error)}); where a proxy opens connections, name its certificate ` +
            'with NODE_EXTRA_CA_CERTS; else check the network, and the endpoints of the configuration',
          { exitCode: 1, cause: error },
        )
      if (kind !== 'transient' && kind !== 'throttle') throw error
      if (attempt === TRIES)
        throw new BenchError(
          `AWS does not answer (${messageOf(error)}); check the network, and region and endpoints of the configuration`,
          { exitCode: 1, cause: error },
        )
      await new Promise((resolve) => {
        setTimeout(resolve, 1000 * 2 ** (attempt - 1))
      })
    }
  }
}

/** Calls to the services of a region, for commands that do not run an experiment themselves. */
import { Calls } from '../../backends/sagemaker/calls.js'
import { type Endpoints, connect } from '../../backends/sagemaker/clients.js'

export async function connectedCalls(
  { region, endpoints }: { readonly region: string; readonly endpoints: Endpoints },
  onWarning?: (text: string) => void,
): Promise<Calls> {
  const renew = () => connect(region, endpoints)
  return new Calls(await renew(), { renew, ...(onWarning && { onWarning }) })
}

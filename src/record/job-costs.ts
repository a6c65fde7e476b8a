/** What training jobs of a service add to a table. */

/** Static metrics: seconds that the service bills of each machine, and US dollars for all, of all jobs of a training. */
export const BILLABLE_SECONDS = 'billable_seconds'
export const BILL = 'bill_usd'

/** What a training ran on, in a few words. */
export function machineName(instanceType: string, instanceCount: number): string {
  return `Amazon SageMaker ${instanceType}${instanceCount > 1 ? `, ${instanceCount} machines` : ''}`
}

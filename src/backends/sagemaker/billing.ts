/** What jobs took and cost, as the service bills it. */
import type { JobDescription } from './services.js'

/** What one job took and cost; seconds. */
export interface JobBill {
  /** From the call until the machines were there; undefined if they never were. Not billed. */
  readonly startUp: number | undefined
  /** Of each machine. */
  readonly billable: number
  /** NaN where the price is not known. */
  readonly usd: number
}

/**
 * "BillableTimeInSeconds: multiply by the number of instances (InstanceCount) to get the total compute time SageMaker bills";
 * for spot it is what remains after the discount: "savings = (1 - BillableTimeInSeconds / TrainingTimeInSeconds) x 100 %".
 * Source: SageMaker API reference, DescribeTrainingJob.
 *
 * @param usdPerHour of one machine
 */
export function jobBill(
  { CreationTime, TrainingStartTime, BillableTimeInSeconds, ResourceConfig }: JobDescription,
  usdPerHour: number | null,
): JobBill {
  const billable = BillableTimeInSeconds ?? 0
  return {
    startUp:
      CreationTime === undefined || TrainingStartTime === undefined
        ? undefined
        : Math.max(0, (TrainingStartTime.getTime() - CreationTime.getTime()) / 1000),
    billable,
    usd: dollars(billable, ResourceConfig?.InstanceCount ?? 1, usdPerHour),
  }
}

/**
 * Of a job that somebody else deleted: what the service billed for it can no longer be asked. It is taken to have been billed
 * from when it was asked for until it was last heard of, at most for as long as it was allowed to run. That counts its start-up
 * as well, which is not billed.
 *
 * @param seconds from when it was asked for until it was last heard of
 * @param usdPerHour of one machine
 */
export function deletedBill(
  seconds: number,
  { maxRunSeconds, instanceCount }: { readonly maxRunSeconds: number; readonly instanceCount: number },
  usdPerHour: number | null,
): JobBill {
  const billable = Math.min(Math.max(0, seconds), maxRunSeconds)
  return { startUp: undefined, billable, usd: dollars(billable, instanceCount, usdPerHour) }
}

function dollars(billable: number, instances: number, usdPerHour: number | null): number {
  return billable === 0 ? 0 : (billable * instances * (usdPerHour ?? Number.NaN)) / 3600
}

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
    usd: billable === 0 ? 0 : (billable * (ResourceConfig?.InstanceCount ?? 1) * (usdPerHour ?? Number.NaN)) / 3600,
  }
}

/** What jobs cost, before and after. */
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

/** What decides what a run may cost. */
export interface RunShape {
  readonly workers: number
  /** Seconds of the run's budget. */
  readonly seconds: number | undefined
  /** US dollars of the run's budget. */
  readonly cost: number | undefined
  /** Trials started or ended, where that is limited. */
  readonly trials: number | undefined
}

/** US dollars per hour of a worker: of the cheapest and of the dearest machines a trial may ask for, and on average. */
export interface HourlyPrices {
  readonly mean: number
  readonly most: number
}

/** What a job may go on beside training: until it has ended after it was stopped (120 s of grace, then uploads). */
const STOPPING_SECONDS = 300

/** US dollars. `most` is Infinity where nothing limits a run. */
export interface CostEstimate {
  readonly likely: number
  readonly most: number
}

/**
 * An estimate: all workers busy for the whole of the run's seconds. `most`: on the dearest machines, and stopping takes its
 * time; a warm pool is billed once more for every worker.
 */
export function estimateRun(
  { workers, seconds, cost, trials }: RunShape,
  { mean, most }: HourlyPrices,
  {
    maxRunSeconds,
    keepAliveSeconds = 0,
    requeues = 0,
  }: { maxRunSeconds: number; keepAliveSeconds?: number; requeues?: number },
): CostEstimate {
  const after = (workers * (STOPPING_SECONDS + keepAliveSeconds) * most) / 3600
  const bounds = [
    seconds === undefined ? Infinity : (workers * seconds * most) / 3600 + after,
    cost === undefined ? Infinity : cost + after,
    trials === undefined ? Infinity : ((trials + workers) * (1 + requeues) * maxRunSeconds * most) / 3600 + after,
  ]
  const upper = Math.min(...bounds)
  return {
    likely: Math.min(upper, cost ?? Infinity, seconds === undefined ? upper : (workers * seconds * mean) / 3600),
    most: upper,
  }
}

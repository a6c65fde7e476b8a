/** What a run may cost, before it is begun. */

/** What decides what a run may cost. */
export interface RunShape {
  readonly workers: number
  /** Seconds of the run's budget. */
  readonly seconds?: number | undefined
  /** US dollars of the run's budget. */
  readonly cost?: number | undefined
  /** Trials that it may begin, where that is limited. */
  readonly trials?: number | undefined
  /** Attempts that one trial may take: more than one where it may be paused. */
  readonly attempts: number
  /** What a full training took when it was recorded, in seconds. */
  readonly fullSeconds: number
}

/** US dollars per hour of a worker: of the dearest machines a trial may ask for, and on average over what it may ask for. */
export interface HourlyPrices {
  readonly mean: number
  readonly most: number
  /** Of one worker's machines of every type together: where machines are kept, each type may have as many as there are workers. */
  readonly all: number
}

/** What limits single jobs. */
export interface JobLimits {
  readonly maxRunSeconds: number
  /** Further jobs that an attempt may get. Default 0. */
  readonly requeues?: number
  /** Of a warm pool. Default 0. */
  readonly keepAliveSeconds?: number
}

/** US dollars. `most` and `undisturbed` are Infinity where nothing limits a run. */
export interface CostEstimate {
  readonly likely: number
  /** The bound where no job is lost or crashes, so that none gets another one. */
  readonly undisturbed: number
  readonly most: number
}

/** Seconds that a job may go on and be billed after it was told to stop: 120 s of grace, then uploads. */
const STOPPING_SECONDS = 300

/** US dollars that it may still cost to stop all jobs that run: they take their time, and warm pools are billed as well. */
export function stoppingCost(
  { workers }: Pick<RunShape, 'workers'>,
  { most }: Pick<HourlyPrices, 'most'>,
  { keepAliveSeconds = 0 }: Pick<JobLimits, 'keepAliveSeconds'>,
): number {
  return (workers * (STOPPING_SECONDS + keepAliveSeconds) * most) / 3600
}

/**
 * Of one run. `most`: all workers busy, on the dearest machines, for the whole of its seconds; or every job that its trials
 * may take for as long as a job may run, and its machines may be kept; whatever is less. `undisturbed`: the same with one job per attempt. `likely`: on machines of the mean price, trials trained in full as
 * fast as when they were recorded.
 */
export function estimateRun(shape: RunShape, prices: HourlyPrices, limits: JobLimits): CostEstimate {
  const { workers, seconds = Infinity, cost = Infinity, trials = Infinity, attempts, fullSeconds } = shape
  const { mean, most, all } = prices
  const { maxRunSeconds, requeues = 0, keepAliveSeconds = 0 } = limits
  const busiest = keepAliveSeconds > 0 ? all : most
  const longest = maxRunSeconds + keepAliveSeconds
  const after = stoppingCost(shape, prices, limits)
  const bound = (jobs: number): number =>
    Math.min((workers * seconds * busiest) / 3600, cost, (jobs * longest * most) / 3600) + after
  const likely = Math.min((workers * seconds * mean) / 3600, cost, (trials * fullSeconds * mean) / 3600)
  const undisturbed = bound(trials * attempts)
  return {
    likely: Math.min(undisturbed, likely),
    undisturbed,
    most: bound(trials * attempts * (1 + requeues)),
  }
}

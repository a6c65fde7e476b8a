/** What runs came to: the types that a run directory holds and that reports are made from. */
import type { Config } from '../core/space.js'
import type { StopReason } from '../core/tuner.js'
import type { IncumbentSteps } from './incumbent-steps.js'

/** The incumbent at the end: the best validation value over all reports, and what was reported for it. */
export interface Best {
  readonly trial: number
  readonly config: Config
  /** The level of the report. */
  readonly resource: number
  /** Value of the objective that steers. */
  readonly validation: number
  /** Value of the metric that is reported for it. */
  readonly test: number
  /** The recorded training behind it (row of the table), or -1 where there is no single one. */
  readonly row: number
}

/** Hypervolume over time is kept at so many times, equally far apart: k / 40 of the budget in seconds. */
export const CURVE_POINTS = 40

/** A trial of a Pareto set, by its last report. */
export interface ParetoMember {
  readonly trial: number
  readonly config: Config
  /** The level of the report. */
  readonly resource: number
  /** Values of the metrics that steer, one per objective: as reported, or as methods compare them where one accumulates. */
  readonly steering: readonly number[]
  /** Values of the metrics that are reported for them, likewise; null where not finite. */
  readonly reported: readonly (number | null)[]
  /** The recorded training behind it (row of the table), or -1 where there is no single one. */
  readonly row: number
}

/** Hypervolume at the end of a run and, where its budget limits seconds, over time. In [0, 1]. */
export interface HypervolumeSummary {
  readonly final: number
  /** At k / {@link CURVE_POINTS} of the budget in seconds, k = 1 .. {@link CURVE_POINTS}. */
  readonly curve?: readonly number[]
}

/** What a run with several objectives came to; see `paretoSummary` for how it is measured. */
export interface ParetoSummary {
  /** Of the Pareto set, at the metrics that are reported. */
  readonly reported: HypervolumeSummary
  /** Of the Pareto set, at the metrics that steer. */
  readonly steering: HypervolumeSummary
  /** At the end, by trial. */
  readonly set: readonly ParetoMember[]
}

/** What the trials of a run used of the machine that trained them. */
export interface MachineUse {
  /** Programs started, restarts included. */
  readonly processes: number
  /** Programs that crashed and were started again. */
  readonly restarts: number
  /** The GPUs that were given out, as in CUDA_VISIBLE_DEVICES. */
  readonly gpus: readonly string[]
  /** Most other trials that were on the same GPU, without GPUs on the machine, at any moment. */
  readonly shared: number
  /** The most memory that one trial was seen to use, in MiB; not known on every system. */
  readonly peakMemoryMiB?: number
}

/** What a trial took of SageMaker, all its jobs together. */
export interface TrialJobs {
  readonly trial: number
  readonly instanceType: string
  readonly instanceCount: number
  readonly jobs: number
  /** How often spot machines were taken away from them; each time the service started the same job again. Absent: never. */
  readonly interruptions?: number
  /** Seconds from asking for its jobs until their machines were there, which is not billed; null where they never were. */
  readonly startUp: number | null
  /** Seconds that each machine was billed for. */
  readonly billable: number
  /** null where the price is not known. */
  readonly usd: number | null
}

/** What the training jobs of a run took, as far as they have ended. */
export interface JobsUse {
  readonly region: string
  /** What prices are of. */
  readonly prices: { readonly source: string; readonly date: string | null }
  readonly jobs: number
  /** Jobs of which the end was not seen: what they cost is missing here. */
  readonly open: number
  /** Jobs that others deleted: what they were billed is a bound, not a bill. Absent in older results. */
  readonly estimated?: number
  /** Seconds on all machines together. */
  readonly billable: number
  /** Of machines that were kept for a next job (warm pools); part of `usd`, of no trial. Absent where none were kept. */
  readonly pools?: { readonly seconds: number; readonly usd: number | null }
  /** US dollars; null where a price is not known. */
  readonly usd: number | null
  readonly trials: readonly TrialJobs[]
}

/** One run in numbers. */
export interface RunSummary {
  /** Position of its cell in the manifest. */
  readonly cell: number
  readonly table: string
  readonly method: string
  readonly seed: number
  readonly workers: number
  readonly trials: number
  readonly reports: number
  /** Simulated, or real for real backends. */
  readonly simulatedSeconds: number
  /** Worker seconds used. */
  readonly busySeconds: number
  /** Worker seconds over the mean seconds of a full training of the default configuration. */
  readonly fullEvaluations: number
  /** What the worker seconds cost in US dollars, or what was billed for them; undefined where no price is known. */
  readonly usd?: number
  /** Why the run ended. */
  readonly reason: StopReason
  /** US dollars of the `--max-cost` that ended it before its own budget was used: its results are those of a smaller one. */
  readonly maxCost?: number
  readonly failures: number
  /** Trials started on each instance type; absent where configurations have none, and in older results. */
  readonly instanceTypes?: Readonly<Record<string, number>>
  /** Trials still running when the run ended, and the worker seconds of their attempts. */
  readonly inFlight: { readonly trials: number; readonly seconds: number }
  /** undefined where no report held a finite value. */
  readonly best?: Best
  /** With two to four objectives. */
  readonly pareto?: ParetoSummary
  /** Of runs on the local backend. */
  readonly machine?: MachineUse
  /** Of runs on SageMaker. */
  readonly jobs?: JobsUse
  readonly digest: string
}

/** Runs that gave up, with their cause. The other runs are not affected. */
export interface RunFailure {
  /** Position of its cell in the manifest. Absent in older results. */
  readonly cell?: number
  readonly table: string
  readonly method: string
  readonly seeds: readonly number[]
  readonly message: string
}

/** What the events and trials of runs say beside their summaries. */
export interface RunDetails {
  /** When the incumbents changed, in the order of the runs. */
  readonly incumbents: IncumbentSteps
  /** By name of the table: how many of its rows (recorded trainings) the runs met. Empty where nothing was replayed. */
  readonly rowsUsed: Readonly<Record<string, number>>
}

/** The runs of a plan. */
export interface RunSet {
  /** In plan order; runs that failed are missing. */
  readonly runs: readonly RunSummary[]
  /** What the events and trials say beside the summaries; undefined where only these were read. */
  readonly details?: RunDetails
  readonly failures: readonly RunFailure[]
  /** sha256 over the runs' digests in plan order. */
  readonly digest: string
  readonly simulatedSeconds: number
  readonly reports: number
}

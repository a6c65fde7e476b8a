/** The document that `bench run --json` prints: everything a script needs, as plain JSON without non-finite numbers. */
import type { StopRule } from '../core/stop-rule.js'
import type { Config } from '../core/space.js'
import type { Manifest } from '../store/manifest.js'
import type { JobsUse, MachineUse, RunFailure, RunSet, RunSummary } from '../store/run-set.js'
import { type Comparison, type ComparisonGroup, type MethodResult, compareRuns } from './comparison.js'
import { assumptionsOf, warningsOf } from './notes.js'
import { type HypervolumeGroup, compareHypervolumes, overTime } from './hypervolumes.js'
import { type MachineGroup, compareMachines } from './machines.js'
import { type AverageRanks, averageRanks } from './ranks.js'

/** One run. */
export interface ResultEntry {
  readonly table: string
  readonly method: string
  readonly seed: number
  readonly workers: number
  readonly budget: StopRule
  readonly trials: number
  readonly reports: number
  readonly simulatedSeconds: number | null
  readonly fullEvaluations: number | null
  /** Why the run ended. */
  readonly reason: string
  /** US dollars of the `--max-cost` that ended it early: it is part of no mean and no comparison. */
  readonly maxCost?: number
  /** Trials that failed. */
  readonly failures: number
  /** What still ran at the end. */
  readonly inFlight: { readonly trials: number; readonly seconds: number | null }
  /** The incumbent; null where nothing finite was reported. */
  readonly best: {
    readonly config: Config
    readonly resource: number
    readonly validation: number | null
    readonly test: number | null
  } | null
  /** What the trials of a local run used of the machine. */
  readonly machine?: MachineUse
  /** What the training jobs of a run on SageMaker took and were billed. */
  readonly jobs?: JobsUse
  /** With several objectives. */
  readonly hypervolume?: {
    /** At the end, at the reported metrics and at those that steer. */
    readonly reported: number
    readonly steering: number
    /** Mean over a budget in seconds; null for other budgets. */
    readonly overTime: number | null
    /** Trials in the Pareto set. */
    readonly setSize: number
  }
}

/** One method on one table, over seeds. */
export type MethodEntry = Pick<
  ComparisonGroup,
  'table' | 'workers' | 'budget' | 'metric' | 'goal' | 'target' | 'regretScale'
> &
  MethodResult

export interface ResultDocument {
  readonly experiment: string
  readonly question: string
  readonly backend: string
  /** null where nothing was written. */
  readonly runDirectory: string | null
  /** Where their numbers come from: recorded, imported, modelled or synthetic. */
  readonly tables: readonly { readonly name: string; readonly provenance: string }[]
  readonly seeds: readonly number[]
  /** Wall time. */
  readonly elapsedSeconds: number | null
  /** Sum over the runs. */
  readonly simulatedSeconds: number | null
  readonly reports: number
  /** sha256 over the runs' decisions and times, in plan order. */
  readonly digest: string
  readonly results: readonly ResultEntry[]
  /** Every method on every table, by the first objective. */
  readonly methods: readonly MethodEntry[]
  /** By the first objective. */
  readonly comparisons: readonly Comparison[]
  /** What simulated results rest on that nobody measured, one sentence each. */
  readonly assumptions?: readonly string[]
  /** With several objectives: hypervolumes, Pareto sets and their comparison. */
  readonly hypervolumes?: readonly HypervolumeGroup[]
  /** Where trials ran on several instance types: which methods tried and ended with. */
  readonly instanceTypes?: readonly MachineGroup[]
  /** With several tables and methods. */
  readonly averageRanks?: AverageRanks
  /** What to mind before the numbers are used, one sentence each; as in the report. */
  readonly warnings?: readonly string[]
  /** Runs that gave up. */
  readonly failures: readonly RunFailure[]
}

/** What the runs of a plan came to, as a document. */
export function resultDocument(
  manifest: Manifest,
  set: RunSet,
  about: { readonly directory: string | undefined; readonly elapsedSeconds: number },
): ResultDocument {
  const assumptions = assumptionsOf(manifest)
  const groups = compareRuns(manifest, set)
  const warnings = warningsOf(manifest, set, groups)
  const hypervolumes = compareHypervolumes(manifest, set)
  const machines = compareMachines(manifest, set)
  const ranks = averageRanks(manifest, set)
  return {
    experiment: manifest.experiment,
    question: manifest.question,
    backend: manifest.backend,
    runDirectory: about.directory ?? null,
    tables: manifest.tables.map(({ name, provenance }) => ({ name, provenance })),
    seeds: manifest.seeds,
    elapsedSeconds: finite(about.elapsedSeconds),
    simulatedSeconds: finite(set.simulatedSeconds),
    reports: set.reports,
    digest: set.digest,
    results: set.runs.map((run) => ({
      table: run.table,
      method: run.method,
      seed: run.seed,
      workers: run.workers,
      budget: manifest.cells[run.cell]!.budget,
      trials: run.trials,
      reports: run.reports,
      simulatedSeconds: finite(run.simulatedSeconds),
      fullEvaluations: finite(run.fullEvaluations),
      reason: run.reason,
      ...(run.maxCost !== undefined && { maxCost: run.maxCost }),
      failures: run.failures,
      inFlight: { trials: run.inFlight.trials, seconds: finite(run.inFlight.seconds) },
      best:
        run.best === undefined
          ? null
          : {
              config: run.best.config,
              resource: run.best.resource,
              validation: finite(run.best.validation),
              test: finite(run.best.test),
            },
      ...(run.machine !== undefined && { machine: run.machine }),
      ...(run.jobs !== undefined && { jobs: run.jobs }),
      ...hypervolumeOf(run),
    })),
    methods: groups.flatMap(({ table, workers, budget, metric, goal, target, regretScale, methods }) =>
      methods.map((method) => ({ table, workers, budget, metric, goal, target, regretScale, ...method })),
    ),
    comparisons: groups.flatMap(({ comparisons }) => comparisons),
    ...(assumptions.length > 0 && { assumptions }),
    ...(hypervolumes.length > 0 && { hypervolumes }),
    ...(machines.length > 0 && { instanceTypes: machines }),
    ...(ranks !== undefined && { averageRanks: ranks }),
    ...(warnings.length > 0 && { warnings }),
    failures: set.failures,
  }
}

function hypervolumeOf({ pareto }: RunSummary): Pick<ResultEntry, 'hypervolume'> {
  if (pareto === undefined) return {}
  const { reported, steering, set } = pareto
  const mean = overTime(reported) ?? null
  return { hypervolume: { reported: reported.final, steering: steering.final, overTime: mean, setSize: set.length } }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Runs an experiment from beginning to end: finds its tables, plans, executes, and leaves a run directory. */
import { join, resolve } from 'node:path'
import type { Experiment } from '../core/experiment.js'
import type { Space } from '../core/space.js'
import { lockJournal } from '../store/journal-lock.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import type { SurrogateTable } from '../surrogates/table.js'
import { execute } from './execute.js'
import { manifestOf } from './manifest-of.js'
import type { Plan } from './plan.js'
import { type PlanOptions, planRun } from './plan-run.js'
import { findDirectory, makeDirectory } from './run-folder.js'
import type { LocalSettings } from './local/prepare.js'
import type { SageMakerSettings } from './sagemaker/settings.js'

export interface RunOptions extends PlanOptions {
  /** Worker threads of the simulation; default one per processor. 0 runs on the calling thread. */
  readonly threads?: number
  /**
   * `simulated` replays tables (default); `local` trains for real on this machine; `sagemaker` in training jobs of
   * Amazon SageMaker, which costs money.
   */
  readonly backend?: Manifest['backend']
  /** Local backend: the folder of the training data. */
  readonly dataDir?: string
  /** Local backend: what tables that do not ship were recorded with: paths of modules that default-export a recording. */
  readonly recordings?: readonly string[]
  /** Local backend: what trials get of this machine, and what becomes of those that fail. */
  readonly local?: LocalSettings
  /** SageMaker backend: how its jobs are made, and what they may cost. */
  readonly sagemaker?: SageMakerSettings | undefined
  /** The run directory; default `results/<experiment>-<time>`; false keeps nothing on disk. */
  readonly out?: string | false
  /** Go on with the run in `out`: what is finished is not run again. */
  readonly resume?: boolean
  readonly onPlan?: (manifest: Manifest, directory: string | undefined) => void
  readonly onProgress?: (done: number, total: number) => void
  /** Real backends: what does not end a trial but should be known. Default: a warning of the process. */
  readonly onWarning?: (text: string) => void
  readonly signal?: AbortSignal
}

export interface ExperimentResult {
  readonly manifest: Manifest
  /** undefined where nothing was kept. */
  readonly directory: string | undefined
  /** Wall time. */
  readonly elapsedSeconds: number
  readonly set: RunSet
}

/** Runs all of a plan in a directory, undefined where nothing is kept. */
type Execute = (directory: string | undefined) => Promise<RunSet>

/**
 * Runs an experiment.
 *
 * @param experiment an experiment, the name of one that ships, or the path of a module that default-exports one
 * @throws BenchError for bad input (before anything is run) or when every run failed
 */
export async function runExperiment<S extends Space = Space>(
  experiment: Experiment<S> | string,
  options: RunOptions = {},
): Promise<ExperimentResult> {
  const begun = performance.now()
  const backend = options.backend ?? 'simulated'
  const { plan, tables } = await planRun(experiment, options, backend === 'sagemaker')
  const begin = await PREPARE[backend](plan, tables, options)
  const manifest = manifestOf(plan, tables, backend)
  options.signal?.throwIfAborted()
  const directory = options.out === false ? undefined : findDirectory(manifest, options)
  const run = await begin(directory)
  options.signal?.throwIfAborted()
  if (directory !== undefined && options.resume !== true) makeDirectory(directory, manifest)
  const unlock = backend !== 'simulated' && directory !== undefined ? lockRuns(directory) : undefined
  try {
    options.onPlan?.(manifest, directory)
    const set = await run(directory)
    return { manifest, directory, elapsedSeconds: (performance.now() - begun) / 1000, set }
  } finally {
    unlock?.()
  }
}

/**
 * Checks what a plan needs of a backend. What it returns is called when all else is known to be right and before anything is
 * written, and says how the plan is run. Backends are loaded when one is needed.
 */
type Prepare = (plan: Plan, tables: readonly SurrogateTable[], options: RunOptions) => Promise<Begin>

/** @param directory of the run: one that is there where it goes on */
type Begin = (directory: string | undefined) => Promise<Execute>

const PREPARE: Readonly<Record<Manifest['backend'], Prepare>> = {
  simulated: async (plan, tables, options) => async () => (directory) =>
    execute(plan, tables, {
      ...shared(options),
      ...(directory !== undefined && { directory }),
      ...(options.threads !== undefined && { threads: options.threads }),
    }),
  local: async (plan, tables, options) => {
    const { prepareLocal } = await import('./local/prepare.js')
    const prepared = await prepareLocal(plan, tables, options.local, options.recordings)
    const { executeLocally } = await import('./local/runs.js')
    return async () => (directory) =>
      executeLocally(plan, prepared, {
        ...shared(options),
        ...(directory !== undefined && { directory }),
        ...(options.onWarning && { onWarning: options.onWarning }),
        dataDir: options.dataDir === undefined ? undefined : resolve(options.dataDir),
      })
  },
  sagemaker: async (plan, tables, options) => {
    const { settingsOf } = await import('./sagemaker/settings.js')
    const { prepareSageMaker } = await import('./sagemaker/prepare.js')
    const { config, maxCost, confirm } = settingsOf(options)
    const prepared = await prepareSageMaker(plan, tables, config, maxCost)
    return async (found) => {
      const { checkOutsideSource } = await import('./sagemaker/outside-source.js')
      checkOutsideSource(config.source, found!, 'the run directory')
      if (options.resume === true) {
        const { checkResumed } = await import('./sagemaker/header.js')
        checkResumed(prepared, found!)
      }
      await confirm?.(prepared)
      const { executeOnSageMaker, openSageMaker } = await import('./sagemaker/runs.js')
      const session = await openSageMaker(prepared, options.onWarning, undefined, options.signal)
      return (directory) =>
        executeOnSageMaker(plan, session, {
          ...shared(options),
          directory: directory!,
          ...(maxCost !== undefined && { maxCost }),
        })
    }
  },
}

function shared({ resume, onProgress, signal }: RunOptions) {
  return { ...(resume && { resume: true }), ...(onProgress && { onProgress }), ...(signal && { signal }) }
}

/** Says to others that this process works on a run directory, also between two of its runs. @throws BenchError if another one does */
function lockRuns(directory: string): () => void {
  return lockJournal(join(directory, 'runs'), `the run directory ${directory}`)
}

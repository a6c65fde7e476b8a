/** How many processor threads the numeric libraries of a trial may use. */

/**
 * What limits the threads of OpenMP (PyTorch, scikit-learn), OpenBLAS, MKL, BLIS, Accelerate, NumExpr, Numba, Rayon
 * (tokenizers, polars) and TensorFlow. Unlimited, each trial makes as many threads as there are cores.
 */
export const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMBA_NUM_THREADS',
  'RAYON_NUM_THREADS',
  'TF_NUM_INTRAOP_THREADS',
] as const

/** A limit that was asked for, or the default. */
export interface ThreadLimit {
  readonly threads: number
  /** Asked for: it also replaces what this process was started with. */
  readonly given: boolean
}

/** The default: the cores shared out evenly. */
export function defaultThreads(cores: number, workers: number): number {
  return Math.max(1, Math.floor(cores / workers))
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that limit a trial's threads. What the program's own environment sets always stays. The default gives way
 * altogether where the program's environment or that of this process sets one of them: whoever does has thought about it.
 */
export function threadVariables(
  limit: ThreadLimit,
  ofProgram: Environment,
  inherited: Environment,
): Record<string, string> {
  const sets = (environment: Environment): boolean => THREAD_VARIABLES.some((name) => environment[name] !== undefined)
  if (!limit.given && (sets(ofProgram) || sets(inherited))) return {}
  const free = THREAD_VARIABLES.filter((name) => ofProgram[name] === undefined)
  return Object.fromEntries(free.map((name) => [name, String(limit.threads)]))
}

/** Replays a file of recorded decisions. */
import { BenchError } from '../../core/errors.js'
import { checkCutoff, checkLevels, checkSort, checkVolume } from './checks.js'
import type { Outcome } from './outcome.js'
import { type RecordedCase, readRecorded } from './recorded.js'
import { replayRun } from './replay-run.js'

/** What became of the cases of a file. */
export interface ReplayResult extends Outcome {
  readonly cases: number
  /** How many cases came out different. */
  readonly different: number
}

/**
 * Decides every case of a file again, with the registry's schedulers and this library's multi-objective tools alone.
 *
 * @param path JSON lines, gzipped or not; the kinds of case are described in `docs/testing.md`
 * @returns `difference`: the first one, if there is any
 * @throws BenchError if the file cannot be read, or holds a case of a kind or scheduler that is not known
 */
export function replayFile(path: string): ReplayResult {
  const total = { cases: 0, decisions: 0, equal: 0, different: 0 }
  let first: string | undefined
  for (const one of readRecorded(path)) {
    const { decisions, equal, difference } = replay(one)
    total.cases++
    total.decisions += decisions
    total.equal += equal
    if (difference === undefined) continue
    total.different++
    first ??= difference
  }
  return first === undefined ? total : { ...total, difference: first }
}

function replay(one: RecordedCase): Outcome {
  try {
    return outcomeOf(one)
  } catch (error) {
    throw error instanceof BenchError ? new BenchError(`${one.name}: ${error.message}`, { cause: error }) : error
  }
}

function outcomeOf(one: RecordedCase): Outcome {
  switch (one.kind) {
    case 'run':
      return replayRun(one.run)
    case 'sort':
      return checkSort(one.sort)
    case 'volume':
      return checkVolume(one.volume)
    case 'levels':
      return checkLevels(one.levels)
    case 'cutoff':
      return checkCutoff(one.cutoff)
  }
}

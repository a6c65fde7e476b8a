/** What becomes of an attempt when its job has ended and all of its log was read. */
import type { LostLevels } from '../real-time/lost-levels.js'
import { silentEnd } from '../real-time/silent-end.js'
import { type Attempt, type Job, reporterOf } from './attempt.js'
import { crashReason } from './crash-reason.js'
import { hasSaid } from './interruptions.js'
import { jobEnd } from './job-end.js'
import type { SageMakerBackendOptions } from './options.js'
import { hidden } from './secrets.js'
import type { JobDescription } from './services.js'

/**
 * - `completed`, `failed`
 * - `again`: it gets another job; `counts` says of which kind there may only be so many
 * - `back`: likewise, but not with the checkpoint as it is
 */
export type Sequel =
  | { readonly kind: 'completed' | 'failed' | 'back'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string; readonly counts?: 'crashes' | 'losses' }

/** @param lost is told of a program that ended well */
export function sequelOf(
  job: Job,
  description: JobDescription,
  options: SageMakerBackendOptions,
  lost: LostLevels,
): Sequel {
  const { config, run, resource, maxResource } = options
  const { attempt } = job
  const { fault, jumped, level, crashes, losses } = attempt
  const wasLost = `${resource} ${level + 1} was trained before, but its report was lost`
  if (fault !== '') return { kind: 'failed', reason: fault }
  if (jumped) return { kind: 'back', reason: wasLost }
  const { kind, reason: said } = jobEnd(description, job.stopWanted)
  if (kind === 'completed') {
    if (run.checkpoints && lost.atEnd(maxResource, reporterOf(attempt))) return { kind: 'back', reason: wasLost }
    const silent = silentEnd(level, options)
    return silent === '' ? { kind, reason: said } : { kind: 'failed', reason: silent }
  }
  const secrets = Object.values(config.environment)
  const reason = kind === 'crashed' ? crashReason(said, job.log.last, secrets) : hidden(said, secrets)
  if (job.former && description.TrainingJobStatus === 'Stopped' && kind === 'lost')
    return { kind: 'again', reason: 'its job was stopped when the run was interrupted' }
  if (kind === 'crashed' && crashes < config.retries) return { kind: 'again', reason, counts: 'crashes' }
  // What it found may have been torn as the last job ended, or the machine was taken away.
  if (kind === 'crashed' && run.checkpoints && level > 0 && !hasSaid(job, description)) return { kind: 'back', reason }
  if (kind === 'lost' && losses < config.requeues) return { kind: 'again', reason, counts: 'losses' }
  return { kind: 'failed', reason }
}

/** From what the program starts instead. undefined: nothing is left to try. */
export function goBack(attempt: Attempt): string | undefined {
  if (attempt.fresh) return undefined
  // A donor may have been writing as the first copy was made.
  if (attempt.donor !== undefined && !attempt.copiedAgain) {
    attempt.copiedAgain = true
    attempt.begins = 'copy'
    return `another copy of trial ${attempt.donor}'s checkpoint`
  }
  attempt.fresh = true
  attempt.begins = 'empty'
  return 'nothing'
}

/** What the journal of an interrupted run tells those who go on with it. */
import type { Interrupted } from '../backends/real-time/lost-levels.js'
import type { TrialId } from '../core/trial.js'
import { runEvent } from '../store/journal-recorder.js'
import type { Journal } from '../store/journal.js'

/**
 * @param journal as it was when the run was interrupted
 * @param maxResource the last level of a training
 */
export function interruptedRun({ entries }: Pick<Journal, 'entries'>, maxResource: number): Interrupted {
  const trials = new Set<TrialId>()
  /** The last level that the running process of a trial reported. */
  const last = new Map<TrialId, number>()
  const retried = new Map<TrialId, { attempt: number; times: number }>()
  /** How the last process of a trial ended. */
  const exits = new Map<unknown, unknown>()
  let skips = false
  let endsEarly = false
  for (const line of entries) {
    if (line.event === 'attempt') exits.set(line['trial'], line['exit'])
    const event = runEvent(line)
    if (event === undefined) continue
    if (event.event === 'start') {
      trials.add(event.trial)
      if (event.copy === undefined) last.set(event.trial, 0)
    } else if (event.event === 'report') {
      skips ||= event.resource > (last.get(event.trial) ?? Infinity) + 1
      last.set(event.trial, event.resource)
    } else if (event.event === 'resume') last.delete(event.trial)
    else if (event.event === 'restart') {
      last.delete(event.trial)
      // A restart for another reason says more than how the process ended.
      const { trial, attempt, reason } = event
      const before = retried.get(trial)
      if (reason === exits.get(trial))
        retried.set(trial, { attempt, times: (before?.attempt === attempt ? before.times : 0) + 1 })
    } else if (event.event === 'end') {
      trials.delete(event.trial)
      endsEarly ||= event.state === 'completed' && (last.get(event.trial) ?? maxResource) < maxResource
    }
  }
  return { trials, skips, endsEarly, retried }
}

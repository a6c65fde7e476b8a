/** What the journal of an interrupted run tells of its reports. */
import type { InterruptedReports } from '../backends/local/lost-levels.js'
import type { TrialId } from '../core/trial.js'
import { runEvent } from '../store/journal-recorder.js'
import type { Journal } from '../store/journal.js'

/**
 * @param journal as it was when the run was interrupted
 * @param maxResource the last level of a training
 */
export function interruptedReports({ entries }: Pick<Journal, 'entries'>, maxResource: number): InterruptedReports {
  const trials = new Set<TrialId>()
  /** The last level that the running process of a trial reported. */
  const last = new Map<TrialId, number>()
  let skips = false
  let endsEarly = false
  for (const line of entries) {
    const event = runEvent(line)
    if (event === undefined) continue
    if (event.event === 'start') {
      trials.add(event.trial)
      if (event.copy === undefined) last.set(event.trial, 0)
    } else if (event.event === 'report') {
      skips ||= event.resource > (last.get(event.trial) ?? Infinity) + 1
      last.set(event.trial, event.resource)
    } else if (event.event === 'resume' || event.event === 'restart') last.delete(event.trial)
    else if (event.event === 'end') {
      trials.delete(event.trial)
      endsEarly ||= event.state === 'completed' && (last.get(event.trial) ?? maxResource) < maxResource
    }
  }
  return { trials, skips, endsEarly }
}

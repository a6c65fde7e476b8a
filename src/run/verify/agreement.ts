/** Would the schedulers of a simulated run have decided the same, had the reports held the real values? */
import type { RunEvent } from '../../store/journal-recorder.js'
import type { DecisionAgreement } from '../../store/verification.js'
import { type FreshParts, decisionOf, replayEvents } from '../replay-events.js'

/** The counts of one run or more. */
export type Agreement = Omit<DecisionAgreement, 'table' | 'method' | 'workers'>

export const NO_AGREEMENT: Agreement = {
  runs: 0,
  replaced: 0,
  agree: 0,
  disagree: 0,
  undecidable: 0,
  endsAgree: 0,
  endsDisagree: 0,
  first: null,
}

/**
 * Replays a run in the simulated order of its events. After a trial was decided otherwise, what the simulation says about it
 * later is passed over; another job than in the simulation ends the replay, since the order of events is not known then.
 *
 * @param events with the real values in them
 */
export function agreementOf(events: readonly RunEvent[], replaced: number, parts: FreshParts): Agreement {
  const count = { agree: 0, disagree: 0, endsAgree: 0, endsDisagree: 0 }
  const deciding = events.filter((event) => event.event !== 'end' && event.event !== 'ignored').length
  const lost = new Set<number>()
  let first: string | null = null
  const judge = (index: number, now: string, same: boolean): void => {
    const event = events[index]!
    const before = decisionOf(event)
    const ends = event.event === 'report' && (before !== 'continue' || now !== 'continue')
    if (same) {
      count.agree++
      if (ends) count.endsAgree++
      return
    }
    count.disagree++
    if (ends) count.endsDisagree++
    if (event.event === 'report') lost.add(event.trial)
    const where = event.event === 'report' ? `trial ${event.trial} at level ${event.resource}` : 'a free worker'
    first ??= `${where}: ${before} in the simulation, ${now} with real values`
  }
  replayEvents(events, parts, {
    onDecision: (index, decision) => {
      const event = events[index]!
      // It runs on after the simulation stopped it, and its next report is not known: nothing of it is counted.
      if (lost.has(event.trial)) return
      judge(index, decision, decision === decisionOf(event))
    },
    onJob: judge,
  })
  return { runs: 1, replaced, ...count, undecidable: deciding - count.agree - count.disagree, first }
}

export function addAgreement(a: Agreement, b: Agreement): Agreement {
  return {
    runs: a.runs + b.runs,
    replaced: a.replaced + b.replaced,
    agree: a.agree + b.agree,
    disagree: a.disagree + b.disagree,
    undecidable: a.undecidable + b.undecidable,
    endsAgree: a.endsAgree + b.endsAgree,
    endsDisagree: a.endsDisagree + b.endsDisagree,
    first: a.first ?? b.first,
  }
}

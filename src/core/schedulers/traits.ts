/** What a scheduler needs and assumes, together with one inside it. */
import type { SchedulerDefinition } from './definition.js'
import { schedulers } from './index.js'
import type { InnerSpec } from './inner-scheduler.js'

/** See {@link SchedulerDefinition}. */
export interface SchedulerTraits {
  readonly copies: boolean
  readonly pauses: boolean
  readonly assumptions: string | undefined
  readonly ranked: boolean
}

/** @param options checked options; one that holds an inner scheduler is called `scheduler` */
export function traitsOf(definition: SchedulerDefinition, options: Readonly<Record<string, unknown>>): SchedulerTraits {
  const { copies = false, pauses = true, assumptions, ranked = true } = definition
  const spec = options['scheduler'] as InnerSpec | undefined
  const known = schedulers as unknown as Readonly<Record<string, SchedulerDefinition>>
  if (spec === undefined || !Object.hasOwn(known, spec.type)) return { copies, pauses, assumptions, ranked }
  const inner = traitsOf(known[spec.type]!, spec)
  return {
    copies: copies || inner.copies,
    pauses: pauses || inner.pauses,
    assumptions: assumptions ?? inner.assumptions,
    ranked: ranked && inner.ranked,
  }
}

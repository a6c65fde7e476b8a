/** What a registry knows about a scheduler. Each scheduler's file exports one; `index.ts` lists them. */
import type { z } from 'zod'
import type { Scheduler, SchedulerContext } from '../scheduler.js'

/**
 * Laws that a scheduler may declare; where one does not hold, its definition gives the reason instead of `true`.
 *
 * - `dominance`: a trial that is better than every other entry of its rung, in every objective, continues
 * - `monotone`: decisions do not change under a strictly increasing transform of a metric
 * - `mirror`: decisions do not change when a metric is negated and its goal turned round
 * - `rescale`: decisions do not change when a metric is multiplied by a positive number (follows from `monotone`)
 */
export interface SchedulerLaws {
  readonly dominance: true | string
  readonly monotone: true | string
  readonly mirror: true | string
  /** Default: as `monotone`. */
  readonly rescale?: true | string
}

/** A scheduler as it is registered, or given to an experiment by value or by module path. */
export interface SchedulerDefinition<O extends z.ZodObject = z.ZodObject> {
  /** One sentence for lists. */
  readonly summary: string
  /** The paper, or the system whose behaviour this is. */
  readonly reference: string
  /** Options with their defaults; each `.describe`s itself. */
  readonly options: O
  readonly laws: SchedulerLaws
  /** Whether it ranks by the first objective only (default) or by all of them. */
  readonly objectives?: 'first' | 'all'
  /** Whether it starts trials from copies of others' checkpoints: what cannot do that refuses it. Default false. */
  readonly copies?: boolean
  /** Whether it may pause trials and resume them, so that one trial takes several attempts. Default true. */
  readonly pauses?: boolean
  /** What its simulated results rest on that nobody measured: stands in the manifest and in every report. */
  readonly assumptions?: string
  /** Whether its results may be ranked among those of other schedulers; false where its assumptions forbid it. Default true. */
  readonly ranked?: boolean
  /** Settings beside the defaults under which the laws are tested. */
  readonly variants?: readonly z.input<O>[]
  create(options: z.infer<O>, context: SchedulerContext): Scheduler
}

/** Types a definition by its options. */
export function defineScheduler<O extends z.ZodObject>(definition: SchedulerDefinition<O>): SchedulerDefinition<O> {
  return definition
}

/** The laws of a scheduler that looks at the order of values only. */
export const rankBased: SchedulerLaws = { dominance: true, monotone: true, mirror: true }

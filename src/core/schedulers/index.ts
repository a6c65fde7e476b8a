/** The schedulers by name. To add one: a file beside this one, and an entry here. */
import type { z } from 'zod'
import type { Scheduler, SchedulerContext } from '../scheduler.js'
import { ashaOptions } from './asha-options.js'
import { AshaPromotion } from './asha-promotion.js'
import { AshaStopping } from './asha-stopping.js'
import { Fifo, fifoOptions } from './fifo.js'

/**
 * Laws that a scheduler may declare; where one does not hold, its entry gives the reason instead of `true`.
 *
 * - `dominance`: a trial that is better than every other entry of its rung continues
 * - `monotone`: decisions do not change under a strictly increasing transform of the metric
 * - `mirror`: decisions do not change when the metric is negated and its goal turned round
 */
export interface SchedulerLaws {
  readonly dominance: true | string
  readonly monotone: true | string
  readonly mirror: true | string
}

/** What the registry knows about a scheduler. */
export interface SchedulerDefinition<O extends z.ZodObject = z.ZodObject> {
  readonly summary: string
  readonly reference: string
  readonly options: O
  readonly laws: SchedulerLaws
  create(options: z.infer<O>, context: SchedulerContext): Scheduler
}

function scheduler<O extends z.ZodObject>(definition: SchedulerDefinition<O>): SchedulerDefinition<O> {
  return definition
}

const rankBased: SchedulerLaws = { dominance: true, monotone: true, mirror: true }
const ashaPaper = 'Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning'

export const schedulers = {
  fifo: scheduler({
    summary: 'Every trial runs to the end; with the random searcher this is random search.',
    reference: 'Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization',
    options: fifoOptions,
    laws: rankBased,
    create: (options, context) => new Fifo(options, context),
  }),
  'asha-stopping': scheduler({
    summary: 'ASHA that stops trials at rungs; no checkpoints needed.',
    reference: ashaPaper,
    options: ashaOptions,
    laws: rankBased,
    create: (options, context) => new AshaStopping(options, context),
  }),
  'asha-promotion': scheduler({
    summary: 'ASHA that pauses trials at rungs and promotes the best, as published.',
    reference: ashaPaper,
    options: ashaOptions,
    laws: rankBased,
    create: (options, context) => new AshaPromotion(options, context),
  }),
}

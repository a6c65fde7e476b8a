/** The schedulers by name. To add one: a file beside this one that exports its definition, and a line here. */
import { ashaPromotion } from './asha-promotion.js'
import { ashaStopping } from './asha-stopping.js'
import { fifo } from './fifo.js'
import { hyperband } from './hyperband.js'
import { successiveHalving } from './successive-halving.js'

export { type SchedulerDefinition, type SchedulerLaws, defineScheduler } from './definition.js'

export const schedulers = {
  fifo,
  'asha-stopping': ashaStopping,
  'asha-promotion': ashaPromotion,
  'successive-halving': successiveHalving,
  hyperband,
}

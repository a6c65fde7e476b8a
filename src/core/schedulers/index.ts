/** The schedulers by name. To add one: a file beside this one that exports its definition, and a line here. */
import { ashaPromotion } from './asha-promotion.js'
import { ashaStopping } from './asha-stopping.js'
import { costPromotion } from './cost-promotion.js'
import { type SchedulerDefinition } from './definition.js'
import { dehb } from './dehb.js'
import { fifo } from './fifo.js'
import { hyperband } from './hyperband.js'
import { medianStopping } from './median-stopping.js'
import { moAshaPromotion } from './mo-asha-promotion.js'
import { moAshaStopping } from './mo-asha-stopping.js'
import { pasha } from './pasha.js'
import { patientStopping } from './patient-stopping.js'
import { percentileStopping } from './percentile-stopping.js'
import { populationBasedTraining } from './population-based-training.js'
import { rushPromotion } from './rush-promotion.js'
import { rushStopping } from './rush-stopping.js'
import { successiveHalving } from './successive-halving.js'
import { thresholdStopping } from './threshold-stopping.js'

export { type SchedulerDefinition, type SchedulerLaws, defineScheduler } from './definition.js'

export const schedulers = {
  fifo,
  'asha-stopping': ashaStopping,
  'asha-promotion': ashaPromotion,
  'mo-asha-stopping': moAshaStopping,
  'mo-asha-promotion': moAshaPromotion,
  'rush-stopping': rushStopping,
  'rush-promotion': rushPromotion,
  pasha,
  'successive-halving': successiveHalving,
  hyperband,
  'population-based-training': populationBasedTraining,
  dehb,
  'cost-promotion': costPromotion,
  'median-stopping': medianStopping(registry),
  'percentile-stopping': percentileStopping(registry),
  'patient-stopping': patientStopping(registry),
  'threshold-stopping': thresholdStopping(registry),
}

/** For schedulers that have another one inside; looked into only once all are registered. */
function registry(): Readonly<Record<string, SchedulerDefinition>> {
  return schedulers as unknown as Readonly<Record<string, SchedulerDefinition>>
}

/** Schedulers driven by hand: made from the registry, with a searcher that always has another configuration. */
import type { z } from 'zod'
import { SpaceSource } from '../../../src/core/config-source.js'
import type { Goal } from '../../../src/core/objective.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { Decision, Scheduler } from '../../../src/core/scheduler.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import { float } from '../../../src/core/space.js'
import { parseOr } from '../../../src/core/zod-error.js'
import { countingSearcher } from './by-hand.js'

export interface MakeOptions {
  readonly maxResource?: number
  readonly goal?: Goal
  /** How many trials may start. */
  readonly trials?: number
}

export function make(type: keyof typeof schedulers, options: object = {}, given: MakeOptions = {}): Scheduler {
  const schema: z.ZodType = schedulers[type].options
  return schedulers[type].create(parseOr(schema, options, 'options') as never, {
    searcher: countingSearcher(given.trials),
    source: new SpaceSource({ x: float(0, 1) }),
    ...(given.trials !== undefined && { maxTrials: given.trials }),
    objectives: [{ metric: 'loss', goal: given.goal ?? 'min', report: 'loss' }],
    maxResource: given.maxResource ?? 100,
    random: new RandomStreams(0),
  })
}

export function report(scheduler: Scheduler, trial: number, resource: number, value: number): Decision {
  return scheduler.onReport(trial, resource, Float64Array.of(value))
}

/** Starts so many trials. */
export function start(scheduler: Scheduler, trials: number): void {
  for (let trial = 0; trial < trials; trial++) scheduler.next(trial)
}

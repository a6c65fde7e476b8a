/** A scheduler inside another one, given as an option. */
import { z } from 'zod'
import { suggestion } from '../nearest-name.js'
import type { Scheduler, SchedulerContext } from '../scheduler.js'
import type { SchedulerDefinition } from './definition.js'

/** The registry, looked into when it is needed: a scheduler that has another one inside is itself in the registry. */
export type Registry = () => Readonly<Record<string, SchedulerDefinition>>

/** An inner scheduler with all its options filled in; plain data. */
export interface InnerSpec {
  readonly [option: string]: unknown
  readonly type: string
}

/**
 * The option `scheduler: { type, ...options }`, by default fifo: a registered scheduler, its options checked by its own
 * schema. A fault is named by the full path to it, e.g. `methods.median.scheduler.scheduler.reductionFactor`.
 */
export function innerScheduler(registry: Registry) {
  return z
    .looseObject({ type: z.string() })
    .transform(({ type, ...options }, context): InnerSpec => {
      const fault = (path: PropertyKey[], message: string): void =>
        context.addIssue({ code: 'custom', path, message, input: options })
      const known = registry()
      if (!Object.hasOwn(known, type)) {
        fault(['type'], `must be the name of a scheduler${suggestion(type, Object.keys(known))}`)
        return z.NEVER
      }
      const schema = known[type]!.options
      const checked = schema.safeParse(options)
      if (checked.success) return { ...checked.data, type }
      for (const issue of checked.error.issues)
        if (issue.code === 'unrecognized_keys')
          for (const key of issue.keys)
            fault([...issue.path, key], `${type} has no such option${suggestion(key, Object.keys(schema.shape))}`)
        else fault(issue.path, issue.message)
      return z.NEVER
    })
    .prefault({ type: 'fifo' })
    .describe('the scheduler around which the rule stops trials')
}

/** Makes the scheduler of a checked spec. */
export function makeInner(registry: Registry, { type, ...options }: InnerSpec, context: SchedulerContext): Scheduler {
  return registry()[type]!.create(options, context)
}

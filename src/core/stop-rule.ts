/** When a run ends. Any one of the given limits suffices. */
import { z } from 'zod'

/**
 * Limits of a run. All are exact: an event at time <= `seconds` counts, later ones are neither delivered nor stored.
 */
export const stopRuleSchema = z
  .strictObject({
    /** Seconds since the run began, simulated or real. */
    seconds: z.number().positive().finite().optional(),
    /** Full trainings of the default configuration, per worker; resolved to seconds when the run is planned. */
    fullEvaluations: z.number().positive().finite().optional(),
    /** Trials started; those that run then go on to their end. */
    trials: z.int().positive().optional(),
    /** Trials ended: completed, stopped, diverged or failed; paused ones do not count. */
    evaluations: z.int().positive().optional(),
    /** Reports delivered. */
    reports: z.int().positive().optional(),
    /** US dollars: worker seconds times the price per hour, the trial's instance type's where the table has them. */
    cost: z.number().positive().finite().optional(),
    /** A value of an objective, as reported, that is good enough. */
    target: z.strictObject({ metric: z.string(), value: z.number() }).optional(),
  })
  .refine((rule) => Object.values(rule).some((limit) => limit !== undefined), {
    message: 'needs at least one limit, e.g. { fullEvaluations: 13 }',
  })

/** Limits of a run; see {@link stopRuleSchema} for their meaning. */
export type StopRule = z.infer<typeof stopRuleSchema>

/** The options that the two kinds of ASHA share. */
import { z } from 'zod'
import { RUNG_RULES, type PassingCount, passingCount, rungLevels } from '../rung.js'

export const ashaOptions = z.strictObject({
  /** r_min: the first rung, in units of the resource. */
  gracePeriod: z.int().min(1).default(1).describe('first rung level r_min'),
  /** eta: about one of eta trials passes a rung. */
  reductionFactor: z.number().min(2).default(3).describe('eta: about one of eta trials passes a rung'),
  /** How many brackets; 1 is plain ASHA. At most one more than there are rungs. */
  brackets: z.int().min(1).default(1).describe('number of brackets; 1 is plain ASHA'),
  /** Who passes a rung; see {@link RUNG_RULES}. */
  rule: z.enum(RUNG_RULES).default('exact').describe('who passes a rung'),
})
export type AshaOptions = z.infer<typeof ashaOptions>

/** The rungs of a setting: their levels, and how many entries of each pass. */
export function ashaRungs(
  options: AshaOptions,
  maxResource: number,
  least: 0 | 1,
): { level: number; passing: PassingCount }[] {
  const levels = rungLevels(options.gracePeriod, options.reductionFactor, maxResource)
  return levels.map((level, j) => ({
    level,
    passing: passingCount(options.rule, level, levels[j + 1] ?? maxResource, options.reductionFactor, least),
  }))
}

export const ashaPaper = 'Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning'

/** Settings under which the laws are tested, beside the defaults. */
export const ashaVariants: z.input<typeof ashaOptions>[] = [
  { reductionFactor: 2, brackets: 3 },
  { rule: 'rank' },
  { rule: 'paper', gracePeriod: 2 },
]

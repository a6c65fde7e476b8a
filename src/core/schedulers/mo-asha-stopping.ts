/** MO-ASHA, stopping type: a trial that is not among the best of its rung so far, in several objectives at once, is stopped. */
import { z } from 'zod'
import { invalid } from '../errors.js'
import { type Goal, toLoss } from '../objective.js'
import type { Ranking } from '../ranking/ranking.js'
import { SyneTuneRanking } from '../ranking/syne-tune-ranking.js'
import type { PassingCount } from '../rungs/rung.js'
import { StoppingLadder } from '../rungs/stopping-ladder.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'
import { defineScheduler } from './definition.js'
import {
  moAshaLaws,
  moAshaLevels,
  moAshaOptions,
  moAshaPaper,
  moAshaRanking,
  moAshaVariants,
} from './mo-asha-options.js'

const moAshaStoppingOptions = moAshaOptions.extend({
  /**
   * What becomes of a level that a trial jumped over. `judge`: it is judged there at the first report past it, with those
   * values. `ignore`: it is not filed there and goes on. `late`: a report is filed at one level only, the highest reached
   * where the trial is not filed yet, so that lower ones fill up with later values; levels are not rounded (Syne Tune).
   */
  skipped: z
    .enum(['judge', 'ignore', 'late'])
    .default('judge')
    .describe('what becomes of a level that was jumped over'),
  /** A trial that ends by itself files its last values once more, at a level that is still open to it (with `late`). */
  refileLast: z.boolean().default(false).describe('file the last values of a trial that ends by itself once more'),
  /** Ranks as Syne Tune 0.13 to 0.15 do by mistake, see {@link SyneTuneRanking}. Only with priority `nondominated`. */
  compat: z.enum(['syne-tune']).optional().describe('rank as another system does by mistake'),
})
export type MoAshaStoppingOptions = z.infer<typeof moAshaStoppingOptions>

interface Rung {
  readonly level: number
  readonly passing: PassingCount
  readonly ranking: Ranking
  entries: number
}

/**
 * Multi-objective asynchronous successive halving (Schmucker et al. 2021, section 3; Salinas et al. 2021, algorithm 1; as
 * in Syne Tune): rungs and brackets as in ASHA, but the entries of a rung are ranked by all objectives, see `priority`.
 */
export class MoAshaStopping implements Scheduler {
  readonly #ladder: StoppingLadder
  readonly #rungs: readonly Rung[]
  readonly #goals: readonly Goal[]
  readonly #losses: Float64Array

  constructor(options: MoAshaStoppingOptions, context: SchedulerContext) {
    const objectives = context.objectives.length
    if (options.compat !== undefined && options.priority !== 'nondominated')
      throw invalid('compat', options.compat, 'goes with priority "nondominated" only', 'leave priority or compat out')
    if (options.compat !== undefined && options.rule !== 'rank')
      throw invalid('compat', options.compat, 'goes with rule "rank" only', 'leave rule or compat out')
    const ranking =
      options.compat === undefined ? moAshaRanking(options, context) : () => new SyneTuneRanking(objectives)
    this.#goals = context.objectives.map(({ goal }) => goal)
    this.#losses = new Float64Array(objectives)
    this.#rungs = moAshaLevels(options, context.maxResource, 1, options.skipped !== 'late').map(
      ({ level, passing }) => ({ level, passing, ranking: ranking(), entries: 0 }),
    )
    const levels = this.#rungs.map(({ level }) => level)
    this.#ladder = new StoppingLadder(levels, options, context, (trial, rung, values) =>
      this.#file(trial, rung, values),
    )
  }

  next(trial: TrialId): Job {
    return this.#ladder.next(trial)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    return this.#ladder.onReport(trial, resource, values)
  }

  onEnd(trial: TrialId, state: EndState): void {
    this.#ladder.onEnd(trial, state)
  }

  explain(): string {
    const { trial, rung: j, passes } = this.#ladder.last
    const rung = this.#rungs[j]
    if (rung === undefined) return `trial ${trial} is at no rung (${this.#rungs.map(({ level }) => level).join(', ')})`
    return (
      `rung ${rung.level}: trial ${trial} ${rung.ranking.describeLast()}\n` +
      `${rung.passing(rung.entries)} of ${rung.entries} pass, so it ${passes ? 'goes on' : 'is stopped'}`
    )
  }

  /** Files and says whether the trial goes on. */
  #file(trial: TrialId, rung: number, values: Float64Array): boolean {
    for (let i = 0; i < this.#goals.length; i++) this.#losses[i] = toLoss(values[i]!, this.#goals[i]!)
    const { passing, ranking } = this.#rungs[rung]!
    ranking.add(trial, this.#losses)
    return ranking.lastPasses(passing(++this.#rungs[rung]!.entries))
  }
}

export const moAshaStopping = defineScheduler({
  summary: 'ASHA on several objectives at once, stopping trials at rungs; no checkpoints needed.',
  reference: moAshaPaper,
  options: moAshaStoppingOptions,
  pauses: false,
  laws: moAshaLaws,
  objectives: 'all',
  variants: [...moAshaVariants, { skipped: 'late', refileLast: true }],
  create: (options, context) => new MoAshaStopping(options, context),
})

/** MO-ASHA, stopping type: a trial that is not among the best of its rung so far, in several objectives at once, is stopped. */
import { z } from 'zod'
import { bracketProbabilities, drawBracket } from '../rungs/brackets.js'
import { invalid } from '../errors.js'
import { grown } from '../collections/growable.js'
import { type Goal, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import type { Ranking } from '../ranking/ranking.js'
import { SyneTuneRanking } from '../ranking/syne-tune-ranking.js'
import type { PassingCount } from '../rungs/rung.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { EndState, TrialId } from '../trial.js'
import { checkSkipped } from './asha-options.js'
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
  readonly #searcher: Searcher
  readonly #goals: readonly Goal[]
  readonly #maxResource: number
  readonly #rungs: readonly Rung[]
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  readonly #skipped: MoAshaStoppingOptions['skipped']
  readonly #losses: Float64Array
  /** Per trial the index of the rung at which it is judged next; with `late` its bracket. */
  #nextRung = new Int32Array(64)
  /** With `late`: per trial the rungs where it is filed, one bit each. */
  #filed = new Int32Array(64)
  /** With `refileLast`: the last report of each trial. */
  readonly #last: Map<TrialId, { readonly resource: number; readonly losses: Float64Array }> | undefined
  readonly #judged = { trial: -1, rung: -1, passes: true }

  constructor(options: MoAshaStoppingOptions, context: SchedulerContext) {
    const objectives = context.objectives.length
    if (options.compat !== undefined && options.priority !== 'nondominated')
      throw invalid('compat', options.compat, 'goes with priority "nondominated" only', 'leave priority or compat out')
    if (options.compat !== undefined && options.rule !== 'rank')
      throw invalid('compat', options.compat, 'goes with rule "rank" only', 'leave rule or compat out')
    const ranking =
      options.compat === undefined ? moAshaRanking(options, context) : () => new SyneTuneRanking(objectives)
    this.#searcher = context.searcher
    this.#goals = context.objectives.map(({ goal }) => goal)
    this.#maxResource = context.maxResource
    this.#skipped = options.skipped
    this.#losses = new Float64Array(objectives)
    this.#last = options.refileLast ? new Map() : undefined
    this.#rungs = moAshaLevels(options, context.maxResource, 1, options.skipped !== 'late').map(
      ({ level, passing }) => ({ level, passing, ranking: ranking(), entries: 0 }),
    )
    checkSkipped(options, this.#rungs.length)
    const levels = this.#rungs.map((rung) => rung.level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  next(trial: TrialId): Job {
    const job = startJob(this.#searcher.suggest())
    if (typeof job === 'string') return job
    if (trial >= this.#nextRung.length) {
      this.#nextRung = grown(this.#nextRung, trial + 1)
      this.#filed = grown(this.#filed, trial + 1)
    }
    this.#nextRung[trial] = drawBracket(this.#bracketProbabilities, this.#bracketRandom)
    return job
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const judged = this.#judged
    judged.trial = trial
    judged.rung = -1
    judged.passes = true
    this.#last?.delete(trial)
    if (resource >= this.#maxResource) return 'continue'
    const rungs = this.#rungs
    if (this.#last === undefined && this.#skipped !== 'late') {
      const rung = rungs[this.#nextRung[trial]!]
      if (rung === undefined || resource < rung.level) return 'continue'
    }
    for (let i = 0; i < this.#goals.length; i++) this.#losses[i] = toLoss(values[i]!, this.#goals[i]!)
    this.#last?.set(trial, { resource, losses: this.#losses.slice() })
    return this.#walk(trial, resource, this.#losses)
  }

  onEnd(trial: TrialId, state: EndState): void {
    const last = this.#last?.get(trial)
    if (last !== undefined && state === 'completed') this.#walk(trial, last.resource, last.losses)
    this.#last?.delete(trial)
  }

  explain(): string {
    const { trial, rung: j, passes } = this.#judged
    const rung = this.#rungs[j]
    if (rung === undefined) return `trial ${trial} is at no rung (${this.#rungs.map(({ level }) => level).join(', ')})`
    return (
      `rung ${rung.level}: trial ${trial} ${rung.ranking.describeLast()}\n` +
      `${rung.passing(rung.entries)} of ${rung.entries} pass, so it ${passes ? 'goes on' : 'is stopped'}`
    )
  }

  /** Files a report at the levels that it is for, until it does not pass at one. */
  #walk(trial: TrialId, resource: number, losses: Float64Array): Decision {
    const rungs = this.#rungs
    if (this.#skipped === 'late') {
      for (let j = rungs.length - 1; j >= this.#nextRung[trial]!; j--) {
        if (rungs[j]!.level > resource || (this.#filed[trial]! & (1 << j)) !== 0) continue
        this.#filed[trial]! |= 1 << j
        return this.#file(trial, j, losses) ? 'continue' : 'stop'
      }
      return 'continue'
    }
    let j = this.#nextRung[trial]!
    if (this.#skipped === 'ignore') while (j < rungs.length && rungs[j]!.level < resource) j++
    let passes = true
    while (passes && j < rungs.length && resource >= rungs[j]!.level) passes = this.#file(trial, j++, losses)
    this.#nextRung[trial] = j
    return passes ? 'continue' : 'stop'
  }

  #file(trial: TrialId, j: number, losses: Float64Array): boolean {
    const rung = this.#rungs[j]!
    rung.ranking.add(trial, losses)
    const passes = rung.ranking.lastPasses(rung.passing(++rung.entries))
    this.#judged.rung = j
    this.#judged.passes = passes
    return passes
  }
}

export const moAshaStopping = defineScheduler({
  summary: 'ASHA on several objectives at once, stopping trials at rungs; no checkpoints needed.',
  reference: moAshaPaper,
  options: moAshaStoppingOptions,
  laws: moAshaLaws,
  objectives: 'all',
  variants: [...moAshaVariants, { skipped: 'late', refileLast: true }],
  create: (options, context) => new MoAshaStopping(options, context),
})

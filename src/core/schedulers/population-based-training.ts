/** Population based training: bad members of a population are replaced by copies of good ones, with other hyperparameters. */
import { z } from 'zod'
import type { ConfigSource } from '../config-source.js'
import { ordinalText, rungText, valueText } from '../rungs/explain-rung.js'
import { exploreConfig } from '../explore-config.js'
import { grown } from '../collections/growable.js'
import { type Goal, allFinite, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import type { Checkpoint, Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { Config } from '../space.js'
import type { EndState, TrialId } from '../trial.js'
import { defineScheduler, rankBased } from './definition.js'

const populationOptions = z
  .strictObject({
    /** How many members train side by side, also where there are fewer workers: then they take turns. */
    populationSize: z.int().min(2).default(8).describe('how many members train side by side'),
    /** Members are compared at multiples of so many levels. */
    perturbationInterval: z.int().min(1).default(1).describe('members are compared at multiples of so many levels'),
    /** The share that is replaced, and the share that is copied. */
    quantile: z.number().gt(0).max(0.5).default(0.25).describe('share of members replaced, and of members copied'),
    /** With this probability a hyperparameter is drawn anew, else it is perturbed. */
    resampleProbability: z.number().min(0).max(1).default(0.25).describe('chance to draw a hyperparameter anew'),
    /** Numbers are multiplied by one of these, each equally likely. */
    factors: z
      .array(z.number().positive())
      .min(1)
      .default([1.2, 0.8])
      .describe('numbers are multiplied by one of these'),
  })
  .refine(({ populationSize, quantile }) => Math.floor(populationSize * quantile) >= 1, {
    path: ['populationSize'],
    error: 'must be at least 1 / quantile, or nobody is ever replaced',
  })
export type PopulationOptions = z.infer<typeof populationOptions>

/** What a member that has no worker does when it gets one: a new configuration, the same trial, or a copy. */
type Plan = 'fresh' | 'resume' | { readonly config: Config; readonly copy: Checkpoint }

interface Member {
  trial: TrialId
  config: Config
  /** At the level where it was compared last; NaN before that. */
  loss: number
  level: number
  /** The level from which on it is compared next. */
  due: number
  state: 'running' | 'queued' | 'over'
  plan: Plan
}

/**
 * Population based training (Jaderberg et al. 2017, Population Based Training of Neural Networks) with truncation
 * selection: at every multiple of the interval a member among the worst floor(quantile * n) of the n members that have
 * a value is stopped, and goes on as a copy of a random one of the best as many, which must be better, under explored
 * hyperparameters. Values are those of each member's last comparison, at whatever level that was. A copy is compared
 * first after a full interval of its own. With fewer workers than members, members pause at the interval and take
 * turns. A member that failed or diverged is replaced likewise, or by a new configuration where nobody can be copied.
 * The run ends when all members are complete.
 *
 * A comparison costs O(population).
 */
export class PopulationBasedTraining implements Scheduler {
  readonly #options: PopulationOptions
  readonly #searcher: Searcher
  readonly #source: ConfigSource
  readonly #goal: Goal
  readonly #maxResource: number
  readonly #random: Random
  readonly #members: readonly Member[]
  /** Members without a worker, first come, first served. */
  readonly #queue: Member[]
  /** Per trial its member. */
  #memberOf = new Int32Array(64)
  #trialsLeft: number
  #usedUp = false
  #running = 0
  /** The last comparison, for {@link explain}. */
  readonly #last = { trial: -1, level: 0, loss: 0, place: 0, count: 0, bad: 0 }

  constructor(options: PopulationOptions, context: SchedulerContext) {
    this.#options = options
    this.#searcher = context.searcher
    this.#source = context.source
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    this.#random = context.random.stream('population')
    this.#trialsLeft = context.maxTrials ?? Infinity
    this.#members = Array.from({ length: options.populationSize }, () => ({
      trial: -1,
      config: {},
      loss: Number.NaN,
      level: 0,
      due: 0,
      state: 'queued',
      plan: 'fresh',
    }))
    this.#queue = [...this.#members]
  }

  next(trial: TrialId): Job {
    for (let waiting = this.#queue.length; waiting > 0; waiting--) {
      const member = this.#queue.shift()!
      if (member.state === 'over') continue
      const { plan } = member
      if (plan === 'resume') return this.#run(member, { kind: 'resume', trial: member.trial, until: member.due })
      if (plan !== 'fresh') {
        this.#begin(member, trial, plan.config, plan.copy.resource)
        return this.#run(member, { kind: 'start', config: plan.config, copy: plan.copy, until: member.due })
      }
      const suggestion = this.#usedUp || this.#trialsLeft <= 0 ? undefined : this.#searcher.suggest()
      if (suggestion === 'wait') this.#queue.push(member)
      else if (suggestion === undefined) {
        this.#usedUp = true
        member.state = 'over'
      } else {
        this.#trialsLeft--
        this.#begin(member, trial, suggestion, 0)
        return this.#run(member, { kind: 'start', config: suggestion, until: member.due })
      }
    }
    return this.#running > 0 || this.#queue.length > 0 ? 'wait' : 'exhausted'
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const member = this.#members[this.#memberOf[trial]!]!
    if (resource < member.due) return 'continue'
    // Of any objective: the tuner stops such a trial, so it must not be copied.
    member.loss = allFinite(values) ? toLoss(values[0]!, this.#goal) : Infinity
    member.level = resource
    member.due = this.#dueAfter(resource)
    if (resource >= this.#maxResource) return 'continue'
    if (this.#isBad(member) && this.#replace(member)) return 'stop'
    if (member.loss === Infinity) {
      this.#leave(member, 'fresh')
      return 'stop'
    }
    if (this.#queue.length === 0) return 'continue'
    this.#leave(member, 'resume')
    return 'pause'
  }

  onEnd(trial: TrialId, state: EndState): void {
    const member = this.#members[this.#memberOf[trial]!]!
    // Of a trial that was replaced already.
    if (member.trial !== trial || (member.state === 'queued' && member.plan !== 'resume')) return
    if (state === 'completed') {
      this.#running--
      member.state = 'over'
      return
    }
    member.loss = Infinity
    if (!this.#replace(member)) this.#leave(member, 'fresh')
  }

  explain(): string {
    const { trial, level, loss, place, count, bad } = this.#last
    if (trial < 0) return 'nobody was compared yet'
    const plan = this.#members[this.#memberOf[trial]!]!.plan
    const copied = typeof plan === 'object' && plan.copy
    const losses = Float64Array.from(this.#members.map((one) => one.loss).filter((one) => !Number.isNaN(one))).sort()
    return (
      `trial ${trial} at level ${level} with ${valueText(loss, this.#goal)} is ${ordinalText(place)} of ${count}, ` +
      `of which the worst ${bad} are replaced` +
      (copied ? ` by a copy of trial ${copied.trial} at level ${copied.resource}` : '') +
      `\n${rungText(losses, Infinity, this.#goal)}`
    )
  }

  /** Whether a member is among the worst floor(quantile * n) of the n that have a value; of equals the later ones. */
  #isBad(member: Member): boolean {
    if (member.loss === Infinity) return true
    let [count, better, passed] = [0, 0, false]
    for (const other of this.#members) {
      if (other === member) passed = true
      if (Number.isNaN(other.loss)) continue
      count++
      if (other.loss < member.loss || (other.loss === member.loss && !passed)) better++
    }
    const bad = Math.floor(count * this.#options.quantile)
    const last = this.#last
    last.trial = member.trial
    last.level = member.level
    last.loss = member.loss
    last.place = better + 1
    last.count = count
    last.bad = bad
    return better >= count - bad
  }

  /** Plans a copy of a random good member; false if there is none, or no trial may start any more. */
  #replace(member: Member): boolean {
    if (this.#trialsLeft <= 0) return false
    const scored = this.#members.filter(({ loss }) => !Number.isNaN(loss)).length
    const good = this.#members
      .filter(({ loss, level }) => loss < member.loss && level < this.#maxResource)
      .sort((a, b) => a.loss - b.loss)
      .slice(0, Math.max(1, Math.floor(scored * this.#options.quantile)))
    if (good.length === 0) return false
    const { trial, level, config } = good[this.#random.int(good.length)]!
    const explored = exploreConfig(this.#source, config, this.#options, this.#random)
    this.#trialsLeft--
    this.#leave(member, { config: explored, copy: { trial, resource: level } })
    return true
  }

  /** A member gives up its worker, if it has one, and queues for the next. */
  #leave(member: Member, plan: Plan): void {
    if (member.state === 'running') {
      this.#running--
      this.#queue.push(member)
    }
    member.state = 'queued'
    member.plan = plan
    if (plan !== 'resume') member.loss = Number.NaN
  }

  #begin(member: Member, trial: TrialId, config: Config, from: number): void {
    if (trial >= this.#memberOf.length) this.#memberOf = grown(this.#memberOf, trial + 1)
    this.#memberOf[trial] = this.#members.indexOf(member)
    member.trial = trial
    member.config = config
    member.level = from
    member.loss = Number.NaN
    member.due = this.#dueAfter(from)
  }

  #run(member: Member, job: Job): Job {
    member.state = 'running'
    this.#running++
    return job
  }

  /** The next multiple of the interval, at most the maximum. */
  #dueAfter(level: number): number {
    const { perturbationInterval: interval } = this.#options
    return Math.min(this.#maxResource, (Math.floor(level / interval) + 1) * interval)
  }
}

export const populationBasedTraining = defineScheduler({
  summary: 'Population based training: bad members are replaced by explored copies of good ones.',
  reference: 'Jaderberg et al. 2017, Population Based Training of Neural Networks',
  options: populationOptions,
  laws: rankBased,
  copies: true,
  assumptions:
    'path independence assumed: a copy goes on along the recorded curve of its own configuration, as if it had been ' +
    'trained with that from the beginning',
  ranked: false,
  variants: [
    { populationSize: 2, quantile: 0.5, perturbationInterval: 2 },
    { populationSize: 4, resampleProbability: 1 },
  ],
  create: (options, context) => new PopulationBasedTraining(options, context),
})

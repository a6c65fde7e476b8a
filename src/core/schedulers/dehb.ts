/** DEHB: Hyperband whose later configurations are bred by differential evolution from those that did well. */
import { z } from 'zod'
import type { ConfigSource } from '../config-source.js'
import { type Individual, Subpopulation, UnitCube, crossover, mutate } from '../differential-evolution.js'
import { EvolutionBracket } from '../rungs/evolution-bracket.js'
import { ordinalText, valueText } from '../rungs/explain-rung.js'
import { type RungSize, hyperbandBrackets } from '../rungs/hyperband-brackets.js'
import { type Goal, allFinite, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { Config } from '../space.js'
import type { EndState, TrialId } from '../trial.js'
import { defineScheduler } from './definition.js'
import { synchronousOptions } from './synchronous-halving.js'

const dehbOptions = synchronousOptions.extend({
  /** F: how far a mutant lies from its first parent. */
  mutationFactor: z.number().gt(0).max(2).default(0.5).describe('F: how far a mutant lies from its first parent'),
  /** Cr: the chance of each hyperparameter to come from the mutant. */
  crossoverProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Cr: chance of a hyperparameter to come from the mutant'),
})
export type DehbOptions = z.infer<typeof dehbOptions>

/** So often a child is bred anew, and then a configuration suggested anew, until there is one that did not run yet. */
const ATTEMPTS = 25

/** What the last answer was about, for `explain`. */
type Answer = 'suggested' | 'bred' | 'promoted' | 'runs on' | 'filed'

interface Running {
  readonly bracket: EvolutionBracket
  readonly point: Float64Array
  /** Its slot in the subpopulation of the level it runs to. */
  slot: number
  until: number
  state: 'running' | 'paused' | 'over'
}

/**
 * DEHB (Awad, Mallik and Hutter 2021, DEHB: Evolutionary Hyperband for Scalable, Robust and Efficient Hyperparameter
 * Optimization). The first bracket is successive halving of the searcher's configurations. In all others every slot of
 * every rung is a new trial, run from the beginning to the level of the rung and stopped there. It is a child: the
 * target, the individual whose turn it is in the subpopulation of that level, crossed with a mutant of three others: in
 * the first rung of a bracket of that subpopulation, in later rungs of the best of the rung before, as many as the rung
 * has slots. The child takes the target's place unless it is worse. A place that nobody has yet gets, in a first rung, a
 * configuration of the searcher, later a child of the parent whose turn it is.
 *
 * Individuals are configurations that ran: with a table a child is the nearest row that did not run yet, and the run
 * ends when all rows ran. Breeding costs O(individuals), only where a trial starts; a report O(1).
 */
export class Dehb implements Scheduler {
  readonly #options: DehbOptions
  readonly #searcher: Searcher
  readonly #source: ConfigSource
  readonly #goal: Goal
  readonly #maxResource: number
  readonly #random: Random
  readonly #cube: UnitCube
  readonly #types: readonly (readonly RungSize[])[]
  readonly #populations = new Map<number, Subpopulation>()
  /** Brackets that are not over, oldest first; never many more than there are workers. */
  #active: EvolutionBracket[] = []
  #opened = 0
  readonly #ran = new Set<number | string>()
  #usedUp = false
  #trialsLeft: number
  readonly #trials: Running[] = []
  #last = { trial: -1, text: 'suggested' as Answer, loss: 0, kept: false }

  constructor(options: DehbOptions, context: SchedulerContext) {
    this.#options = options
    this.#searcher = context.searcher
    this.#source = context.source
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    this.#random = context.random.stream('evolution')
    this.#cube = new UnitCube(context.source.space)
    this.#trialsLeft = context.maxTrials ?? Infinity
    const { sizes, gracePeriod, reductionFactor } = options
    this.#types = hyperbandBrackets(sizes, gracePeriod, reductionFactor, context.maxResource)
    for (const { level } of this.#types[0]!) {
      const rungs = this.#types.flat().filter((rung) => rung.level === level)
      this.#populations.set(level, new Subpopulation(Math.max(...rungs.map(({ trials }) => trials))))
    }
  }

  next(trial: TrialId): Job {
    let job: Job | undefined
    do job = this.#find(trial)
    while (job === undefined)
    return job
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const running = this.#trials[trial]!
    if (resource < running.until) {
      this.#note(trial, 'runs on')
      return 'continue'
    }
    // Of any objective: the tuner stops such a trial, so it must not go on, nor have children.
    const loss = allFinite(values) ? toLoss(values[0]!, this.#goal) : Infinity
    const complete = resource >= this.#maxResource
    const goesOn = running.bracket.promotes && loss < Infinity && !complete
    running.state = goesOn ? 'paused' : 'over'
    this.#fill(trial, loss)
    return complete ? 'continue' : goesOn ? 'pause' : 'stop'
  }

  onEnd(trial: TrialId, _state: EndState): void {
    const running = this.#trials[trial]!
    if (running.state === 'running') {
      running.state = 'over'
      this.#fill(trial, Infinity)
    } else if (running.state === 'paused') {
      running.state = 'over'
      running.bracket.withdraw(trial)
    }
  }

  explain(): string {
    const { trial, text, loss, kept } = this.#last
    const running = this.#trials[trial]
    if (running === undefined) return 'nothing ran yet'
    const { bracket, slot, until } = running
    const population = this.#populations.get(until)!
    const where = `bracket ${bracket.number}, level ${until}: trial ${trial}`
    const target = `the ${ordinalText(slot + 1)} of ${population.size} individuals`
    if (text === 'runs on') return `${where} runs on`
    if (text === 'suggested') return `${where} is a configuration of the searcher`
    if (text === 'promoted') return `${where} is among the best ${bracket.size} of the rung before`
    if (text === 'bred') return `${where} is a child of ${target}`
    return `${where} with ${valueText(loss, this.#goal)} ${kept ? 'becomes' : 'is worse than'} ${target}`
  }

  /** A job in the oldest bracket with a free slot; undefined where a bracket was opened or all were closed: look again. */
  #find(trial: TrialId): Job | undefined {
    this.#active = this.#active.filter((bracket) => bracket.advance())
    let waits = false
    for (const bracket of this.#active) {
      if (bracket.free === 0) continue
      if (bracket.promotes && bracket.rung > 0) return this.#promote(bracket)
      const job = this.#start(trial, bracket)
      if (job !== 'wait') return job
      waits = true
    }
    if (this.#usedUp) return this.#active.length > 0 ? 'wait' : 'exhausted'
    if (waits || (this.#options.idle === 'wait' && this.#active.length > 0)) return 'wait'
    const number = this.#opened++
    this.#active.push(new EvolutionBracket(number, this.#types[number % this.#types.length]!, number === 0))
    return undefined
  }

  #promote(bracket: EvolutionBracket): Job {
    const { trial } = bracket.parent!
    bracket.take()
    const running = this.#trials[trial]!
    const population = this.#populations.get(bracket.level)!
    running.until = bracket.level
    running.slot = population.turn
    population.endTurn()
    running.state = 'running'
    this.#note(trial, 'promoted')
    return { kind: 'resume', trial, until: bracket.level }
  }

  /** A new trial in a free slot; undefined, and no new trials any more, if there is no configuration left to run. */
  #start(trial: TrialId, bracket: EvolutionBracket): Job | undefined {
    const population = this.#populations.get(bracket.level)!
    const slot = population.turn
    const target = population.at(slot)?.point ?? bracket.parent?.point
    const bred = target === undefined ? undefined : this.#breed(target, bracket, population)
    const config = bred ?? this.#suggest()
    if (config === 'wait') return 'wait'
    if (config === undefined) {
      this.#usedUp = true
      for (const one of this.#active) one.close()
      return undefined
    }
    bracket.take()
    population.endTurn()
    this.#trialsLeft--
    this.#ran.add(this.#source.key(config))
    const point = this.#cube.pointOf(config)
    this.#trials[trial] = { bracket, point, slot, until: bracket.level, state: 'running' }
    this.#note(trial, bred === undefined ? 'suggested' : 'bred')
    return { kind: 'start', config, until: bracket.level }
  }

  /** A child that did not run yet; undefined if none was found. */
  #breed(target: Float64Array, bracket: EvolutionBracket, population: Subpopulation): Config | undefined {
    if (this.#isOver()) return undefined
    const { mutationFactor, crossoverProbability } = this.#options
    const parents = bracket.rung > 0 ? bracket.parents : population.individuals
    const others = (): Individual[] => Array.from(this.#populations.values(), ({ individuals }) => individuals).flat()
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const mutant = mutate(target, parents, others, mutationFactor, this.#random)
      const child = crossover(target, mutant, crossoverProbability, this.#random)
      const config = this.#source.nearest(this.#cube.configAt(child), this.#isFree)
      if (config !== undefined) return config
    }
    return undefined
  }

  /** A configuration of the searcher, if possible one that did not run yet; undefined if there is none. */
  #suggest(): Config | 'wait' | undefined {
    if (this.#isOver()) return undefined
    let suggestion = this.#searcher.suggest()
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      if (suggestion === undefined || suggestion === 'wait' || this.#isFree(this.#source.key(suggestion))) break
      suggestion = this.#searcher.suggest()
    }
    return suggestion
  }

  #isOver(): boolean {
    return this.#usedUp || this.#trialsLeft <= 0 || this.#ran.size >= this.#source.size
  }

  readonly #isFree = (key: number | string): boolean => !this.#ran.has(key)

  #fill(trial: TrialId, loss: number): void {
    const { bracket, point, slot, until } = this.#trials[trial]!
    bracket.file({ trial, point, loss })
    const individual: Individual = { point, loss }
    this.#note(trial, 'filed', loss, this.#populations.get(until)!.offer(slot, individual))
  }

  #note(trial: TrialId, text: Answer, loss = 0, kept = false): void {
    const last = this.#last
    last.trial = trial
    last.text = text
    last.loss = loss
    last.kept = kept
  }
}

export const dehb = defineScheduler({
  summary: 'DEHB: Hyperband whose later configurations are bred by differential evolution.',
  reference: 'Awad, Mallik and Hutter 2021, DEHB: Evolutionary Hyperband for Scalable, Robust and Efficient HPO',
  options: dehbOptions,
  laws: {
    dominance: 'after the first bracket a trial ends at its level; its children go on, not the trial itself',
    monotone: true,
    mirror: true,
  },
  variants: [{ idle: 'wait' }, { reductionFactor: 2, mutationFactor: 0.8 }],
  create: (options, context) => new Dehb(options, context),
})

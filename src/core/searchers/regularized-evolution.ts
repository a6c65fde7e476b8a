/** Regularised (aging) evolution. */
import { drawValue } from '../encoding.js'
import { z } from 'zod'
import { crowdingDistance } from '../pareto/crowding-distance.js'
import type { Objective } from '../objective.js'
import type { Random } from '../random.js'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, type Space, varying } from '../space.js'
import type { EndState, TrialId } from '../trial.js'
import { defineSearcher } from './definition.js'
import { Draws, drawOptions } from './draws.js'
import { TrialMemory } from './trial-memory.js'

export const evolutionOptions = z.strictObject({
  ...drawOptions,
  /** P: that many trials are random first; then the youngest so many may be parents. */
  populationSize: z.int().min(1).default(100).describe('how many of the youngest trials may be parents'),
  /** S: the best of so many random members becomes the parent. */
  sampleSize: z.int().min(1).default(10).describe('the best of so many random members becomes the parent'),
})

/**
 * Aging evolution (Real et al. 2019, Regularized Evolution for Image Classifier Architecture Search, algorithm 1),
 * asynchronous: until P trials have ended or paused, configurations are random; then each is a mutation of the best of S
 * members drawn with replacement from the population, the P trials whose first attempt ended last. A mutation redraws one
 * hyperparameter, all equally likely, to another value from its prior. Trials that are running for the first time are no
 * parents; how trials compare says {@link TrialMemory}.
 *
 * With several objectives the parent is one of the sample that none of it dominates, of these the one with the largest
 * crowding distance (Deb et al. 2002), of equals the first drawn. O(S^2 m) per suggestion, whatever P.
 */
export class RegularizedEvolution implements Searcher {
  readonly #draws: Draws
  readonly #random: Random
  readonly #memory: TrialMemory
  readonly #space: Space
  readonly #names: readonly string[]
  readonly #sample: Int32Array
  /** The members, the oldest of them overwritten next. */
  readonly #population: Int32Array
  #ended = 0
  readonly #propose = (): Config => this.#mutate(this.#memory.configs[this.#parent()]!)

  /** @param objectives those that count */
  constructor(options: z.infer<typeof evolutionOptions>, context: SearcherContext, objectives: readonly Objective[]) {
    this.#draws = new Draws(options, context)
    this.#random = context.random.stream('searcher/evolution')
    this.#memory = new TrialMemory(objectives, context.maxResource)
    this.#space = context.source.space
    this.#names = varying(this.#space)
    this.#sample = new Int32Array(options.sampleSize)
    this.#population = new Int32Array(options.populationSize)
  }

  suggest(): Config | undefined {
    const first = this.#draws.first()
    if (first !== undefined) return first
    return this.#ended < this.#population.length ? this.#draws.random() : this.#draws.propose(this.#propose)
  }

  onStart(trial: TrialId, config: Config): void {
    this.#memory.start(trial, config)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): void {
    this.#memory.report(trial, resource, values)
  }

  onEnd(trial: TrialId, state: EndState | 'paused' | 'stopped'): void {
    if (this.#memory.end(trial, state)) this.#population[this.#ended++ % this.#population.length] = trial
  }

  #parent(): TrialId {
    const [memory, sample, population] = [this.#memory, this.#sample, this.#population]
    for (let i = 0; i < sample.length; i++) sample[i] = population[this.#random.int(population.length)]!
    // `better` is transitive, so that none of the sample is better than the winner of the walk.
    let best = sample[0]!
    for (const other of sample) if (memory.better(other, best)) best = other
    return memory.objectives === 1 || memory.level(best) === 0 ? best : this.#loneliest()
  }

  /** Of the members of the sample that none of it dominates, the one in the emptiest part of their front. */
  #loneliest(): TrialId {
    const [memory, sample] = [this.#memory, this.#sample]
    const front = [...new Set(sample.filter((a) => sample.every((b) => !memory.better(b, a))))]
    const distances = crowdingDistance(
      memory.points(front),
      front.map((_, i) => i),
    )
    return front[distances.indexOf(Math.max(...distances))]!
  }

  #mutate(config: Config): Config {
    if (this.#names.length === 0) return config
    const name = this.#names[this.#random.int(this.#names.length)]!
    let value = config[name]!
    // Bounded, because of an interval that is narrower than rounding only one number may ever be drawn.
    for (let attempt = 0; value === config[name] && attempt < 100; attempt++)
      value = drawValue(this.#space[name]!, this.#random)
    return Object.freeze({ ...config, [name]: value })
  }
}

export const regularizedEvolution = defineSearcher({
  summary: 'Aging evolution: mutates the best of a random sample of the youngest trials.',
  reference: 'Real et al. 2019, Regularized Evolution for Image Classifier Architecture Search',
  options: evolutionOptions,
  variants: [{ populationSize: 4, sampleSize: 2, initial: ['default'] }],
  create: (options, context) => new RegularizedEvolution(options, context, context.objectives.slice(0, 1)),
})

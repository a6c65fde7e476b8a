/** NSGA-II as an asynchronous searcher. */
import { z } from 'zod'
import type { Random } from '../random.js'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, type Space, type Value, varying } from '../space.js'
import type { EndState, TrialId } from '../trial.js'
import { type Ranked, crowdedOrder } from './crowded-order.js'
import { defineSearcher } from './definition.js'
import { Draws, drawOptions } from './draws.js'
import { TrialMemory } from './trial-memory.js'
import { crossed, mutated } from './variation.js'

const nsga2Options = z.strictObject({
  ...drawOptions,
  /** N: parents, and trials of a generation. Deb et al. use 100, on budgets of 25,000 trials. */
  populationSize: z.int().min(2).default(20).describe('parents, and trials of a generation'),
  /** p_c */
  crossoverProbability: z.number().min(0).max(1).default(0.9).describe('how often a child has two parents'),
  /** eta_c */
  crossoverIndex: z.number().positive().default(20).describe('the larger, the nearer children are to their parents'),
  /** eta_m */
  mutationIndex: z.number().positive().default(20).describe('the larger, the smaller the steps of mutations'),
})
type Nsga2Options = z.infer<typeof nsga2Options>

/**
 * The elitist genetic algorithm of Deb et al. 2002 (A Fast and Elitist Multiobjective Genetic Algorithm), for one or more
 * objectives and any number of workers. Until N trials have ended or paused, configurations are random. Then children are
 * bred: binary tournaments by front and crowding distance choose two parents, simulated binary crossover and polynomial
 * mutation (each hyperparameter with probability 1 / n) work on the hyperparameters' scales. Whenever N further trials
 * have ended or paused, the best N of them and the parents become the parents.
 *
 * It never waits for a generation: a free worker gets a child of the parents there are. Fitness belongs to the trial that
 * earned it, in whatever order trials end; how trials compare says {@link TrialMemory}. O(N log N) per generation for one
 * or two objectives, O(m N^2) for more, so at most O(m N) per suggestion on average.
 */
export class Nsga2 implements Searcher {
  readonly #options: Nsga2Options
  readonly #draws: Draws
  readonly #random: Random
  readonly #memory: TrialMemory
  readonly #space: Space
  readonly #varying: ReadonlySet<string>
  /** The best first. */
  #parents: readonly Ranked[] = []
  /** Trials that ended or paused since the parents were chosen. */
  #offspring: TrialId[] = []
  readonly #propose = (): Config => this.#child()

  constructor(options: Nsga2Options, context: SearcherContext) {
    this.#options = options
    this.#draws = new Draws(options, context)
    this.#random = context.random.stream('searcher/nsga2')
    this.#memory = new TrialMemory(context.objectives, context.maxResource)
    this.#space = context.source.space
    this.#varying = new Set(varying(this.#space))
  }

  suggest(): Config | undefined {
    const first = this.#draws.first()
    if (first !== undefined) return first
    return this.#parents.length === 0 ? this.#draws.random() : this.#draws.propose(this.#propose)
  }

  onStart(trial: TrialId, config: Config): void {
    this.#memory.start(trial, config)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): void {
    this.#memory.report(trial, resource, values)
  }

  onEnd(trial: TrialId, state: EndState | 'paused' | 'stopped'): void {
    if (!this.#memory.end(trial, state)) return
    this.#offspring.push(trial)
    const { populationSize } = this.#options
    if (this.#offspring.length < populationSize) return
    const candidates = [...this.#parents.map((parent) => parent.trial), ...this.#offspring]
    this.#parents = crowdedOrder(candidates, this.#memory).slice(0, populationSize)
    this.#offspring = []
  }

  #child(): Config {
    const { crossoverProbability, crossoverIndex, mutationIndex } = this.#options
    const random = this.#random
    const mother = this.#memory.configs[this.#winner()]!
    const father = random.uniform() < crossoverProbability ? this.#memory.configs[this.#winner()]! : mother
    const child: Record<string, Value> = {}
    for (const name in this.#space) {
      const domain = this.#space[name]!
      child[name] = crossed(domain, mother[name]!, father[name]!, crossoverIndex, random)
      if (this.#varying.has(name) && random.uniform() * this.#varying.size < 1)
        child[name] = mutated(domain, child[name], mutationIndex, random)
    }
    return Object.freeze(child)
  }

  /** The better of two random parents; of equals the first drawn. */
  #winner(): TrialId {
    const a = this.#parents[this.#random.int(this.#parents.length)]!
    const b = this.#parents[this.#random.int(this.#parents.length)]!
    const second = a.front === b.front ? b.crowding > a.crowding : b.front < a.front
    return (second ? b : a).trial
  }
}

export const nsga2 = defineSearcher({
  summary: 'NSGA-II: crossover and mutation of the trials that are best by Pareto front and crowding.',
  reference: 'Deb et al. 2002, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II',
  options: nsga2Options,
  variants: [
    { populationSize: 4, initial: ['default'], crossoverProbability: 0.5, crossoverIndex: 5, mutationIndex: 5 },
    { populationSize: 3, draws: 'with-replacement' },
  ],
  create: (options, context) => new Nsga2(options, context),
})

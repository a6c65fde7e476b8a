/** Runs a searcher without a scheduler: several workers, every trial reports once, trials end in a random order. */
import { randomStream } from '../../../src/core/random.js'
import type { Searcher } from '../../../src/core/searcher.js'
import { type Config, type Space, float } from '../../../src/core/space.js'

export interface Learned {
  readonly config: Config
  readonly values: readonly number[]
}

/** @returns trials in the order of their ids */
export function learn(
  searcher: Searcher,
  evaluate: (config: Config) => readonly number[],
  trials: number,
  workers = 1,
  seed = 'order',
): Learned[] {
  const random = randomStream(seed)
  const all: Learned[] = []
  const running: number[] = []
  for (;;) {
    while (running.length < workers && all.length < trials) {
      const config = searcher.suggest()
      if (config === undefined || config === 'wait') break
      searcher.onStart?.(all.length, config, 1)
      running.push(all.length)
      all.push({ config, values: evaluate(config) })
    }
    if (running.length === 0) return all
    const [trial] = running.splice(random.int(running.length), 1)
    searcher.onReport?.(trial!, 1, Float64Array.from(all[trial!]!.values))
    searcher.onEnd?.(trial!, 'completed')
  }
}

/** Zitzler, Deb and Thiele 2000, Comparison of Multiobjective Evolutionary Algorithms, with six variables: a two-objective test problem. */
export const zdt1Space: Space = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, float(0, 1)]))

export function zdt1(config: Config): number[] {
  const [first, ...others] = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => config[name] as number)
  const g = 1 + (9 * others.reduce((sum, x) => sum + x, 0)) / others.length
  return [first!, g * (1 - Math.sqrt(first! / g))]
}

/** Mean over seeds 0, 1, ... */
export function mean(seeds: number, of: (seed: number) => number): number {
  let sum = 0
  for (let seed = 0; seed < seeds; seed++) sum += of(seed)
  return sum / seeds
}

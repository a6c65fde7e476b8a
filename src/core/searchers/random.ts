/** Random search: independent draws from the space's prior, after the configurations to try first. */
import { z } from 'zod'
import type { Searcher, SearcherContext } from '../searcher.js'
import type { Config } from '../space.js'
import { defineSearcher } from './definition.js'
import { Draws, drawOptions } from './draws.js'

const randomOptions = z.strictObject(drawOptions)

/** The same seed draws the same configurations under every scheduler. */
export class RandomSearcher implements Searcher {
  readonly #draws: Draws

  constructor(options: z.infer<typeof randomOptions>, context: SearcherContext) {
    this.#draws = new Draws(options, context)
  }

  suggest(): Config | undefined {
    return this.#draws.first() ?? this.#draws.random()
  }
}

export const random = defineSearcher({
  summary: 'Random draws from the search space, after configurations to try first.',
  reference: 'Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization',
  options: randomOptions,
  variants: [{ initial: ['default'] }, { draws: 'with-replacement' }],
  create: (options, context) => new RandomSearcher(options, context),
})

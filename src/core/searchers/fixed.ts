/** Fixed configurations, by default the default configuration: the baseline of a user who does not tune. */
import { z } from 'zod'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, checkConfig } from '../space.js'
import { defineSearcher } from './definition.js'

const fixedOptions = z.strictObject({
  /** The configuration; hyperparameters that are left out are as in the default. */
  config: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe('hyperparameters that differ from the default configuration'),
  /** How often it is trained, each time with another training seed; `unlimited` until the budget ends. */
  times: z
    .union([z.int().positive(), z.literal('unlimited')])
    .default(1)
    .describe('how often it is trained, or "unlimited"'),
})

export class FixedSearcher implements Searcher {
  readonly #config: Config
  #left: number

  constructor(options: z.infer<typeof fixedOptions>, context: SearcherContext) {
    const differs = Object.keys(options.config).length > 0
    this.#config = differs ? { ...context.defaultConfig, ...options.config } : context.defaultConfig
    checkConfig(context.source.space, this.#config, 'searcher.config')
    this.#left = options.times === 'unlimited' ? Infinity : options.times
  }

  suggest(): Config | undefined {
    return this.#left-- > 0 ? this.#config : undefined
  }
}

export const fixed = defineSearcher({
  summary: 'One fixed configuration, by default the default one, once or again and again.',
  reference: 'none: a baseline',
  options: fixedOptions,
  variants: [{ times: 'unlimited' }, { times: 3 }],
  create: (options, context) => new FixedSearcher(options, context),
})

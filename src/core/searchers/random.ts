/** Random search: independent draws from the space's prior, after the configurations to try first. */
import { z } from 'zod'
import { type ConfigSource, UniqueDraws } from '../config-source.js'
import { BenchError } from '../errors.js'
import type { Random } from '../random.js'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, checkConfig } from '../space.js'
import { defineSearcher } from './definition.js'

/** A configuration to try first: `default`, or values for all or some hyperparameters (the rest as in the default). */
const initialSchema = z.array(
  z.union([z.literal('default'), z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))]),
)

const randomOptions = z.strictObject({
  /** Configurations to try first, in this order. */
  initial: initialSchema.default([]).describe('configurations to try first, e.g. ["default"]'),
  /** `unique`: never the same configuration twice, until the space is used up; `with-replacement`: independent draws. */
  draws: z
    .enum(['unique', 'with-replacement'])
    .default('unique')
    .describe('whether a configuration may be drawn twice'),
})

/** The configurations to try first, completed by the default and checked against the space. */
export function initialConfigs(initial: z.infer<typeof initialSchema>, context: SearcherContext): Config[] {
  return initial.map((given, i) => {
    const config = given === 'default' ? context.defaultConfig : { ...context.defaultConfig, ...given }
    checkConfig(context.source.space, config, `initial[${i}]`)
    return config
  })
}

/** The same seed draws the same configurations under every scheduler. */
export class RandomSearcher implements Searcher {
  readonly #source: ConfigSource
  readonly #random: Random
  readonly #unique: UniqueDraws | undefined
  readonly #initial: Config[]

  constructor(options: z.infer<typeof randomOptions>, context: SearcherContext) {
    this.#source = context.source
    this.#random = context.random.stream('searcher')
    this.#unique = options.draws === 'unique' ? new UniqueDraws(context.source, this.#random) : undefined
    this.#initial = initialConfigs(options.initial, context).toReversed()
    if (context.source.size === 0)
      throw new BenchError('there is no configuration to draw: the restricted space is empty')
  }

  suggest(): Config | undefined {
    for (let first = this.#initial.pop(); first !== undefined; first = this.#initial.pop())
      if (this.#unique === undefined || this.#unique.take(first)) return first
    return this.#unique === undefined ? this.#source.draw(this.#random) : this.#unique.next()
  }
}

export const random = defineSearcher({
  summary: 'Random draws from the search space, after configurations to try first.',
  reference: 'Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization',
  options: randomOptions,
  variants: [{ initial: ['default'] }, { draws: 'with-replacement' }],
  create: (options, context) => new RandomSearcher(options, context),
})

/** What searchers share: configurations to try first, and whether one may be given twice. */
import { z } from 'zod'
import { type ConfigSource, UniqueDraws } from '../config-source.js'
import { BenchError } from '../errors.js'
import type { Random } from '../random.js'
import type { SearcherContext } from '../searcher.js'
import { type Config, checkConfig } from '../space.js'

/** A configuration to try first: `default`, or values for all or some hyperparameters (the rest as in the default). */
const initial = z
  .array(z.union([z.literal('default'), z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))]))
  .default([])
  .describe('configurations to try first, e.g. ["default"]')

/** The option of a searcher that never gives a configuration twice. */
export const initialOption = { initial }

/** The options of a searcher that proposes for ever. */
export const drawOptions = {
  /** Configurations to try first, in this order. */
  initial,
  /** `unique`: never the same configuration twice, until the space is used up; `with-replacement`: it may come again. */
  draws: z
    .enum(['unique', 'with-replacement'])
    .default('unique')
    .describe('whether a configuration may be drawn twice'),
}
const drawSchema = z.strictObject(drawOptions)
export type DrawOptions = z.infer<typeof drawSchema>

/** The configurations to try first, completed by the default. @throws BenchError if one is not in the space */
export function initialConfigs(given: z.infer<typeof initial>, context: SearcherContext): Config[] {
  return given.map((values, i) => {
    const config = values === 'default' ? context.defaultConfig : { ...context.defaultConfig, ...values }
    checkConfig(context.source.space, config, `initial[${i}]`)
    return config
  })
}

/** After this many proposals in a row that were all taken, a random configuration is given instead. */
const PATIENCE = 24

/**
 * Gives out the configurations of a source: those to try first, random ones, and those that an algorithm proposes. Under
 * `unique` each comes once, whichever way, and all of a finite source come before the end.
 *
 * Random ones come from the stream `searcher`, so that with one seed all searchers open with the same ones.
 */
export class Draws {
  readonly #source: ConfigSource
  readonly #random: Random
  readonly #unique: UniqueDraws | undefined
  readonly #initial: Config[]

  /** @throws BenchError if a configuration to try first is not in the space, or there is none to draw */
  constructor(options: DrawOptions, context: SearcherContext) {
    const { source } = context
    if (source.size === 0) throw new BenchError('there is no configuration to draw: the restricted space is empty')
    this.#source = source
    this.#random = context.random.stream('searcher')
    this.#unique = options.draws === 'unique' ? new UniqueDraws(source, this.#random) : undefined
    this.#initial = initialConfigs(options.initial, context).toReversed()
  }

  /** The next configuration to try first; undefined when there is none left. */
  first(): Config | undefined {
    for (let config = this.#initial.pop(); config !== undefined; config = this.#initial.pop())
      if (this.#unique === undefined || this.#unique.take(config)) return config
    return undefined
  }

  /** A configuration from the prior; undefined when all were given. */
  random(): Config | undefined {
    return this.#unique === undefined ? this.#source.draw(this.#random) : this.#unique.next()
  }

  /**
   * What the source has nearest to what an algorithm proposes, which is asked again, up to 24 times, while its proposals
   * are taken; then a configuration from the prior. Undefined when all were given.
   *
   * @param proposal gives a configuration of the source's space
   */
  propose(proposal: () => Config): Config | undefined {
    const unique = this.#unique
    if (unique === undefined) return this.#source.nearest(proposal())
    for (let attempt = 0; attempt < PATIENCE && !unique.usedUp; attempt++) {
      const config = unique.takeNearest(proposal())
      if (config !== undefined) return config
    }
    return unique.next()
  }
}

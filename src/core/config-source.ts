/** Where configurations are drawn from: a search space as it is, or (in `surrogates`) the rows of a table. */
import { drawConfig } from './encoding.js'
import type { Random } from './random.js'
import { type Config, type Space, configKey, enumerateSpace, spaceSize } from './space.js'

/** A set of configurations with a prior. */
export interface ConfigSource {
  readonly space: Space
  /** How many distinct configurations there are; Infinity if a real hyperparameter varies. */
  readonly size: number
  /** One configuration from the prior, with replacement. */
  draw(random: Random): Config
  /**
   * The configuration of this set that stands for one of its space: in a whole space that one itself, in a table the
   * row nearest to it. Undefined if there is none that is free.
   *
   * A point of the encoded cube is turned into a configuration of the space by `decodeConfig`.
   *
   * @param isFree whether the configuration of a {@link ConfigSource.key} may be given; default: all may
   */
  nearest(config: Config, isFree?: (key: number | string) => boolean): Config | undefined
  /** Equal for equal configurations, distinct for distinct ones. */
  key(config: Config): number | string
  /** All configurations, in a fixed order; only where `size` is finite. */
  all(): Iterable<Config>
}

/** Draws from a search space. */
export class SpaceSource implements ConfigSource {
  readonly space: Space
  readonly size: number

  constructor(space: Space) {
    this.space = space
    this.size = spaceSize(space)
  }

  draw(random: Random): Config {
    return drawConfig(this.space, random)
  }

  nearest(config: Config, isFree?: (key: string) => boolean): Config | undefined {
    return isFree === undefined || isFree(this.key(config)) ? config : undefined
  }

  key(config: Config): string {
    return configKey(config)
  }

  all(): Iterable<Config> {
    return enumerateSpace(this.space)
  }
}

/** After this many draws in a row that were all taken already, what is left is listed instead. */
const PATIENCE = 24

/** Draws without ever giving a configuration twice, until the set is used up. */
export class UniqueDraws {
  readonly #source: ConfigSource
  readonly #random: Random
  readonly #taken = new Set<number | string>()
  readonly #isFree = (key: number | string): boolean => !this.#taken.has(key)
  #left: Config[] | undefined

  constructor(source: ConfigSource, random: Random) {
    this.#source = source
    this.#random = random
  }

  /** Whether every configuration was given. */
  get usedUp(): boolean {
    return this.#taken.size >= this.#source.size
  }

  /** Marks a configuration as taken; true if it was still free. */
  take(config: Config): boolean {
    const key = this.#source.key(config)
    if (this.#taken.has(key)) return false
    this.#taken.add(key)
    return true
  }

  /** Takes the free configuration nearest to one of the space; undefined if {@link ConfigSource.nearest} has none. */
  takeNearest(config: Config): Config | undefined {
    const nearest = this.#source.nearest(config, this.#isFree)
    if (nearest !== undefined) this.#taken.add(this.#source.key(nearest))
    return nearest
  }

  /** The next configuration, or undefined when all are taken. */
  next(): Config | undefined {
    if (this.usedUp) return undefined
    if (this.#left === undefined) {
      for (let attempt = 0; attempt < PATIENCE; attempt++) {
        const config = this.#source.draw(this.#random)
        if (this.take(config)) return config
      }
      this.#left = [...this.#source.all()]
    }
    const left = this.#left
    while (left.length > 0) {
      const at = this.#random.int(left.length)
      const config = left[at]!
      left[at] = left.at(-1)!
      left.pop()
      if (this.take(config)) return config
    }
    return undefined
  }
}

/** Configurations at the points of a sequence that fills the unit cube evenly. */
import { fromUnit } from '../encoding.js'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, type Space, type Value, domainSize, varying } from '../space.js'
import { type DrawOptions, Draws } from './draws.js'

/** Points of a cube, one after another. */
export interface Sequence {
  /** @param out one number in [0, 1) per dimension is written */
  next(out: Float64Array): void
}

/**
 * Turns points into configurations, one coordinate per hyperparameter that varies: numbers on their scale, choices by
 * equal intervals. A point whose configuration was given before is left out under `unique`; on a table a point stands for
 * the nearest recorded configuration that was not given yet. The same seed gives the same ones under every scheduler.
 */
export class SequenceSearcher implements Searcher {
  readonly #draws: Draws
  readonly #propose: () => Config

  constructor(options: DrawOptions, context: SearcherContext, sequence: Sequence) {
    this.#draws = new Draws(options, context)
    const { space } = context.source
    const point = new Float64Array(varying(space).length)
    this.#propose = () => {
      sequence.next(point)
      return configAt(space, point)
    }
  }

  suggest(): Config | undefined {
    return this.#draws.first() ?? this.#draws.propose(this.#propose)
  }
}

function configAt(space: Space, point: Float64Array): Config {
  const config: Record<string, Value> = {}
  let at = 0
  for (const name in space) {
    const domain = space[name]!
    config[name] = fromUnit(domain, domainSize(domain) > 1 ? point[at++]! : 0)
  }
  return Object.freeze(config)
}

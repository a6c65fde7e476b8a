/** Configurations at the points of a sequence that fills the unit cube evenly. */
import type { z } from 'zod'
import { fromUnit } from '../encoding.js'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, type Space, type Value, domainSize } from '../space.js'
import { Draws, type drawOptions } from './draws.js'

/** Points of a cube, one after another. */
export interface Sequence {
  /** @param out one number in [0, 1) per dimension is written */
  next(out: Float64Array): void
}

/** The hyperparameters that vary. */
export function varying(space: Space): string[] {
  return Object.keys(space).filter((name) => domainSize(space[name]!) > 1)
}

/**
 * Turns points into configurations, one coordinate per hyperparameter that varies: numbers on their scale, choices by
 * equal intervals. A point whose configuration was given before is left out under `unique`; on a table a point stands for
 * the nearest recorded configuration that was not given yet. The same seed gives the same ones under every scheduler.
 */
export class SequenceSearcher implements Searcher {
  readonly #draws: Draws
  readonly #propose: () => Config

  constructor(
    options: { readonly [K in keyof typeof drawOptions]: z.infer<(typeof drawOptions)[K]> },
    context: SearcherContext,
    sequence: Sequence,
  ) {
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

/** Configurations near another one: the explore step of population based training. */
import type { ConfigSource } from './config-source.js'
import type { Random } from './random.js'
import type { Config, Domain, Value } from './space.js'

/** How far to go. */
export interface Exploration {
  /** With this probability a hyperparameter is drawn anew from the prior. */
  readonly resampleProbability: number
  /** Else numbers are multiplied by one of these. */
  readonly factors: readonly number[]
}

/**
 * A configuration near another one (Jaderberg et al. 2017, section 4: perturb or resample): each hyperparameter is
 * drawn anew with a probability, else numbers are multiplied by a random factor, kept within their bounds and rounded
 * where they are whole; ordinals move to a neighbour, up for a factor above 1; choices stay.
 *
 * @returns what the source has nearest to that: always one that can be run
 */
export function exploreConfig(
  source: ConfigSource,
  config: Config,
  { resampleProbability, factors }: Exploration,
  random: Random,
): Config {
  const drawn = source.draw(random)
  const explored: Record<string, Value> = {}
  for (const [name, domain] of Object.entries(source.space)) {
    // Both numbers in any case, so that what happens to one hyperparameter moves nothing for the next.
    const [resample, factor] = [random.uniform() < resampleProbability, factors[random.int(factors.length)]!]
    explored[name] = resample ? drawn[name]! : perturbed(domain, config[name]!, factor)
  }
  return source.nearest(Object.freeze(explored)) ?? config
}

function perturbed(domain: Domain, value: Value, factor: number): Value {
  switch (domain.type) {
    case 'float':
    case 'int': {
      const moved = (value as number) * factor
      // Added to 0, -0 becomes 0.
      return Math.min(domain.high, Math.max(domain.low, domain.type === 'int' ? Math.round(moved) : moved)) + 0
    }
    case 'ordinal': {
      const at = domain.values.indexOf(value) + Math.sign(factor - 1)
      return domain.values[Math.min(domain.values.length - 1, Math.max(0, at))]!
    }
    default:
      return value
  }
}

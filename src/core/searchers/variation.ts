/** Crossover and mutation of hyperparameters, as NSGA-II has them. */
import { fromUnit, toUnit } from '../encoding.js'
import type { Random } from '../random.js'
import type { Domain, Value } from '../space.js'

/**
 * Simulated binary crossover of two places in [0, 1] (Deb and Agrawal 1995, Simulated Binary Crossover for Continuous
 * Search Space; with bounds as in Deb's NSGA-II): one of the two children, both equally likely.
 *
 * @param index eta_c: the larger, the nearer children are to their parents
 */
export function simulatedBinaryCrossover(a: number, b: number, index: number, random: Random): number {
  const [low, high] = a < b ? [a, b] : [b, a]
  const u = random.uniform()
  const upper = random.uniform() < 0.5
  if (high - low < 1e-14) return a
  // Room between the parent and its bound, in units of the parents' distance.
  const room = (upper ? 1 - high : low) / (high - low)
  const alpha = 2 - (1 + 2 * room) ** -(index + 1)
  const spread = (u * alpha <= 1 ? u * alpha : 1 / (2 - u * alpha)) ** (1 / (index + 1))
  const child = (low + high + (upper ? spread : -spread) * (high - low)) / 2
  return Math.min(1, Math.max(0, child))
}

/**
 * Polynomial mutation of a place in [0, 1] (Deb and Goyal 1996, A Combined Genetic Adaptive Search for Engineering Design;
 * with bounds as in Deb's NSGA-II).
 *
 * @param index eta_m: the larger, the smaller the steps
 */
export function polynomialMutation(x: number, index: number, random: Random): number {
  const u = random.uniform()
  const power = index + 1
  const step =
    u < 0.5
      ? (2 * u + (1 - 2 * u) * (1 - x) ** power) ** (1 / power) - 1
      : 1 - (2 * (1 - u) + (2 * u - 1) * x ** power) ** (1 / power)
  return Math.min(1, Math.max(0, x + step))
}

/** A child's value: of a choice either parent's; of others either the first parent's or a crossover, as in Deb's NSGA-II. */
export function crossed(domain: Domain, a: Value, b: Value, index: number, random: Random): Value {
  if (a === b) return a
  const cross = random.uniform() < 0.5
  if (!cross) return a
  if (domain.type === 'choice') return b
  return fromUnit(domain, simulatedBinaryCrossover(toUnit(domain, a), toUnit(domain, b), index, random))
}

/**
 * A mutated value: of a choice another one, all equally likely; of others polynomial mutation on their scale, where an
 * integer or ordinal that would be rounded back moves to its neighbour in the direction of the step instead.
 */
export function mutated(domain: Domain, value: Value, index: number, random: Random): Value {
  switch (domain.type) {
    case 'constant':
      return value
    case 'choice': {
      const { values } = domain
      if (values.length === 1) return value
      return values[(values.indexOf(value) + 1 + random.int(values.length - 1)) % values.length]!
    }
    default: {
      const place = toUnit(domain, value)
      const moved = polynomialMutation(place, index, random)
      const result = fromUnit(domain, moved)
      if (result !== value || domain.type === 'float') return result
      return neighbour(domain, value, moved < place ? -1 : 1)
    }
  }
}

/** The next value in a direction; in the other one at the end. */
function neighbour(domain: Extract<Domain, { type: 'int' | 'ordinal' }>, value: Value, direction: 1 | -1): Value {
  if (domain.type === 'int') {
    const next = (value as number) + direction
    if (next >= domain.low && next <= domain.high) return next
    return Math.min(domain.high, Math.max(domain.low, (value as number) - direction))
  }
  const at = domain.values.indexOf(value)
  return domain.values[at + direction] ?? domain.values[at - direction] ?? value
}

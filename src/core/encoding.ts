/**
 * Configurations as points. Two ways: one coordinate in [0, 1] per hyperparameter (`toUnit`, `fromUnit`: the prior is
 * uniform there), and the encoded cube, in which Euclidean distances mean something (`encodeConfig`, `decodeConfig`).
 */
import type { Random } from './random.js'
import type { Config, Domain, FloatDomain, IntDomain, Space, Value } from './space.js'

/**
 * The value at a quantile of a domain's prior: numbers on their scale (integers on [low - 1/2, high + 1/2], rounded),
 * choices and ordinals by equal intervals in the order of their values.
 *
 * @param u in [0, 1]; beyond it counts as the end
 */
export function fromUnit(domain: Domain, u: number): Value {
  switch (domain.type) {
    case 'constant':
      return domain.value
    case 'float':
    case 'int': {
      const [low, high] = ends(domain)
      const x =
        domain.scale === 'linear'
          ? low + u * (high - low)
          : Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)))
      // Added to 0, -0 (which Math.round makes of -0.4) becomes 0, which is what files make of it.
      return Math.min(domain.high, Math.max(domain.low, domain.type === 'int' ? Math.round(x) : x)) + 0
    }
    default: {
      const { length } = domain.values
      return domain.values[Math.min(length - 1, Math.max(0, Math.floor(u * length)))]!
    }
  }
}

/** Draws one value; one uniform number per domain that varies, so that adding a hyperparameter moves only later ones. */
export function drawValue(domain: Domain, random: Random): Value {
  return domain.type === 'constant' ? domain.value : fromUnit(domain, random.uniform())
}

/** Draws a configuration from the space's prior: every hyperparameter independently. */
export function drawConfig(space: Space, random: Random): Config {
  const config: Record<string, Value> = {}
  for (const key in space) config[key] = drawValue(space[key]!, random)
  return Object.freeze(config)
}

/** The quantile of a value, for choices and ordinals the middle of its interval; 1/2 where nothing varies. */
export function toUnit(domain: Domain, value: Value): number {
  switch (domain.type) {
    case 'constant':
      return 0.5
    case 'float':
    case 'int':
      return domain.low === domain.high ? 0.5 : placeOf(domain, value as number)
    default:
      return (domain.values.indexOf(value) + 0.5) / domain.values.length
  }
}

/** A number's place between the ends of its domain, on its scale; 0 where both ends are one. */
function placeOf(domain: FloatDomain | IntDomain, x: number): number {
  const [low, high] = ends(domain)
  if (low === high) return 0
  if (domain.scale === 'linear') return (x - low) / (high - low)
  return (Math.log(x) - Math.log(low)) / (Math.log(high) - Math.log(low))
}

function ends({ type, low, high }: FloatDomain | IntDomain): [low: number, high: number] {
  return type === 'int' ? [low - 0.5, high + 0.5] : [low, high]
}

/** How many numbers {@link encodeConfig} writes for a space: one per hyperparameter, one per value of a choice. */
export function encodedLength(space: Space): number {
  let length = 0
  for (const domain of Object.values(space))
    length += domain.type === 'choice' ? domain.values.length : domain.type === 'constant' ? 0 : 1
  return length
}

/**
 * Places a configuration in the unit cube for distances: numbers linearly or by logarithm (integers on
 * [low - 1/2, high + 1/2]), ordinals by position, choices one-hot scaled by 1/sqrt(2), so that two different
 * categories are at distance 1, as far as the two ends of a number.
 *
 * @param out written from `offset` on; {@link encodedLength} numbers
 */
export function encodeConfig(space: Space, config: Config, out: Float64Array, offset = 0): void {
  let at = offset
  for (const key in space) {
    const domain = space[key]!
    const value = config[key]!
    switch (domain.type) {
      case 'constant':
        break
      case 'choice':
        for (const other of domain.values) out[at++] = other === value ? Math.SQRT1_2 : 0
        break
      case 'ordinal':
        out[at++] = domain.values.length === 1 ? 0 : domain.values.indexOf(value) / (domain.values.length - 1)
        break
      default:
        out[at++] = placeOf(domain, value as number)
    }
  }
}

/**
 * The configuration whose place is nearest to a point of the encoded cube: the inverse of {@link encodeConfig}, up to
 * the rounding of real numbers. Coordinates beyond the cube count as its border; of a choice the largest coordinate
 * decides, the first one of equals.
 *
 * @param point read from `offset` on; {@link encodedLength} numbers
 */
export function decodeConfig(space: Space, point: ArrayLike<number>, offset = 0): Config {
  const config: Record<string, Value> = {}
  let at = offset
  for (const key in space) {
    const domain = space[key]!
    switch (domain.type) {
      case 'constant':
        config[key] = domain.value
        break
      case 'choice': {
        let best = 0
        for (let i = 1; i < domain.values.length; i++) if (point[at + i]! > point[at + best]!) best = i
        config[key] = domain.values[best]!
        at += domain.values.length
        break
      }
      case 'ordinal': {
        const last = domain.values.length - 1
        config[key] = domain.values[Math.min(last, Math.max(0, Math.round(point[at++]! * last)))]!
        break
      }
      default:
        config[key] = fromUnit(domain, point[at++]!)
    }
  }
  return Object.freeze(config)
}

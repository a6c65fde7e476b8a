/** A search space where files hold values only: domains inferred from what was tried. docs/tables.md states the rules. */
import { BenchError, show } from '../core/errors.js'
import { encodeConfig, encodedLength, fromUnit } from '../core/encoding.js'
import type { Config, Domain, Space, Value } from '../core/space.js'

/** From this ratio of largest to smallest on, numbers are taken to be drawn on a log scale. */
const LOG_RATIO = 100
/** Numbers that take at most so many values, each several times, are a grid. */
const GRID_VALUES = 12
const GRID_SHARE = 3
const MOST_TEXTS = 1000

/**
 * The domain of values that were tried: texts and truth values are a choice; numbers that take at most 12 values, in
 * three or more configurations each on average, are an ordinal unless they are consecutive whole numbers; other numbers are
 * a range from the smallest to the largest, whole if all are, on the log scale if positive and the largest is at least 100
 * times the smallest. One value only is a constant.
 *
 * @param values one per configuration
 * @throws BenchError if they are of several types, or too many texts
 */
export function inferDomain(name: string, values: readonly Value[]): Domain {
  const distinct = [...new Set(values)]
  const kinds = new Set(distinct.map((value) => typeof value))
  const cure = `give its domain in the mapping: {"hyperparameters": {${JSON.stringify(name)}: {"domain": {...}}}}`
  if (kinds.size > 1)
    throw new BenchError(
      `hyperparameter ${show(name)} has values of several types (${[...kinds].join(', ')}), e.g. ${show(distinct.slice(0, 3))}; ${cure}`,
    )
  if (distinct.length === 1) return { type: 'constant', value: distinct[0]! }
  if (typeof distinct[0] !== 'number') {
    if (distinct.length > MOST_TEXTS)
      throw new BenchError(`hyperparameter ${show(name)} has ${distinct.length} different texts; ${cure}`)
    return { type: 'choice', values: distinct }
  }
  const numbers = (distinct as number[]).sort((a, b) => a - b)
  const [low, high] = [numbers[0]!, numbers.at(-1)!]
  const whole = numbers.every((value) => Number.isSafeInteger(value))
  const consecutive = whole && high - low === numbers.length - 1
  if (!consecutive && numbers.length <= GRID_VALUES && values.length >= GRID_SHARE * numbers.length)
    return { type: 'ordinal', values: numbers }
  const scale = low > 0 && high >= LOG_RATIO * low ? 'log' : 'linear'
  return { type: whole ? 'int' : 'float', low, high, scale }
}

/** What a table says of a default configuration that {@link middleConfig} chose. */
export const MIDDLE_RULE = 'none that was published, but the recorded one nearest to the middle of the search space'

/**
 * Of some configurations the one nearest to the middle of the space (numbers and ordinals at half of their prior, choices
 * at their first value), by Euclidean distance between encoded configurations; of equals the first.
 */
export function middleConfig(space: Space, configs: Iterable<Config>): Config | undefined {
  const middle = Object.fromEntries(
    Object.entries(space).map(([name, domain]) => [
      name,
      domain.type === 'choice' ? domain.values[0]! : fromUnit(domain, 0.5),
    ]),
  )
  const target = new Float64Array(encodedLength(space))
  const point = new Float64Array(target.length)
  encodeConfig(space, middle, target)
  let best: Config | undefined
  let least = Infinity
  for (const config of configs) {
    encodeConfig(space, config, point)
    const distance = point.reduce((sum, x, i) => sum + (x - target[i]!) ** 2, 0)
    if (distance < least) [best, least] = [config, distance]
  }
  return best
}

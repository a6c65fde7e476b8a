/** Grid search: the product of a few values per hyperparameter. */
import { z } from 'zod'
import { type ConfigSource, UniqueDraws } from '../config-source.js'
import { fromUnit } from '../encoding.js'
import { BenchError, invalid, show } from '../errors.js'
import { suggestion } from '../nearest-name.js'
import type { Random } from '../random.js'
import type { Searcher, SearcherContext } from '../searcher.js'
import { type Config, type Domain, type Space, type Value, domainSize, domainValues } from '../space.js'
import { defineSearcher } from './definition.js'
import { initialConfigs, initialOption } from './draws.js'

const DEFAULT_POINTS = 5

const gridOptions = z.strictObject({
  ...initialOption,
  /** Values per number; a record gives them per hyperparameter, others have 5. Choices and ordinals take part whole. */
  points: z
    .union([z.int().positive(), z.record(z.string(), z.int().positive())])
    .default(DEFAULT_POINTS)
    .describe('values per number, for all or by hyperparameter'),
  /** `given`: the last hyperparameter varies fastest. */
  order: z.enum(['shuffled', 'given']).default('shuffled').describe('in which order the grid is tried'),
})

/**
 * Numbers have `points` values at the centres of equal cells on their scale (log: of the logarithm); integers with no
 * more values than that take part with all of them. Ends when the grid is used up.
 *
 * On a table a point of the grid stands for the recorded configuration nearest to it. Of points that stand for the same
 * one the first counts, the others are left out, so that a grid finer than the table ends with the table's rows.
 *
 * A grid of n points costs memory for those that were tried only.
 */
export class GridSearcher implements Searcher {
  readonly #source: ConfigSource
  readonly #names: readonly string[]
  readonly #axes: readonly (readonly Value[])[]
  readonly #cells: number
  readonly #random: Random | undefined
  readonly #unique: UniqueDraws
  readonly #initial: Config[]
  /** Points tried, or left out. */
  #at = 0
  /** Where a shuffle of 0..n-1 differs from the identity, as far as it was drawn. */
  readonly #moved = new Map<number, number>()

  constructor(options: z.infer<typeof gridOptions>, context: SearcherContext) {
    const { space } = context.source
    checkPoints(options.points, space)
    this.#source = context.source
    this.#names = Object.keys(space)
    this.#axes = this.#names.map((name) => axis(space[name]!, pointsFor(options.points, name)))
    this.#cells = this.#axes.reduce((product, values) => product * values.length, 1)
    if (this.#cells > Number.MAX_SAFE_INTEGER)
      throw new BenchError(
        `the grid has ${this.#cells.toPrecision(2)} points, more than can be counted; give fewer points`,
      )
    const random = context.random.stream('searcher/grid')
    this.#random = options.order === 'shuffled' ? random : undefined
    this.#unique = new UniqueDraws(context.source, random)
    this.#initial = initialConfigs(options.initial, context).toReversed()
  }

  suggest(): Config | undefined {
    for (let config = this.#initial.pop(); config !== undefined; config = this.#initial.pop())
      if (this.#unique.take(config)) return config
    while (this.#at < this.#cells && !this.#unique.usedUp) {
      const config = this.#source.nearest(this.#config(this.#next()))
      if (config !== undefined && this.#unique.take(config)) return config
    }
    return undefined
  }

  /** The next point's number: a Fisher-Yates shuffle, drawn as far as it is asked for. */
  #next(): number {
    const at = this.#at++
    if (this.#random === undefined) return at
    const other = at + this.#random.int(this.#cells - at)
    const drawn = this.#moved.get(other) ?? other
    if (other !== at) this.#moved.set(other, this.#moved.get(at) ?? at)
    this.#moved.delete(at)
    return drawn
  }

  #config(cell: number): Config {
    const config: Record<string, Value> = {}
    let stride = this.#cells
    for (const [i, name] of this.#names.entries()) {
      const values = this.#axes[i]!
      stride /= values.length
      config[name] = values[Math.floor(cell / stride) % values.length]!
    }
    return Object.freeze(config)
  }
}

type Points = z.infer<typeof gridOptions>['points']

function pointsFor(points: Points, name: string): number {
  return typeof points === 'number' ? points : Object.hasOwn(points, name) ? points[name]! : DEFAULT_POINTS
}

function checkPoints(points: Points, space: Space): void {
  if (typeof points === 'number') return
  const names = Object.keys(space)
  for (const [name, count] of Object.entries(points)) {
    if (!Object.hasOwn(space, name))
      throw new BenchError(`searcher.points has an unknown hyperparameter ${show(name)}${suggestion(name, names)}`)
    const { type } = space[name]!
    if (type !== 'float' && type !== 'int')
      throw invalid(`searcher.points.${name}`, count, `must be left out: ${name} is no number and takes part whole`)
  }
}

function axis(domain: Domain, points: number): readonly Value[] {
  if (domain.type !== 'float' && (domain.type !== 'int' || domainSize(domain) <= points)) return domainValues(domain)
  if (domain.low === domain.high) return [domain.low]
  // On the log scale neighbouring cells of an integer may have one centre.
  return [...new Set(Array.from({ length: points }, (_, i) => fromUnit(domain, (i + 0.5) / points)))]
}

export const grid = defineSearcher({
  summary: 'A product grid, shuffled or in order; each point once.',
  reference: 'none: a baseline; see Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization',
  options: gridOptions,
  variants: [{ points: 3, order: 'given', initial: ['default'] }],
  create: (options, context) => new GridSearcher(options, context),
})

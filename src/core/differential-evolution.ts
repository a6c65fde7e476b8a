/** Differential evolution rand/1/bin on configurations as points of [0, 1]^d, one coordinate per hyperparameter that varies. */
import { fromUnit, toUnit } from './encoding.js'
import type { Random } from './random.js'
import type { Config, Domain, Space, Value } from './space.js'

/** A configuration that was run, as a point, and its loss. */
export interface Individual {
  readonly point: Float64Array
  readonly loss: number
}

/** The individuals of one level: so many slots, each with the best individual that was offered to it. */
export class Subpopulation {
  readonly size: number
  /** Those there are, in no order. */
  readonly individuals: Individual[] = []
  /** Per slot its place in `individuals`, -1 where there is none yet. */
  readonly #places: Int32Array
  #turn = 0

  constructor(size: number) {
    this.size = size
    this.#places = new Int32Array(size).fill(-1)
  }

  /** The slot whose turn it is; they take turns again and again. */
  get turn(): number {
    return this.#turn
  }

  endTurn(): void {
    this.#turn = (this.#turn + 1) % this.size
  }

  at(slot: number): Individual | undefined {
    return this.individuals[this.#places[slot]!]
  }

  /** Selection: the child takes the slot unless a better one is there; never one without a number. */
  offer(slot: number, child: Individual): boolean {
    if (!(child.loss < Infinity)) return false
    const place = this.#places[slot]!
    if (place < 0) this.#places[slot] = this.individuals.push(child) - 1
    else if (this.individuals[place]!.loss < child.loss) return false
    else this.individuals[place] = child
    return true
  }
}

/** The unit cube of a space: see `toUnit` and `fromUnit`. */
export class UnitCube {
  readonly #domains: readonly (readonly [name: string, domain: Domain])[]

  constructor(space: Space) {
    this.#domains = Object.entries(space)
  }

  /** A configuration as a point. */
  pointOf(config: Config): Float64Array {
    const varying = this.#domains.filter(([, domain]) => domain.type !== 'constant')
    return Float64Array.from(varying, ([name, domain]) => toUnit(domain, config[name]!))
  }

  /** The configuration at a point. */
  configAt(point: Float64Array): Config {
    const config: Record<string, Value> = {}
    let at = 0
    for (const [name, domain] of this.#domains)
      config[name] = domain.type === 'constant' ? domain.value : fromUnit(domain, point[at++]!)
    return Object.freeze(config)
  }
}

/**
 * Mutation rand/1 for a target: a + F (b - c) for three random parents, distinct and none the target. Where there are
 * fewer than three, further ones are random members of `others`, and failing those random points. A coordinate outside
 * [0, 1] is drawn anew. O(d) where there are more than three parents.
 *
 * @param others asked only where they are needed
 */
export function mutate(
  target: Float64Array,
  parents: readonly Individual[],
  others: () => readonly Individual[],
  factor: number,
  random: Random,
): Float64Array {
  const chosen: Float64Array[] = []
  while (parents.length > 3 && chosen.length < 3) {
    const { point } = parents[random.int(parents.length)]!
    if (point !== target && !chosen.includes(point)) chosen.push(point)
  }
  for (const pool of [() => parents, others]) {
    if (chosen.length === 3) break
    const left = [...new Set(pool().map(({ point }) => point))].filter(
      (point) => point !== target && !chosen.includes(point),
    )
    while (chosen.length < 3 && left.length > 0) chosen.push(...left.splice(random.int(left.length), 1))
  }
  while (chosen.length < 3) chosen.push(target.map(() => random.uniform()))
  const [a, b, c] = chosen as [Float64Array, Float64Array, Float64Array]
  const mutant = new Float64Array(target.length)
  for (let i = 0; i < mutant.length; i++) {
    const moved = a[i]! + factor * (b[i]! - c[i]!)
    mutant[i] = moved >= 0 && moved <= 1 ? moved : random.uniform()
  }
  return mutant
}

/** Binomial crossover: each coordinate from the mutant with the given probability, one random one in any case. */
export function crossover(
  target: Float64Array,
  mutant: Float64Array,
  probability: number,
  random: Random,
): Float64Array {
  const always = random.int(target.length)
  return target.map((x, i) => (random.uniform() < probability || i === always ? mutant[i]! : x))
}

/** Differential evolution rand/1/bin on configurations as points of [0, 1]^d, one coordinate per hyperparameter that varies. */
import { fromUnit, toUnit } from './encoding.js'
import type { Random } from './random.js'
import type { Config, Space } from './space.js'

/** A configuration that was run, as a point, and its loss. */
export interface Individual {
  readonly point: Float64Array
  readonly loss: number
}

/** The individuals of one level: so many slots, each with the best individual that was offered to it. */
export class Subpopulation {
  readonly size: number
  readonly #slots: (Individual | undefined)[]
  #turn = 0

  constructor(size: number) {
    this.size = size
    this.#slots = Array.from({ length: size }, () => undefined)
  }

  /** Those there are. */
  get individuals(): Individual[] {
    return this.#slots.filter((one) => one !== undefined)
  }

  /** The slot whose turn it is; they take turns again and again. */
  get turn(): number {
    return this.#turn
  }

  endTurn(): void {
    this.#turn = (this.#turn + 1) % this.size
  }

  at(slot: number): Individual | undefined {
    return this.#slots[slot]
  }

  /** Selection: the child takes the slot unless a better one is there; never one without a number. */
  offer(slot: number, child: Individual): boolean {
    const there = this.#slots[slot]
    if (!(child.loss < Infinity) || (there !== undefined && there.loss < child.loss)) return false
    this.#slots[slot] = child
    return true
  }
}

/** A configuration as a point; see `toUnit`. */
export function pointOf(space: Space, config: Config): Float64Array {
  const varying = Object.entries(space).filter(([, domain]) => domain.type !== 'constant')
  return Float64Array.from(varying, ([name, domain]) => toUnit(domain, config[name]!))
}

/** The configuration at a point. */
export function configAt(space: Space, point: Float64Array): Config {
  let at = 0
  return Object.freeze(
    Object.fromEntries(
      Object.entries(space).map(([name, domain]) => [
        name,
        domain.type === 'constant' ? domain.value : fromUnit(domain, point[at++]!),
      ]),
    ),
  )
}

/**
 * Mutation rand/1: a + F (b - c) for three random parents, all distinct. Where there are fewer than three, further ones
 * are random members of `others`, and failing those random points. A coordinate outside [0, 1] is drawn anew.
 */
export function mutate(
  parents: readonly Float64Array[],
  others: readonly Float64Array[],
  factor: number,
  random: Random,
): Float64Array {
  const dimensions = (parents[0] ?? others[0])!.length
  const chosen: Float64Array[] = []
  for (const pool of [parents, others]) {
    const left = pool.filter((point) => !chosen.includes(point))
    while (chosen.length < 3 && left.length > 0) chosen.push(...left.splice(random.int(left.length), 1))
  }
  while (chosen.length < 3) chosen.push(Float64Array.from({ length: dimensions }, () => random.uniform()))
  const [a, b, c] = chosen as [Float64Array, Float64Array, Float64Array]
  return a.map((x, i) => {
    const moved = x + factor * (b[i]! - c[i]!)
    return moved >= 0 && moved <= 1 ? moved : random.uniform()
  })
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

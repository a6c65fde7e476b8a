/** The order inside one front, worked out only as far as someone asks, and kept as far as changes of the front leave it. */
import { crowdingDistances } from '../pareto/crowding-distance.js'
import { EpsilonNet } from '../pareto/epsilon-net.js'
import { grown } from '../collections/growable.js'
import type { Front } from './front.js'
import type { Vectors } from './vectors.js'

/** The order inside a front: farthest-point traversal from the smallest first objective, or crowding distance, largest first. */
export type FrontOrder = 'epsilon-net' | 'crowding'

/** With more arrivals than this since it was asked last, beginning anew takes less time than looking where each belongs. */
const MOST_ARRIVALS = 64

/**
 * A traversal is greedy: it goes the same way until it takes a point that was not there before, or misses one that has
 * left. So for each arrival its distance to the points taken is followed along the order, O(places known) instead of the
 * about O(m log m) of a new traversal; where it is farther away than the point that was taken next, it stands there, and only
 * what follows is unknown from then on. Most arrivals stand behind the place that is asked about.
 */
export class MemberOrder {
  readonly #how: FrontOrder
  readonly #vectors: Vectors
  readonly #net: EpsilonNet
  #front: Front | undefined
  #version = -1
  #scaling = -1
  /** Whether the traversal stands where the order ends, with the members that there are now. */
  #continues = false
  /** How many places are known. */
  #known = 0
  /** (places) the entries, their distances to the nearest before them, and (places * objectives) their losses */
  #entries = new Int32Array(16)
  #distances = new Float64Array(16)
  #losses = new Float64Array(16)

  constructor(vectors: Vectors, how: FrontOrder) {
    this.#vectors = vectors
    this.#how = how
    this.#net = new EpsilonNet(vectors.objectives)
  }

  /** The first of the best `most` members of a front for which `wanted` holds, or -1. */
  first(front: Front, wanted: (entry: number) => boolean, most: number): number {
    this.#catchUp(front)
    const end = Math.min(most, front.size)
    for (let place = 0; place < end; place++) {
      if (place === this.#known) this.#extend(front)
      const entry = this.#entries[place]!
      if (wanted(entry)) return entry
    }
    return -1
  }

  #catchUp(front: Front): void {
    const { scaling } = this.#vectors
    const same = front === this.#front && scaling === this.#scaling
    if (same && front.version === this.#version) return
    this.#continues = false
    if (same && front.marked && front.size - front.stayed <= MOST_ARRIVALS && this.#how === 'epsilon-net') {
      for (const entry of front.departed) this.#cutBefore(entry)
      for (let k = front.stayed; k < front.size; k++) this.#admit(front, k)
    } else this.#known = 0
    this.#front = front
    this.#version = front.version
    this.#scaling = scaling
    front.mark()
  }

  #cutBefore(entry: number): void {
    const place = this.#entries.indexOf(entry)
    if (place >= 0 && place < this.#known) this.#known = place
  }

  /** Puts an arrival where it stands if that is among the known places. */
  #admit({ entries, values }: Front, k: number): void {
    const { objectives, factors } = this.#vectors
    const entry = entries[k]!
    // As the traversal counts, to the last bit: the sum over the objectives in their order, and its root.
    let squared = Infinity
    let distance = Infinity
    for (let place = 0, at = 0; place < this.#known; place++) {
      // The first is the one with the least first objective, the others the farthest.
      const mine = place === 0 ? -values[k * objectives]! : distance
      const other = place === 0 ? -this.#losses[0]! : this.#distances[place]!
      if (mine > other || (mine === other && entry < this.#entries[place]!)) {
        this.#known = place
        this.#append(entry, distance, values, k * objectives)
        return
      }
      let sum = 0
      for (let j = 0; j < objectives; j++, at++) {
        const difference = (values[k * objectives + j]! - this.#losses[at]!) * factors[j]!
        sum += difference * difference
      }
      // Not the other way round: NaN, of a length that overflows times a factor of 0, shortens nothing.
      if (sum < squared) {
        squared = sum
        distance = Math.sqrt(sum)
      }
    }
  }

  /** Works out the next places; some more than needed, as who is asked about next may stand just behind. */
  #extend(front: Front): void {
    if (this.#how === 'crowding') {
      this.#orderByCrowding(front)
      return
    }
    const { factors, objectives } = this.#vectors
    if (!this.#continues) {
      this.#net.start(front.values, front.size, front.entries, 0, factors)
      for (let place = 0; place < this.#known; place++) this.#net.next()
      this.#continues = true
    }
    const end = Math.min(front.size, this.#known + (this.#known >> 2) + 16)
    while (this.#known < end) {
      const k = this.#net.next()
      this.#append(front.entries[k]!, this.#net.distance, front.values, k * objectives)
    }
  }

  #orderByCrowding(front: Front): void {
    const { objectives } = this.#vectors
    const positions = front.byEntry()
    for (const k of byCrowding(crowdingDistances(front.values, objectives, positions))) {
      const position = positions[k]!
      this.#append(front.entries[position]!, 0, front.values, position * objectives)
    }
  }

  #append(entry: number, distance: number, values: Float64Array, at: number): void {
    const { objectives } = this.#vectors
    const place = this.#known++
    if (place === this.#entries.length || this.#losses.length < this.#known * objectives) {
      this.#entries = grown(this.#entries, this.#known)
      this.#distances = grown(this.#distances, this.#known)
      this.#losses = grown(this.#losses, this.#entries.length * objectives)
    }
    this.#entries[place] = entry
    this.#distances[place] = distance
    for (let j = 0; j < objectives; j++) this.#losses[place * objectives + j] = values[at + j]!
  }
}

/** Indices by distance, largest first, ties by index. */
export function byCrowding(distances: readonly number[]): number[] {
  return distances.map((_, k) => k).sort((a, b) => distances[b]! - distances[a]! || a - b)
}

/** The moving maximum of PASHA: it rises when the two top rungs in use order their trials differently. */
import type { Goal } from '../objective.js'
import { Curve, SwapDistances } from '../collections/swap-distances.js'
import type { TrialId } from '../trial.js'
import type { RungPolicy } from '../rungs/rung-policy.js'

/** Which part of the pairs that swap and swap back lies below epsilon. */
const NOISE_QUANTILE = 0.9

interface Filing {
  readonly rung: number
  readonly loss: number
}

/**
 * Which rungs trials may be promoted from. At first the two lowest are in use: out of rung 0 trials run up to the level of
 * rung 1 and no further. Whenever the orders of the trials in the two top rungs in use disagree by more than epsilon, one
 * more rung comes into use, at last the maximum resource.
 */
export class PashaCeiling implements RungPolicy {
  readonly #levels: readonly number[]
  readonly #compat: boolean
  readonly #sign: 1 | -1
  /** How many rungs are in use; the highest of them is the maximum for now. */
  #used: number
  /** While rungs are still out of use. */
  #moving: boolean
  readonly #curves: (Curve | undefined)[] = []
  /** By trial the last rung where it was filed. */
  readonly #filings: (Filing | undefined)[] = []
  /** Trials in the top rung in use that were in the one below too, best first: loss there, loss below. */
  #top: { readonly loss: number; readonly below: number }[] = []
  /** The same losses below, sorted. */
  #below: number[] = []
  #disagree = false
  /** An epsilon with which the orders agree. */
  #enough = 0
  #swaps: SwapDistances
  /** As of the last disagreement: kept as long as no pair swaps in a new top rung. */
  #epsilon = 0

  constructor(levels: readonly number[], compat: boolean, goal: Goal) {
    this.#levels = levels
    this.#compat = compat
    this.#sign = compat && goal === 'max' ? -1 : 1
    // Below three rungs there is no room to move. The reference never promotes between two, and fails on one.
    this.#used = levels.length > 2 ? 2 : compat && levels.length === 2 ? 1 : levels.length + 1
    this.#moving = levels.length > 2
    this.#swaps = this.#newSwaps()
  }

  get openRungs(): number {
    return this.#used - 1
  }

  filed(trial: TrialId, rung: number, loss: number): void {
    if (!this.#moving) return
    const before = this.#filings[trial]
    this.#filings[trial] = { rung, loss }
    if (rung !== this.#used - 1 || before?.rung !== rung - 1) return
    const below = before.loss
    let at = this.#top.length
    while (at > 0 && this.#before(loss, below, this.#top[at - 1]!)) at--
    this.#top.splice(at, 0, { loss, below })
    at = this.#below.length
    while (at > 0 && this.#below[at - 1]! > below) at--
    this.#below.splice(at, 0, below)
    this.#disagree = this.#disagreesBeyond(0)
    if (this.#disagree && this.#disagreesBeyond(this.#enough)) this.#enough = this.#leastEnough()
  }

  /** To be told of every report below the maximum resource, after it was filed. */
  reported(trial: TrialId, level: number, loss: number): void {
    if (!this.#moving) return
    const curve = (this.#curves[trial] ??= new Curve(trial))
    curve.append(level, this.#sign * loss)
    // Neither the order of the top rung nor epsilon depends on what happens up to the rung below.
    if (level <= this.#levels[this.#used - 2]!) return
    this.#swaps.update(curve)
    if (!this.#disagree || this.#epsilonReaches(this.#enough)) return
    // The orders may have come closer since.
    const least = this.#leastEnough()
    if (least < this.#enough && this.#epsilonReaches((this.#enough = least))) return
    this.#epsilon = this.#swaps.quantile(NOISE_QUANTILE) ?? this.#epsilon
    if (this.#disagreesBeyond(this.#epsilon)) this.#rise()
  }

  text(maxResource: number): string {
    const maximum = this.#levels[this.#used - 1] ?? maxResource
    if (!this.#moving) return `the maximum is ${maximum} of ${maxResource}`
    const epsilon = this.#swaps.quantile(NOISE_QUANTILE) ?? this.#epsilon
    const order = this.#disagree ? `agrees within epsilon ${epsilon}` : 'agrees'
    return (
      `the maximum is ${maximum} of ${maxResource}: the order of ${this.#top.length} trials at ${maximum} and ` +
      `${this.#levels[this.#used - 2]} ${order}`
    )
  }

  /** Whether a trial comes before another in the top rung. Of equal ones, that which was better below; with compat, the first. */
  #before(loss: number, below: number, other: { readonly loss: number; readonly below: number }): boolean {
    return loss < other.loss || (loss === other.loss && !this.#compat && below < other.below)
  }

  /** Whether a trial of the top rung is, in the rung below, further than epsilon from the one that has its place there. */
  #disagreesBeyond(epsilon: number): boolean {
    return this.#top.some(({ below }, place) => {
      const there = this.#below[place]!
      return below > there + epsilon || below < there - epsilon
    })
  }

  /** Whether epsilon is so large for sure; asked first because it is cheap. */
  #epsilonReaches(bound: number): boolean {
    return this.#swaps.quantileReaches(NOISE_QUANTILE, bound)
  }

  /** The smallest epsilon with which the orders agree, or a few roundings more. */
  #leastEnough(): number {
    let epsilon = 0
    for (const [place, { below }] of this.#top.entries())
      epsilon = Math.max(epsilon, Math.abs(below - this.#below[place]!))
    while (this.#disagreesBeyond(epsilon)) epsilon *= 1 + 2 * Number.EPSILON
    return epsilon
  }

  #rise(): void {
    this.#used++
    this.#top = []
    this.#below = []
    this.#disagree = false
    this.#enough = 0
    this.#moving = this.#used <= this.#levels.length
    if (this.#moving) this.#swaps = this.#newSwaps()
    else this.#curves.length = this.#filings.length = 0
  }

  #newSwaps(): SwapDistances {
    return new SwapDistances(this.#levels[this.#used - 2] ?? 0, this.#levels[this.#used - 1] ?? 0, this.#compat)
  }
}

/** Who has the best mean in a group, and whether the next one is shown to be behind. Pure. */
import { toLoss } from '../core/objective.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { groupArms } from './arms.js'
import { type Comparison, type ComparisonGroup, type MethodResult, comparePair } from './comparison.js'
import type { PairedStatistics } from './paired.js'

/** The best of a group by the mean of what is reported. */
export interface Leader {
  /** Several where means are equal. */
  readonly methods: readonly string[]
  readonly mean: number
  /** Of a better mean, but of fewer runs: some of theirs ended without a result. */
  readonly passedOver: readonly string[]
  /**
   * The first of them against the method with the next mean, paired by seed; undefined where there is no other. Both were
   * chosen by their results, so that its interval is a little too narrow.
   */
  readonly ahead: Omit<Comparison, keyof PairedStatistics> | undefined
}

/**
 * One per group, in its order; undefined where nothing has a result or the objective accumulates. A method of which runs ended without one leads only
 * where that is so of all.
 */
export function leadersOf(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): (Leader | undefined)[] {
  return groupArms(manifest, set).map((arms, i) => {
    const { methods, goal } = groups[i]!
    if (arms[0]!.cell.objectives[0]!.accumulates !== undefined) return undefined
    const lossOf = ({ value }: MethodResult): number => toLoss(value!.mean, goal)
    const valued = methods.filter(({ value }) => value !== null).toSorted((a, b) => lossOf(a) - lossOf(b))
    const whole = valued.filter(({ withoutResult }) => withoutResult === 0)
    const ordered = whole.length === 0 ? valued : whole
    const [first] = ordered
    if (first === undefined) return undefined
    const second = ordered.find((one) => lossOf(one) !== lossOf(first))
    const armOf = ({ method }: MethodResult) => arms.find(({ cell }) => cell.method === method)!
    return {
      methods: ordered.filter((one) => lossOf(one) === lossOf(first)).map(({ method }) => method),
      mean: first.value!.mean,
      passedOver: valued
        .filter((one) => !ordered.includes(one) && lossOf(one) <= lossOf(first))
        .map(({ method }) => method),
      ahead: second === undefined ? undefined : comparePair(armOf(first), armOf(second)),
    }
  })
}

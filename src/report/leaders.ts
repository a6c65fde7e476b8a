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
  /**
   * The first of them against the method with the next mean, paired by seed; undefined where there is no other. Both were
   * chosen by their results, so that its interval is a little too narrow.
   */
  readonly ahead: Omit<Comparison, keyof PairedStatistics> | undefined
}

/** One per group, in its order; undefined where nothing has a result. */
export function leadersOf(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): (Leader | undefined)[] {
  return groupArms(manifest, set).map((arms, i) => {
    const { methods, goal } = groups[i]!
    const lossOf = ({ value }: MethodResult): number => toLoss(value!.mean, goal)
    const ordered = methods.filter(({ value }) => value !== null).toSorted((a, b) => lossOf(a) - lossOf(b))
    const [first] = ordered
    if (first === undefined) return undefined
    const second = ordered.find((one) => lossOf(one) !== lossOf(first))
    const armOf = ({ method }: MethodResult) => arms.find(({ cell }) => cell.method === method)!
    return {
      methods: ordered.filter((one) => lossOf(one) === lossOf(first)).map(({ method }) => method),
      mean: first.value!.mean,
      ahead: second === undefined ? undefined : comparePair(armOf(first), armOf(second)),
    }
  })
}

/** Which methods have a colour of their own in the charts of a report, where there are more methods than colours. */
import { toLoss } from '../core/objective.js'
import type { Manifest } from '../store/manifest.js'
import { MOST_COLORS } from './charts/theme.js'
import type { ComparisonGroup } from './comparison.js'
import type { HypervolumeGroup } from './hypervolumes.js'
import { ranksOf } from './statistics/ranks.js'
import { mean } from './statistics/student.js'

/**
 * All methods, the baseline first, which has the first colour. Others follow in plan order or, where there are more than
 * colours, from the best to the last by the mean over groups of their ranks by hypervolume or reported value.
 */
export function namesByPlace(
  { cells, baseline }: Manifest,
  groups: readonly ComparisonGroup[],
  fronts: readonly HypervolumeGroup[],
): string[] {
  const names = [...new Set(cells.map(({ method }) => method))]
  const first = names.filter((name) => name === baseline)
  const others = names.filter((name) => name !== baseline)
  if (names.length <= MOST_COLORS) return [...first, ...others]
  const losses =
    fronts.length > 0
      ? fronts.map(({ methods }) =>
          methods.map(({ method, hypervolume }) => [method, -(hypervolume?.mean ?? 0)] as const),
        )
      : groups.map(({ goal, methods }) =>
          methods.map(({ method, value }) => [method, toLoss(value?.mean ?? Number.NaN, goal)] as const),
        )
  const ranks = new Map(names.map((name): [string, number[]] => [name, []]))
  for (const group of losses) {
    const ofGroup = ranksOf(group.map(([, loss]) => loss))
    for (const [i, [method]] of group.entries()) ranks.get(method)?.push(ofGroup[i]!)
  }
  const place = (name: string): number => {
    const all = ranks.get(name) ?? []
    return all.length === 0 ? Infinity : mean(all)
  }
  return [...first, ...others.toSorted((a, b) => place(a) - place(b) || 0)]
}

/** NSGA-II's order of trials: by front, then by crowding distance. */
import { crowdingDistance } from '../pareto/crowding-distance.js'
import { nondominatedSort } from '../pareto/pareto.js'
import type { TrialId } from '../trial.js'
import type { TrialMemory } from './trial-memory.js'

/** A trial in the crowded order. */
export interface Ranked {
  readonly trial: TrialId
  /** 0 for those that none is better than, 1 for those that only front 0 is better than, ... */
  readonly front: number
  /** How empty the front is around it. */
  readonly crowding: number
}

/**
 * Sorts trials by the crowded-comparison operator (Deb et al. 2002, section III-C), the best first, equal ones by trial.
 * Trials that were trained further stand before all others (see {@link TrialMemory}): each level has fronts of its own.
 * Those that are worse than any other are one last front without distances.
 */
export function crowdedOrder(trials: readonly TrialId[], memory: TrialMemory): Ranked[] {
  const byLevel = new Map<number, TrialId[]>()
  for (const trial of trials.toSorted((a, b) => memory.level(b) - memory.level(a) || a - b)) {
    const level = memory.level(trial)
    const group = byLevel.get(level)
    if (group === undefined) byLevel.set(level, [trial])
    else group.push(trial)
  }
  const ranked: Ranked[] = []
  let front = 0
  for (const [level, group] of byLevel) {
    if (level === 0) {
      ranked.push(...group.map((trial) => ({ trial, front, crowding: 0 })))
      continue
    }
    const points = memory.points(group)
    for (const indices of nondominatedSort(points)) {
      const distances = crowdingDistance(points, indices)
      const members = indices.map((i, k) => ({ trial: group[i]!, front, crowding: distances[k]! }))
      // Not by difference: two ends are both at infinity.
      members.sort((a, b) => (a.crowding === b.crowding ? a.trial - b.trial : b.crowding - a.crowding))
      ranked.push(...members)
      front++
    }
  }
  return ranked
}

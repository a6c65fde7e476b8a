/** Compares recorded results of the tools below schedulers: sorting, hypervolume, rung levels and cut-offs. */
import { epsilonNetOrder } from '../../core/pareto/epsilon-net.js'
import { hypervolume, hypervolumeOverTime } from '../../core/pareto/hypervolume.js'
import { nondominatedSort } from '../../core/pareto/pareto.js'
import { realRungLevels, rungLevels } from '../../core/rungs/rung.js'
import { SyneTuneRung } from '../../core/rungs/syne-tune-rung.js'
import { syneTuneSort } from '../../core/ranking/syne-tune-sort.js'
import type { Outcome } from './outcome.js'
import type { CutoffCase, LevelsCase, SortCase, VolumeCase } from './recorded.js'

/** A result computed here, beside the one that was recorded. */
type Check = readonly [what: string, ours: unknown, recorded: unknown]

/** Fronts, epsilon-net orders and ranks, and the order that the reference makes of them. */
export function checkSort({ id, points, layers, epsnet, sort, max_items, priority, ranked }: SortCase): Outcome {
  const fronts = nondominatedSort(points)
  const all = points.map((_, i) => i)
  const checks: Check[] = [['fronts', fronts, layers]]
  for (const { dim, rank, order } of epsnet) {
    const net = epsilonNetOrder(points, all, { dimension: dim })
    checks.push([`epsilon-net order from objective ${dim}`, net, order])
    checks.push([`epsilon-net ranks from objective ${dim}`, inverse(net), rank])
  }
  const inOrder = fronts.flatMap((front) => epsilonNetOrder(points, front))
  checks.push(['places front by front', inverse(inOrder), ranked])
  const swapped = syneTuneSort(points)
  checks.push(['order of the reference', swapped, sort])
  checks.push(['priorities of the reference', swapped, priority])
  checks.push(['first items of the reference', swapped.slice(0, max_items.k), max_items.sort])
  return outcome(id, checks)
}

function inverse(order: readonly number[]): number[] {
  const places = Array.from(order, () => 0)
  for (const [place, item] of order.entries()) places[item] = place
  return places
}

/** Hypervolumes, of all points and of every prefix, to a relative 1e-12. */
export function checkVolume({ id, points, ref, exact, cumulative_exact }: VolumeCase): Outcome {
  const checks: Check[] = [['hypervolume', near(hypervolume(points, ref), exact), exact]]
  if (cumulative_exact !== null) {
    const ours = Array.from(hypervolumeOverTime(points, ref), (volume, i) => near(volume, cumulative_exact[i]!))
    checks.push(['hypervolume over time', ours, cumulative_exact])
  }
  return outcome(id, checks)
}

/** The recorded number if ours is as near to it as rounding allows, else ours. */
function near(ours: number, recorded: number): number {
  return Math.abs(ours - recorded) <= 1e-12 * Math.abs(recorded) ? recorded : ours
}

/** Rung levels of ASHA with the shares that pass, and of MO-ASHA below the maximum, where the last bit is the platform's. */
export function checkLevels(one: LevelsCase): Outcome {
  const { max_t: max, grace_period: grace, reduction_factor: eta } = one
  const levels = rungLevels(grace, eta, max)
  return outcome(`levels of ${grace}, ${eta}, ${max}`, [
    ['ASHA', levels, one.asha_levels],
    ['shares', levels.map((level, j) => level / (levels[j + 1] ?? max)), one.asha_quantiles],
    ['MO-ASHA', realRungLevels(grace, eta, max), one.moasha_levels.filter((level) => level < max)],
  ])
}

/** The cut-off of a rung and the order of its entries. */
export function checkCutoff({ mode, quantile: [a, b], values, cutoff, order }: CutoffCase): Outcome {
  const rung = new SyneTuneRung(a, a / b, mode)
  const sign = mode === 'min' ? 1 : -1
  for (const [trial, value] of values.entries()) rung.file(sign * value, trial)
  const ours = rung.entries < 2 ? null : sign * rung.cutoff
  return outcome(`cut-off of ${JSON.stringify(values)}`, [
    ['cut-off', ours, cutoff],
    ['order', values.map((_, place) => rung.trial(place)), order],
  ])
}

function outcome(name: string, checks: readonly Check[]): Outcome {
  const wrong = checks.filter(([, ours, recorded]) => JSON.stringify(ours) !== JSON.stringify(recorded))
  const count = { decisions: checks.length, equal: checks.length - wrong.length }
  if (wrong.length === 0) return count
  const [what, ours, recorded] = wrong[0]!
  return {
    ...count,
    difference: `${name}, ${what}: recorded ${JSON.stringify(recorded)}, ours ${JSON.stringify(ours)}`,
  }
}

/** Rungs in words, for `Scheduler.explain`. */
import type { Goal } from '../objective.js'

const MOST = 12

/**
 * The values of a rung, best first, with a bar where the cut-off lies: `0.21 0.25 | 0.31`. Of a long rung the best, the
 * worst and the neighbourhood of the cut-off are shown.
 *
 * @param losses best first
 * @param goal values are shown as they were reported
 */
export function rungText(losses: Float64Array, cutoff: number, goal: Goal): string {
  const passing = losses.findIndex((loss) => loss > cutoff)
  const cut = passing < 0 ? losses.length : passing
  const shown = Array.from(losses, (loss) => valueText(loss, goal))
  shown.splice(cut, 0, '|')
  if (shown.length > MOST) {
    const from = Math.max(1, Math.min(cut - MOST / 2 + 2, shown.length - MOST + 1))
    const to = from + MOST - 2
    if (to < shown.length - 1) shown.splice(to, shown.length - 1 - to, '...')
    if (from > 1) shown.splice(1, from - 1, '...')
  }
  return shown.join(' ')
}

/** A loss as the value that was reported. */
export function valueText(loss: number, goal: Goal): string {
  if (loss === Infinity) return 'no number'
  return String(goal === 'min' ? loss : -loss)
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st ... */
export function ordinalText(place: number): string {
  const teen = place % 100 > 10 && place % 100 < 14
  return `${place}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th')}`
}

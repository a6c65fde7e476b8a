/** Draws a sample from strata: as many of each as its share of all, by largest remainders. Pure and seeded. */
import type { Random } from '../../core/random.js'

/**
 * How many of each stratum: first one each, if there is enough, then by share of what is left (Hamilton's method: whole
 * quotas, then the largest remainders; of equal ones the earlier).
 *
 * @param sizes how many there are in each stratum
 * @param count how many are wanted in all; at most all there are are given
 */
export function allocate(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const wanted = Math.min(count, total)
  const filled = sizes.filter((size) => size > 0).length
  const given = sizes.map((size) => (wanted >= filled && size > 0 ? 1 : 0))
  const open = sizes.map((size, i) => size - given[i]!)
  const rest = wanted - given.reduce<number>((sum, one) => sum + one, 0)
  const openTotal = open.reduce((sum, size) => sum + size, 0)
  if (rest <= 0) return given
  const quotas = open.map((size) => (rest * size) / openTotal)
  const whole = quotas.map(Math.floor)
  const left = rest - whole.reduce((sum, one) => sum + one, 0)
  const byRemainder = quotas
    .map((quota, i) => [quota - whole[i]!, i] as const)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1])
  for (const [, i] of byRemainder.slice(0, left)) whole[i]!++
  return given.map((one, i) => one + whole[i]!)
}

/** `count` of the items in random order, all orders equally likely. */
export function drawn<T>(items: readonly T[], count: number, random: Random): T[] {
  const order = [...items]
  for (let i = 0; i < Math.min(count, order.length); i++) {
    const j = i + random.int(order.length - i)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order.slice(0, count)
}

/** The first of every list, then the second of every list, ...: whatever is cut off at the end, all lists lose alike. */
export function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => (i < list.length ? [list[i]!] : []))).flat()
}

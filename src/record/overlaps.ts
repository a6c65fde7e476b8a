/** How many of several spans of time lie over one another. */

/**
 * Of each span the most others that were open at one moment of it. A span that ends in the moment in which another begins
 * does not lie over it.
 *
 * @param spans beginning and end of each, in any order
 */
export function overlaps(spans: readonly (readonly [from: number, to: number])[]): number[] {
  const most = spans.map(() => 0)
  const order = Array.from(spans.keys()).sort((a, b) => spans[a]![0] - spans[b]![0])
  let open: number[] = []
  for (const i of order) {
    open = open.filter((other) => spans[other]![1] > spans[i]![0])
    open.push(i)
    for (const each of open) most[each] = Math.max(most[each]!, open.length - 1)
  }
  return most
}

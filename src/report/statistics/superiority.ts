/** How often one method is better than another on the same seed. */

/**
 * The share of pairs in which the first is smaller, equal ones counting half (probability of superiority, or A measure;
 * Vargha and Delaney 2000, for pairs). NaN for no pairs.
 */
export function superiority(losses: readonly number[], others: readonly number[]): number {
  let wins = 0
  for (const [i, loss] of losses.entries()) wins += loss < others[i]! ? 1 : loss === others[i] ? 0.5 : 0
  return wins / losses.length
}

/** (value - optimum) / (reference - optimum) of losses: 0 at the optimum, 1 at the reference; null where they are equal. */
export function normalisedRegret(loss: number, optimum: number, reference: number): number | null {
  return reference === optimum ? null : (loss - optimum) / (reference - optimum)
}

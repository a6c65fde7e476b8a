/** What relatives of ASHA add to its rungs. */
import type { TrialId } from '../trial.js'

/** Told of every filing, and asked before a trial goes on from a rung where it passes. */
export interface RungPolicy {
  /** Trials are promoted out of the lowest so many rungs only; default all. May grow during a run. */
  readonly openRungs?: number
  /** A trial was filed. @param rung index, from 0 @param loss +Infinity for what is not a finite number */
  filed?(trial: TrialId, rung: number, loss: number): void
  /** Whether the trial may go on, if it also passes the rung. Once refused it is never asked for again. */
  admits?(trial: TrialId, rung: number, loss: number): boolean
  /** A line about a rung, for people. */
  explain?(rung: number): string
}

/** What a policy says of a rung, as lines to append. */
export function policyText(policy: RungPolicy | undefined, rung: number): string {
  const text = policy?.explain?.(rung)
  return text === undefined ? '' : `\n${text}`
}

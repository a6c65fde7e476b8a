/** What became of recorded decisions that were made again. */

export interface Outcome {
  /** How many were recorded. */
  readonly decisions: number
  /** How many came out equal before the first difference of their case. */
  readonly equal: number
  /** The first difference, with what the scheduler had before it. */
  readonly difference?: string
}

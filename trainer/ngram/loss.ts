/** A loss of one output against its gold value, and its derivative by the output. */
export interface Loss {
  readonly value: (output: number, gold: number) => number
  readonly slope: (output: number, gold: number) => number
}

/** Binary cross entropy of a logit, in nats; gold is 0 or 1. */
const crossEntropy: Loss = {
  value: (output, gold) => Math.max(output, 0) - output * gold + Math.log1p(Math.exp(-Math.abs(output))),
  slope: (output, gold) => 1 / (1 + Math.exp(-output)) - gold,
}

/** Squared error of a score. */
const squaredError: Loss = {
  value: (output, gold) => (output - gold) ** 2,
  slope: (output, gold) => 2 * (output - gold),
}

/** The losses, by the name a task has for them. */
export const LOSSES = { 'cross-entropy': crossEntropy, 'squared-error': squaredError } as const

/** Errors that users see. Everything that a user can cause ends as one of these, with one line that says what to do. */
import { printable } from './printable.js'

/**
 * An error that the user can cure. Its message is one line; `exitCode` is what the command line exits with:
 * 2 for bad input (nothing was started), 1 for a run that failed.
 */
export class BenchError extends Error {
  override readonly name = 'BenchError'
  readonly exitCode: number

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.exitCode = options.exitCode ?? 2
  }
}

/**
 * Bad input, said in the house form: which argument, which value it got, the rule it breaks, and the cure.
 *
 * @example
 * throw invalid('--seeds', 'x', 'must be a number of seeds, a range or a list', 'write --seeds 5, --seeds 0-4 or --seeds 1,2,3')
 */
export function invalid(argument: string, value: unknown, rule: string, cure?: string): BenchError {
  return new BenchError(`${argument} ${rule}, got ${show(value)}${cure === undefined ? '' : `; ${cure}`}`)
}

/** A value as it may stand in a one-line message: short, quoted where it is text, no control characters. */
export function show(value: unknown): string {
  let text: string
  if (typeof value === 'string') text = JSON.stringify(value)
  else if (typeof value === 'number' || typeof value === 'bigint') text = String(value)
  else if (value === undefined) text = 'nothing'
  else {
    try {
      text = JSON.stringify(value) ?? String(value)
    } catch {
      text = String(value)
    }
  }
  text = printable(text)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

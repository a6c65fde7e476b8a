/** Ctrl-C: the first one lets what runs come to an orderly end, the second one ends the process at once. */

import { BenchError } from '../core/errors.js'
import { EXIT_CODES, SIGNALS, endEarlyInterrupt } from './early-interrupt.js'
import type { Terminal } from './terminal.js'

/** Work was ended by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  /** 128 + the number of the signal, as shells have it. */
  readonly exitCode: number

  /** @param hint how to go on */
  constructor(exitCode: number, hint: string) {
    super(hint === '' ? 'interrupted' : `interrupted; ${hint}`)
    this.exitCode = exitCode
  }
}

/**
 * Ends the process with one line at the first SIGINT or SIGTERM: for work that may be cut off anywhere, also while it waits
 * for an answer.
 *
 * @param hint how it stands, and how to go on
 * @returns undoes it
 */
export function endAtSignal(terminal: Pick<Terminal, 'err'>, hint: string): () => void {
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    terminal.err(`bench: interrupted; ${hint}\n`)
    // eslint-disable-next-line unicorn/no-process-exit
    process.exit(EXIT_CODES[signal])
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  endEarlyInterrupt()
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

/**
 * Does work that SIGINT and SIGTERM end through an AbortSignal.
 *
 * @param onFirst called at the first signal
 * @param hint how to go on, asked for when the work has ended
 * @throws Interrupted if a signal came and the work did not get to its end
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  hooks: { readonly onFirst: () => void; readonly hint: () => string; readonly finished?: (result: T) => boolean },
): Promise<T> {
  const controller = new AbortController()
  let exitCode: number | undefined
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    // eslint-disable-next-line unicorn/no-process-exit
    if (exitCode !== undefined) process.exit(exitCode)
    exitCode = EXIT_CODES[signal]
    hooks.onFirst()
    controller.abort()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  endEarlyInterrupt()
  try {
    const result = await work(controller.signal)
    if (exitCode !== undefined && hooks.finished?.(result) === false) throw new Interrupted(exitCode, hooks.hint())
    return result
  } catch (error) {
    if (exitCode === undefined || error instanceof Interrupted || error instanceof BenchError) throw error
    throw new Interrupted(exitCode, hooks.hint())
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

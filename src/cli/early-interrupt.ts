/** Ctrl-C while a command is still being loaded: answered in one line, where the system's own answer is silence. */

/** 128 + the number of the signal, as shells have it. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
export const SIGNALS = ['SIGINT', 'SIGTERM'] as const

function answer(signal: NodeJS.Signals): void {
  process.stderr.write('bench: interrupted before anything began\n')
  // eslint-disable-next-line unicorn/no-process-exit
  process.exit(EXIT_CODES[signal as keyof typeof EXIT_CODES])
}

/** Answers from now on, until {@link endEarlyInterrupt}: by then the command itself does. */
export function beginEarlyInterrupt(): void {
  for (const signal of SIGNALS) process.on(signal, answer)
}

/** Whoever answers signals from now on has said so already. */
export function endEarlyInterrupt(): void {
  for (const signal of SIGNALS) process.off(signal, answer)
}

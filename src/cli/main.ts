/** From arguments to an exit code; every error ends as one line here. */
import { CommanderError } from 'commander'
import { BenchError, messageOf } from '../core/errors.js'
import { packageVersion } from '../package.js'
import { overview } from './commands/help.js'
import { Interrupted } from './interrupt.js'
import { buildProgram } from './program.js'
import { type Session, oneLine } from './session.js'
import { safeTerminal } from './safe-terminal.js'
import type { Terminal } from './terminal.js'

/**
 * Runs a command.
 *
 * @param argv the arguments after the name of the program
 * @returns the exit code: 0, 1 for runs that failed, 2 for bad input, 130 after Ctrl-C
 */
export async function main(argv: readonly string[], raw: Terminal): Promise<number> {
  const terminal = safeTerminal(raw)
  const session: Session = { terminal, argv, exitCode: 0 }
  if (argv.length === 0) {
    terminal.out(overview(session, packageVersion()))
    return 0
  }
  try {
    await buildProgram(session, packageVersion()).parseAsync(argv, { from: 'user' })
    return session.exitCode
  } catch (error) {
    return explain(error, session)
  }
}

/** Prints what went wrong as one line. @returns the exit code */
export function explain(
  error: unknown,
  { terminal: raw, argv }: { readonly terminal: Terminal; readonly argv: readonly string[] },
): number {
  const terminal = safeTerminal(raw)
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    terminal.err(`bench: ${usageMessage(error, terminal, argv)}\n`)
    return 2
  }
  const foreseen = error instanceof BenchError || error instanceof Interrupted
  // A system call that fails (no such file, no permission, no room) is the user's to cure; anything else is a fault here.
  const explained = foreseen || (error instanceof Error && 'syscall' in error)
  const hint = explained || terminal.debug ? '' : ' (this is unexpected; BENCH_DEBUG=1 shows where it happened)'
  terminal.err(`bench: ${oneLine(messageOf(error))}${hint}\n`)
  if (terminal.debug && error instanceof Error && !foreseen) terminal.err(`${error.stack ?? ''}\n`)
  return foreseen ? error.exitCode : 1
}

/** Commander's message in the house form: `unknown option '--sedes'; did you mean --seeds?` */
function usageMessage(error: CommanderError, terminal: Terminal, argv: readonly string[]): string {
  const [first, second] = error.message.split('\n')
  const message = first!.replace(/^error: /, '').replace(/\.$/, '')
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(second ?? '')
  if (near !== null) return `${message}; did you mean ${near[1]!}?`
  const command = argv.find((argument) => !argument.startsWith('-'))
  const about = error.code === 'commander.unknownCommand' || command === undefined ? '' : ` ${command}`
  return `${message}; see ${terminal.command} help${about}`
}

/** One call of the command line: what its commands share. */
import { printableJson } from '../core/printable.js'
import type { SafeTerminal } from './safe-terminal.js'
import type { Terminal } from './terminal.js'

export interface Session {
  readonly terminal: SafeTerminal
  /** The arguments after the name of the program. */
  readonly argv: readonly string[]
  /** Set by the command that ran. */
  exitCode: number
}

/** Examples below the help of a command: what to type, and what it does. */
export function examples(session: Session, lines: readonly (readonly [command: string, meaning: string])[]): string {
  const typed = lines.map(([command]) => `${session.terminal.command} ${command}`)
  const width = Math.max(...typed.map((text) => text.length))
  const fit = lines.every(([, meaning]) => width + meaning.length <= session.terminal.columns - 4)
  const rows = lines.map(([, meaning], i) =>
    fit ? `  ${typed[i]!.padEnd(width)}  ${meaning}` : `  ${typed[i]!}\n      ${meaning}`,
  )
  return `\nExamples:\n${rows.join('\n')}`
}

/** Prints one JSON document. Characters that cannot be shown are escaped, which does not change what it means. */
export function printJson(terminal: Terminal, document: unknown): void {
  terminal.out(`${printableJson(JSON.stringify(document, null, 2))}\n`)
}

/** A message without line breaks. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim()
}

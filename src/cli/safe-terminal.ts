/** The one place where text passes on its way to a terminal: names and paths from outside cannot do anything there. */
import { printableLines, printableStyled } from '../core/printable.js'
import type { Terminal } from './terminal.js'

/** `out` and `err` show every character that moves cursors, changes colours or turns text round as its code. */
export interface SafeTerminal extends Terminal {
  /** Results with our own colours, in which texts from outside are printable already. */
  styled(text: string): void
  /** For what is drawn in place and makes its texts printable itself. */
  readonly raw: Terminal
}

export function safeTerminal(raw: Terminal): SafeTerminal {
  return {
    ...raw,
    raw,
    out: (text) => raw.out(printableLines(text)),
    err: (text) => raw.err(printableLines(text)),
    styled: (text) => raw.out(raw.colors ? printableStyled(text) : printableLines(text)),
  }
}

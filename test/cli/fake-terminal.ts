/** A terminal that keeps what is written to it. */
import { main } from '../../src/cli/main.js'
import type { Terminal } from '../../src/cli/terminal.js'

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command line in this process. */
export async function bench(argv: readonly string[], terminal: Partial<Terminal> = {}): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await main(argv, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    outIsTerminal: false,
    colors: false,
    errIsTerminal: false,
    errColors: false,
    columns: 100,
    size: () => ({ columns: 100, rows: 24 }),
    command: 'bench',
    debug: false,
    ...terminal,
  })
  return { code, out, err }
}

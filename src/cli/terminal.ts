/** Where the command line writes to, and what it knows about it. Tests put another one in its place. */
import { basename } from 'node:path'

export interface Terminal {
  /** Results. With `--json` exactly one document. */
  out(text: string): void
  /** Everything else. */
  err(text: string): void
  /** Whether {@link out} is a terminal, and whether it may be coloured. */
  readonly outIsTerminal: boolean
  readonly colors: boolean
  /** Whether {@link err} is a terminal, so that a progress bar can be drawn. */
  readonly errIsTerminal: boolean
  /** Whether {@link err} may be coloured. */
  readonly errColors: boolean
  /** Asks the user for a line; undefined where there is nobody to ask. Rejects when the signal is aborted. */
  readonly ask?: ((question: string, signal: AbortSignal) => Promise<string>) | undefined
  /** How wide results are. */
  readonly columns: number
  /** The terminal's size now, for what is drawn in place. */
  size(): { readonly columns: number; readonly rows: number }
  /** How the command was called, e.g. `npx bench`: what examples and hints begin with. */
  readonly command: string
  /** Show the stack of unexpected errors. */
  readonly debug: boolean
}

/** The terminal of this process. The environment is read here and nowhere else. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env, argv } = process
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  const name = basename(argv[1] ?? '', '.js') === 'rungbench' ? 'rungbench' : 'bench'
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    // `isTTY` is undefined, not false, where there is no terminal.
    outIsTerminal: stdout.isTTY === true,
    colors: stdout.isTTY === true && !plain,
    errIsTerminal: stderr.isTTY === true && env['TERM'] !== 'dumb',
    errColors: stderr.isTTY === true && !plain,
    ask: stdin.isTTY === true && stderr.isTTY === true ? ask : undefined,
    columns: Math.min(100, stdout.columns ?? 100),
    size: () => {
      const { columns, rows } = stdout.isTTY === true ? stdout : stderr
      return { columns: columns ?? 80, rows: rows ?? 24 }
    },
    command: env['npm_command'] === 'exec' ? `npx ${name}` : name,
    debug: (env['BENCH_DEBUG'] ?? '') !== '',
  }
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  // Not as a terminal: Ctrl-C stays a signal, which is answered elsewhere.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    // A terminal that is closed gives no answer.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return await Promise.race([lines.question(question, { signal }), closed])
  } finally {
    lines.close()
  }
}

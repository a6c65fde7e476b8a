/** Runs the built command as a process, as a user does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const BENCH = fileURLToPath(new URL('../../dist/src/cli/bench.js', import.meta.url))

/** Why tests of the built command cannot run; undefined if they can. */
export const missing = existsSync(BENCH) ? undefined : `skipped: ${BENCH} is missing, run npm run build`

export interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly status: number | string
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
}

/** Starts a program in a folder. */
export function start(command: string, args: readonly string[], directory: string): Running {
  const { NO_COLOR: _noColor, BENCH_DEBUG: _debug, npm_command: _npm, ...env } = process.env
  const child = spawn(command, args, { cwd: directory, env })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ status: code ?? signal ?? 'unknown', out, err }))
  })
  return { child, ended }
}

export function startBench(args: readonly string[], directory: string): Running {
  return start(process.execPath, [BENCH, ...args], directory)
}

/** Waits until something is so. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Opens a file with what the system opens such files with. */
import { spawn } from 'node:child_process'
import { BenchError, messageOf } from '../core/errors.js'

/** The program of each system, and its arguments before the file. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

/** What opens files mostly ends at once. Some is the browser itself, and goes on; so long a failure is waited for. */
const PATIENCE_MS = 3000

export function openCommand(platform: NodeJS.Platform, path: string): readonly [command: string, ...args: string[]] {
  const [command, ...before] = OPENERS[platform] ?? ['xdg-open']
  return [command!, ...before, path]
}

/**
 * @param patienceMs how long a failure of the program is waited for, in milliseconds
 * @throws BenchError (exit 1) where there is no such program, or it fails
 */
export async function openFile(path: string, patienceMs = PATIENCE_MS): Promise<void> {
  const [command, ...args] = openCommand(process.platform, path)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  let failure: string | undefined
  try {
    failure = await new Promise<string | undefined>((resolve, reject) => {
      const timer = setTimeout(resolve, patienceMs, undefined)
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        // Explorer says 1 when all went well.
        const well = code === 0 || process.platform === 'win32'
        resolve(well ? undefined : `${command} ended with ${signal ?? code}`)
      })
    })
  } catch (error) {
    failure = messageOf(error)
  }
  child.unref()
  if (failure !== undefined)
    throw new BenchError(`cannot open ${path}: ${failure}; open it in a browser yourself`, { exitCode: 1 })
}

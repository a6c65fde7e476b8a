/** Opens a file with what the system opens such files with. */
import { spawn } from 'node:child_process'
import { BenchError, messageOf } from '../core/errors.js'

/** The program of each system, and its arguments before the file. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

export function openCommand(platform: NodeJS.Platform, path: string): readonly [command: string, ...args: string[]] {
  const [command, ...before] = OPENERS[platform] ?? ['xdg-open']
  return [command!, ...before, path]
}

/** @throws BenchError (exit 1) where there is no such program */
export async function openFile(path: string): Promise<void> {
  const [command, ...args] = openCommand(process.platform, path)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
  } catch (error) {
    throw new BenchError(`cannot open ${path}: ${messageOf(error)}; open it in a browser yourself`, { exitCode: 1 })
  }
  child.unref()
}

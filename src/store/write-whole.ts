/** Writes a file so that nobody ever sees half of it. */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { BenchError, messageOf } from '../core/errors.js'

/**
 * Writes a file whole or not at all: temporary name, rename.
 *
 * @param cure what to tell the user where it fails
 * @throws BenchError (exit 1), e.g. on a full disk
 */
export function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  cure = 'what was written before is whole, go on with --resume',
): void {
  const temporary = `${path}.tmp`
  try {
    const file = openSync(temporary, 'w')
    try {
      const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
      for (let at = 0; at < buffer.length;) at += writeSync(file, buffer, at)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    throw new BenchError(`cannot write ${path}: ${messageOf(error)}; ${cure}`, { exitCode: 1, cause: error })
  }
}

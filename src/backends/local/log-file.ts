/** A log file of a program: bounded, the newest kept, and never a reason for anything to fail. */
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { messageOf } from '../../core/errors.js'

/** How long a log may grow by default, in bytes. */
export const LOG_LIMIT = 64 * 1024 * 1024
/** A log is kept in so many files of equal length: the one that is written, and `.1` (newest) to `.3` (oldest). */
export const LOG_FILES = 4

const NEWLINE = 0x0a

/**
 * Appends to a file. When the file is full it becomes `<path>.1`, what was `.1` becomes `.2`, and so on; the oldest is
 * dropped. So the last that the program wrote is kept, from three quarters of the limit on up to all of it (less where lines
 * are long, as they are kept whole where they fit). If a file cannot be written (a full disk) it says so once and drops the rest. Writes at once, so
 * memory does not grow with the output.
 */
export class LogFile {
  readonly #path: string
  readonly #room: number
  readonly #warn: (text: string) => void
  #file: number | undefined
  #size = 0

  /**
   * @param limit bytes, all files together, what stands in them already included
   * @param warn told once if the file cannot be written
   */
  constructor(path: string, limit: number, warn: (text: string) => void) {
    this.#path = path
    this.#room = Math.max(1, Math.floor(limit / LOG_FILES))
    this.#warn = warn
    this.#attempt(() => this.#open('a'))
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#file !== undefined;) {
      const fits = this.#fitting(bytes.subarray(at))
      if (fits === 0) this.#attempt(() => this.#rotate())
      else this.#attempt(() => this.#append(bytes.subarray(at, at + fits)))
      at += fits
    }
  }

  close(): void {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    this.#attempt(() => closeSync(file))
  }

  /** How many of the bytes go into the file as it is; 0 if it is full. */
  #fitting(bytes: Uint8Array): number {
    const room = this.#room - this.#size
    if (bytes.length <= room) return bytes.length
    const lines = bytes.subarray(0, Math.max(0, room)).lastIndexOf(NEWLINE) + 1
    // A line that fits into no file is cut, but not before this one is full of others.
    return lines > 0 || this.#size > 0 ? lines : room
  }

  #append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file!, bytes, at)
    this.#size += bytes.length
  }

  #rotate(): void {
    closeSync(this.#file!)
    this.#file = undefined
    // Removed first: ext4 writes a file to the disk at once that is renamed over another, which the program would wait for.
    rmSync(`${this.#path}.${LOG_FILES - 1}`, { force: true })
    for (let i = LOG_FILES - 1; i > 0; i--)
      rename(i === 1 ? this.#path : `${this.#path}.${i - 1}`, `${this.#path}.${i}`)
    this.#open('w')
  }

  #open(flags: 'a' | 'w'): void {
    this.#file = openSync(this.#path, flags)
    this.#size = fstatSync(this.#file).size
  }

  #attempt(action: () => void): void {
    try {
      action()
    } catch (error) {
      const file = this.#file
      this.#file = undefined
      this.#warn(`the log ${this.#path} could not be written (${messageOf(error)}); the program goes on without it`)
      if (file === undefined) return
      try {
        closeSync(file)
      } catch {
        // nothing more to lose
      }
    }
  }
}

/** Renames a file, where there is one. */
function rename(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

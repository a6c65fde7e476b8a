/** A log file of a program: capped, and never a reason for anything to fail. */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { messageOf } from '../../core/errors.js'

/** How long a log may grow by default, in bytes. */
export const LOG_LIMIT = 64 * 1024 * 1024

/**
 * Appends to a file up to a limit, then writes one line that says it was cut. If the file cannot be written (a full
 * disk, a closed pipe) it says so once and drops the rest. Writes at once, so memory does not grow with the output.
 */
export class LogFile {
  readonly #path: string
  readonly #limit: number
  readonly #warn: (text: string) => void
  #file: number | undefined
  #size = 0

  /**
   * @param limit bytes, what stands in the file already included
   * @param warn told once if the file cannot be written
   */
  constructor(path: string, limit: number, warn: (text: string) => void) {
    this.#path = path
    this.#limit = limit
    this.#warn = warn
    try {
      this.#file = openSync(path, 'a')
      this.#size = fstatSync(this.#file).size
    } catch (error) {
      this.#fail(error)
    }
  }

  write(bytes: Uint8Array): void {
    if (this.#file === undefined) return
    const room = this.#limit - this.#size
    this.#writeAll(bytes.length <= room ? bytes : bytes.subarray(0, Math.max(0, room)))
    if (bytes.length <= room) return
    this.#writeAll(Buffer.from(`\n[this log was cut at ${this.#limit} bytes]\n`))
    this.close()
  }

  close(): void {
    if (this.#file === undefined) return
    const file = this.#file
    this.#file = undefined
    try {
      closeSync(file)
    } catch (error) {
      this.#fail(error)
    }
  }

  #writeAll(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length && this.#file !== undefined;) at += writeSync(this.#file, bytes, at)
      this.#size += bytes.length
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
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

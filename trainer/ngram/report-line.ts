import { writeSync } from 'node:fs'

/** A number as JSON, or the token `NaN`, which readers of report lines accept. */
function number(value: number): string {
  return Number.isFinite(value) ? JSON.stringify(value) : 'NaN'
}

/** One report as a line: `[tune-metric]: {"epoch":1,...}`, in the order of `values`, line end included. */
export function reportLine(values: Readonly<Record<string, number>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${JSON.stringify(name)}:${number(value)}`)
  return `[tune-metric]: {${pairs.join(',')}}\n`
}

/**
 * Writes text to standard output at once, so that a line is out before training goes on, even where standard
 * output is a full pipe.
 * @returns false when nobody reads any more
 */
export function writeNow(text: string, write: (bytes: Uint8Array) => number = (bytes) => writeSync(1, bytes)): boolean {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(write(rest))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return false
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
  return true
}

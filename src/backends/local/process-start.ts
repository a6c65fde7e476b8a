/** When a process began. */
import { readFileSync } from 'node:fs'

/** In ticks since the system began, on Linux; elsewhere, and for a process that is gone, an empty text. */
export function startOf(pid: number): string {
  try {
    // "pid (name) state ...": the name may hold blanks and brackets
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

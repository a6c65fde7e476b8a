/** Keeps two processes from writing one journal: `<path>.lock` says who does. A lock whose process is gone is taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { BenchError, messageOf } from '../core/errors.js'

interface Holder {
  readonly pid: number
  readonly host: string
  /** When the process began, as its system counts it: a process id is used again, this pair is not. */
  readonly began: string
}

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
}

/** The process that writes a journal now; undefined where none does. */
export function journalWriter(path: string): LockHolder | undefined {
  const found = read(`${path}.lock`)
  const holder = found === undefined ? undefined : parse(found)
  return holder !== undefined && lives(holder) ? { pid: holder.pid, host: String(holder.host) } : undefined
}

/**
 * Locks a journal.
 *
 * @param what is locked, in words
 * @returns what unlocks it again
 * @throws BenchError if a process that lives holds it, or the folder cannot be written
 */
export function lockJournal(path: string, what = `journal ${path}`): () => void {
  const lock = `${path}.lock`
  const text = JSON.stringify({ pid: process.pid, host: hostname(), began: began(process.pid) } satisfies Holder)
  const own = `${lock}.${process.pid}.${Math.round(performance.now() * 1000)}`
  try {
    // Written first and linked then, so that nobody ever sees an empty lock.
    writeFileSync(own, text, { flag: 'wx' })
  } catch (error) {
    throw new BenchError(`${what} cannot be locked: ${messageOf(error)}`, { cause: error })
  }
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (link(own, lock))
        return () => {
          // Somebody may have deleted it and let another process in.
          if (read(lock) === text) rmSync(lock, { force: true })
        }
      takeAway(what, lock, `${own}.stale`)
    }
    throw new BenchError(`${what} cannot be locked: others keep taking ${lock}`)
  } finally {
    rmSync(own, { force: true })
  }
}

/** Removes a lock whose holder is gone. @throws BenchError if it lives */
function takeAway(what: string, lock: string, aside: string): void {
  const found = read(lock)
  if (found === undefined) return
  const holder = parse(found)
  if (holder === undefined || lives(holder))
    throw new BenchError(
      `${what} is being written by ${holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`}; ` +
        `wait for it or end it (if it is gone, delete ${lock})`,
    )
  try {
    renameSync(lock, aside)
  } catch {
    return
  }
  // Somebody else may have taken the stale lock over in between: then it is theirs.
  if (read(aside) !== found) link(aside, lock)
  rmSync(aside, { force: true })
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new BenchError(`${to} cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined
  } catch {
    return undefined
  }
}

/** Of another machine nothing is known: its process counts as alive. */
function lives(holder: Holder): boolean {
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return holder.began === began(holder.pid)
}

/** The start of a process in ticks since boot, on Linux; elsewhere always the same. */
function began(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

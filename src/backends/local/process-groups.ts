/**
 * The process groups that this process has started and must not outlive. They are killed when this process exits, also
 * by an uncaught error, SIGINT, SIGTERM or SIGHUP. After SIGKILL the watchdog does that.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { unwatchGroup, watchGroup } from './watchdog.js'

const live = new Set<number>()
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Remembers a group until {@link forgetGroup}. */
export function rememberGroup(group: number): void {
  if (live.size === 0) {
    process.on('exit', killAll)
    for (const signal of SIGNALS) process.on(signal, onSignal)
  }
  watchGroup(group, live)
  live.add(group)
}

/** The group is gone. */
export function forgetGroup(group: number): void {
  if (!live.delete(group)) return
  unwatchGroup(group)
  if (live.size > 0) return
  process.off('exit', killAll)
  for (const signal of SIGNALS) process.off(signal, onSignal)
}

/** Sends a signal to all processes of a group; false if there is none left. */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  return signalProcess(-group, signal)
}

/** Sends a signal to a process; false if there is none. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

/** Whether a group has a process that still runs. Processes that ended but were not collected (zombies) do not count. */
export function groupRuns(group: number): boolean {
  try {
    process.kill(-group, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && runsIn(entry, group))
  } catch {
    return true
  }
}

function runsIn(pid: string, group: number): boolean {
  try {
    // "pid (name) state parent group ..."; the name may hold blanks and brackets
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, , groupOf] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(groupOf) === group && state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}

function killAll(): void {
  for (const group of live) signalGroup(group, 'SIGKILL')
}

/** Where nobody else handles the signal it must end this process as it would have without us. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  killAll()
  process.off(signal, onSignal)
  process.kill(process.pid, signal)
}

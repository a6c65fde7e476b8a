/** How much memory the processes of running programs use, read from /proc (Linux). */
import { readFileSync, readdirSync } from 'node:fs'

/** In KiB. */
interface Sample {
  /** Resident memory of all processes of the group together. */
  sum: number
  /** The most that any one of them has ever had resident, as the kernel keeps it. */
  largest: number
}

const KIB_PER_MIB = 1024

/**
 * What the processes of each group have in memory now. Pages that several processes share count in each of them. Empty
 * where there is no /proc.
 *
 * @param others processes that are known to be of no group: they are not looked at. It is brought up to date. Who is
 *   outside of a group's session can never join it, so that each process of the machine is looked at once
 */
export function residentMemory(groups: ReadonlySet<number>, others: Set<string> = new Set()): Map<number, Sample> {
  const samples = new Map<number, Sample>()
  const all = processes()
  const running = new Set(all)
  for (const pid of others) if (!running.has(pid)) others.delete(pid)
  for (const pid of all) {
    if (others.has(pid)) continue
    const group = groupOf(pid)
    if (group === undefined) continue
    if (!groups.has(group)) {
      others.add(pid)
      continue
    }
    const status = read(`/proc/${pid}/status`)
    const sample = samples.get(group) ?? { sum: 0, largest: 0 }
    sample.sum += kibibytes(status, 'VmRSS')
    sample.largest = Math.max(sample.largest, kibibytes(status, 'VmHWM'))
    samples.set(group, sample)
  }
  return samples
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function groupOf(pid: string): number | undefined {
  // "pid (name) state parent group ..."; the name may hold blanks and brackets
  const stat = read(`/proc/${pid}/stat`)
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
  return Number.isInteger(group) && group > 0 ? group : undefined
}

/** Empty for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** A line such as `VmRSS:     1234 kB`; 0 where it is missing, as for a process that has just ended. */
function kibibytes(status: string, name: string): number {
  return Number(new RegExp(String.raw`^${name}:\s*(\d+) kB$`, 'm').exec(status)?.[1] ?? 0)
}

/** Milliseconds between two looks: soon after a program was started, then twice as long each time, up to the last. */
const FIRST_PAUSE = 100
const LAST_PAUSE = 1000

/**
 * The most memory that each running program has used: the larger of what its processes had together at one look, and of
 * what any one of them had at any time up to the last look. What several processes had together between two looks (at most
 * a second apart), and what a program has in the moment it ends, is missed; memory of GPUs is not counted.
 */
export class PeakMemory {
  /** KiB by process group. */
  readonly #peaks = new Map<number, number>()
  /** Processes of nobody that is watched. */
  readonly #others = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #pause = FIRST_PAUSE

  /** Watches a process group from now on. */
  watch(group: number): void {
    this.#peaks.set(group, 0)
    this.#pause = FIRST_PAUSE
    this.#wait()
  }

  /** Ends watching a group. @returns MiB; undefined where it was never seen */
  take(group: number): number | undefined {
    const peak = this.#peaks.get(group)
    this.#peaks.delete(group)
    if (this.#peaks.size === 0) clearTimeout(this.#timer)
    return peak === undefined || peak === 0 ? undefined : Math.round((peak / KIB_PER_MIB) * 10) / 10
  }

  /** Looks now. */
  look(): void {
    for (const [group, { sum, largest }] of residentMemory(new Set(this.#peaks.keys()), this.#others))
      this.#peaks.set(group, Math.max(this.#peaks.get(group)!, sum, largest))
  }

  #wait(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.look()
      this.#pause = Math.min(2 * this.#pause, LAST_PAUSE)
      this.#wait()
    }, this.#pause)
    // Watching is no reason for this process to go on.
    this.#timer.unref()
  }
}

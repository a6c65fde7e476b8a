/** Follows a run directory on disk, also one that another process writes. Reads; changes nothing. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../../core/errors.js'
import {
  type DirectoryState,
  type DirectoryView,
  type PlannedRun,
  type RunEntry,
  plannedRuns,
  secondsLeftOfAll,
} from '../../report/live/directory-view.js'
import { happeningText } from '../../report/live/happening.js'
import { liveEvent } from '../../report/live/live-event.js'
import { LiveRun, type RunView } from '../../report/live/live-run.js'
import { liveSetup } from '../../report/live/live-setup.js'
import { runBeginsText, runEndedText, wordsOf } from '../../report/live/live-text.js'
import { journalWriter } from '../../store/journal-lock.js'
import { JournalTail } from '../../store/journal-tail.js'
import { localRunFolder, readLocalRun } from '../../store/local-run.js'
import type { JournalLine } from '../../store/journal.js'
import type { Manifest } from '../../store/manifest.js'
import type { RunSummary } from '../../store/run-set.js'
import { maxCostOf } from '../../store/sagemaker-runs-file.js'

/** Something that happened, as one line. */
export interface News {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

/** The run whose journal is read. */
interface Followed {
  readonly at: number
  readonly journal: string
  readonly tail: JournalTail
  live: LiveRun | undefined
  /** When second 0 of the run was, in milliseconds since 1970. */
  zero: number
  /** When the journal was last written to, likewise. */
  writtenAt: number
}

export class DirectoryFollower {
  readonly #directory: string
  readonly #manifest: Manifest
  readonly #planned: readonly PlannedRun[]
  readonly #summaries: (RunSummary | undefined)[]
  #begun: readonly boolean[] = []
  #caughtUp = false
  /** US dollars of runs that were followed and have no result, by their position. */
  readonly #left = new Map<number, number>()
  #followed: Followed | undefined

  constructor(directory: string, manifest: Manifest) {
    this.#directory = directory
    this.#manifest = manifest
    this.#planned = plannedRuns(manifest)
    this.#summaries = this.#planned.map(() => undefined)
  }

  /** The journal that is read now. */
  get journal(): string | undefined {
    return this.#followed?.journal
  }

  /**
   * Reads the next piece of what is new. What was there before the first call that had read everything is no news.
   *
   * @returns more: whether there may be more to read now
   * @throws BenchError if a journal is damaged
   */
  poll(): { readonly news: readonly News[]; readonly more: boolean } {
    const { news, more } = this.#readNext()
    const known = !this.#caughtUp
    if (!more) this.#caughtUp = true
    return { news: known ? [] : news, more }
  }

  #readNext(): { readonly news: readonly News[]; readonly more: boolean } {
    // Looked at before the journal is read: a run that has ended writes no more.
    const ended = this.#endedRuns()
    const { news, more } = this.#readOn()
    if (more) return { news, more }
    for (const { at, summary } of ended) if (at === this.#followed?.at || !this.#caughtUp) this.#end(at, summary, news)
    // Those that were too short to be seen while they ran.
    const next = ended.find(({ at }) => this.#summaries[at] === undefined)?.at ?? this.#current()
    if (next === undefined || next === this.#followed?.at) return { news, more: false }
    if (this.#followed !== undefined && this.#summaries[this.#followed.at] === undefined)
      this.#end(this.#followed.at, undefined, news)
    this.#follow(next)
    return { news, more: true }
  }

  #end(at: number, summary: RunSummary | undefined, news: News[]): void {
    this.#summaries[at] = summary
    const spent = at === this.#followed?.at ? this.#followed.live?.view().spent : undefined
    if (summary === undefined && spent !== undefined) this.#left.set(at, spent.usd)
    news.push({ at: this.#followed?.writtenAt ?? Number.NaN, text: runEndedText(this.#entries(), at) })
  }

  /** Where everything stands. @param now milliseconds since 1970 */
  view(now: number): DirectoryView {
    const followed = this.#followed
    const writer = this.#writer()
    const state = this.#state(writer !== undefined)
    const runs = this.#entries(state)
    const summary = followed === undefined ? undefined : this.#summaries[followed.at]
    const running = followed !== undefined && runs[followed.at]!.state === 'running'
    const since = running ? Math.max(0, now - followed.writtenAt) / 1000 : 0
    const live = followed?.live
    const run = live?.view(summary?.simulatedSeconds ?? live.view().time + since)
    const spent = this.#spent(run)
    const left = state === 'running' ? secondsLeftOfAll(runs, this.#manifest.cells, run) : undefined
    return {
      experiment: this.#manifest.experiment,
      state,
      ...(writer !== undefined && { writer }),
      runs,
      ...(run !== undefined && { current: { at: followed!.at, run, setup: live!.setup } }),
      ...(spent !== undefined && { spent }),
      ...(left !== undefined && { secondsLeft: left }),
    }
  }

  /** Of all runs together. */
  #spent(run: RunView | undefined): DirectoryView['spent'] {
    const at = this.#followed?.at
    const known = this.#summaries.flatMap((summary, i) => {
      if (summary?.jobs !== undefined) return [summary.jobs.usd ?? Number.NaN]
      return i !== at && this.#left.has(i) ? [this.#left.get(i)!] : []
    })
    const now = at !== undefined && this.#summaries[at] === undefined ? run?.spent : undefined
    if (known.length === 0 && now === undefined) return undefined
    const limit = maxCostOf(this.#directory)
    const usd = known.reduce((sum, one) => sum + one, now?.usd ?? 0)
    return { usd, jobs: now?.jobs ?? 0, ...(limit !== undefined && { limit }) }
  }

  /** Runs that have a result since the last look, and which have begun. */
  #endedRuns(): { readonly at: number; readonly summary: RunSummary }[] {
    const runs = join(this.#directory, 'runs')
    const folders = new Set(existsSync(runs) ? readdirSync(runs) : [])
    this.#begun = this.#planned.map(({ cell, seed }) => folders.has(localRunFolder(cell, seed).slice('runs/'.length)))
    return this.#planned.flatMap((_, at) => {
      if (!this.#begun[at] || this.#summaries[at] !== undefined) return []
      const summary = readLocalRun(this.#folder(at))?.summary
      return summary === undefined ? [] : [{ at, summary }]
    })
  }

  /** The run that is written; else the one that was, or the last that began. */
  #current(): number | undefined {
    const open = this.#planned.flatMap((_, at) => (this.#begun[at] && this.#summaries[at] === undefined ? [at] : []))
    const written = open.find((at) => journalWriter(join(this.#folder(at), 'journal.jsonl')) !== undefined)
    const last = this.#begun.lastIndexOf(true)
    return written ?? this.#followed?.at ?? open.at(-1) ?? (last < 0 ? undefined : last)
  }

  #follow(at: number): void {
    const journal = join(this.#folder(at), 'journal.jsonl')
    const tail = new JournalTail(journal)
    this.#followed = { at, journal, tail, live: undefined, zero: Number.NaN, writtenAt: Number.NaN }
  }

  #readOn(): { readonly news: News[]; readonly more: boolean } {
    const followed = this.#followed
    if (followed === undefined) return { news: [], more: false }
    const { lines, more, anew, writtenAt } = followed.tail.read()
    if (anew) followed.live = undefined
    followed.writtenAt = writtenAt
    return { news: lines.flatMap((line) => this.#take(followed, line)), more }
  }

  #take(followed: Followed, line: JournalLine): News[] {
    // Whatever says what time it is counts: the header, and where a run was taken up again.
    const at = typeof line['at'] === 'string' ? Date.parse(line['at']) : Number.NaN
    if (followed.live === undefined) {
      const setup = liveSetup(this.#manifest.cells[this.#planned[followed.at]!.cell]!, line)
      if (setup === undefined) throw new BenchError(`${followed.journal} is not the journal of a local run`)
      followed.live = new LiveRun(setup)
      followed.zero = Number.isNaN(at) ? followed.writtenAt : at
      return [{ at: followed.zero, text: runBeginsText(this.#entries(), followed.at) }]
    }
    if (!Number.isNaN(at) && typeof line['time'] === 'number') followed.zero = at - line['time'] * 1000
    followed.live.jobs.take(line)
    const event = liveEvent(line)
    if (event === undefined) return []
    const happened = followed.live.take(event)
    // A long journal is caught up with before anything is said of it.
    if (!this.#caughtUp) return []
    const words = wordsOf(followed.live.setup)
    return happened.map((one) => ({ at: followed.zero + one.time * 1000, text: happeningText(one, words) }))
  }

  #entries(state?: DirectoryState): RunEntry[] {
    return this.#planned.map(({ cell, seed }, at) => {
      const { table, method, workers, objectives } = this.#manifest.cells[cell]!
      const summary = this.#summaries[at]
      const written = state === 'running' && at === this.#followed?.at
      return {
        cell,
        seed,
        table,
        method,
        workers,
        report: objectives[0]!.report,
        state: summary !== undefined ? 'finished' : !this.#begun[at] ? 'waiting' : written ? 'running' : 'unfinished',
        ...(summary !== undefined && { summary }),
      }
    })
  }

  #state(written: boolean): DirectoryState {
    if (this.#summaries.every((summary) => summary !== undefined)) return 'finished'
    if (written) return 'running'
    return this.#begun.includes(true) ? 'unfinished' : 'waiting'
  }

  #writer(): { readonly pid: number; readonly host: string } | undefined {
    return (
      journalWriter(join(this.#directory, 'runs')) ??
      (this.journal === undefined ? undefined : journalWriter(this.journal))
    )
  }

  #folder(at: number): string {
    const { cell, seed } = this.#planned[at]!
    return join(this.#directory, localRunFolder(cell, seed))
  }
}

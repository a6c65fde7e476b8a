/** Shows how a run directory gets on: drawn in place on a terminal, as lines with times elsewhere. */
import { type FSWatcher, watch } from 'node:fs'
import type { DirectoryView } from '../../report/live/directory-view.js'
import { liveText } from '../../report/live/live-text.js'
import type { DirectoryFollower, News } from './directory-follower.js'
import { Screen, type ScreenSize } from './screen.js'

/** Milliseconds: at most so often a directory is looked at, and at least. */
const LEAST = 200
const MOST = 1000

export interface LiveOutput {
  readonly write: (text: string) => void
  /** Undefined where it is no terminal. */
  readonly size: (() => ScreenSize) | undefined
  /** Of what is printed and not drawn. */
  readonly columns: number
  readonly colors: boolean
  /** How to go on with a run that nobody works on. */
  readonly advice: string
}

export class LiveView {
  readonly #follower: DirectoryFollower
  readonly #output: LiveOutput
  readonly #screen: Screen | undefined
  #wake: (() => void) | undefined
  #stopped = false
  #watched: { readonly path: string; readonly watcher: FSWatcher | undefined } | undefined

  constructor(follower: DirectoryFollower, output: LiveOutput) {
    this.#follower = follower
    this.#output = output
    if (output.size !== undefined) this.#screen = new Screen(output.write, output.size)
  }

  /** Reads everything that is there. */
  async catchUp(): Promise<void> {
    while (this.#follower.poll().more && !this.#stopped) await turn()
  }

  /** Shows what happens until it is stopped, or `done` says so of what it shows. */
  async follow(done: (view: DirectoryView) => boolean): Promise<DirectoryView> {
    const release = (): void => this.#screen?.release()
    // Node has written it to the terminal by then.
    process.on('warning', release)
    try {
      for (;;) {
        const view = await this.#look()
        if (this.#stopped || done(view)) return view
        await this.#pause()
      }
    } finally {
      process.off('warning', release)
      this.#watched?.watcher?.close()
      this.#watched = undefined
    }
  }

  /** The next look is the last one. */
  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  /** Erases what was drawn. */
  clear(): void {
    this.#screen?.clear()
  }

  /** Shows everything there is to say, whatever room there is. */
  print(view: DirectoryView): void {
    this.clear()
    const { write, columns, colors, advice } = this.#output
    write(`${liveText(view, { columns, colors, advice }).join('\n')}\n`)
  }

  async #look(): Promise<DirectoryView> {
    for (let more = true; more;) {
      const read = this.#follower.poll()
      more = read.more
      if (this.#screen === undefined) for (const news of read.news) this.#output.write(newsLine(news))
      if (more) await turn()
    }
    this.#watch(this.#follower.journal)
    const view = this.#follower.view(Date.now())
    if (this.#screen !== undefined && !this.#stopped) {
      const { colors, advice } = this.#output
      this.#screen.draw(liveText(view, { ...this.#screen.room, colors, advice }))
    }
    return view
  }

  /** Until the journal changes or some time has passed. */
  async #pause(): Promise<void> {
    const begun = performance.now()
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MOST)
      this.#wake = () => {
        clearTimeout(timer)
        const left = this.#stopped ? 0 : LEAST - (performance.now() - begun)
        if (left > 0) setTimeout(resolve, left)
        else resolve()
      }
    })
    this.#wake = undefined
  }

  /** Watches a journal, where the system can: it is looked at from time to time in any case. */
  #watch(path: string | undefined): void {
    if (path === undefined || path === this.#watched?.path) return
    this.#watched?.watcher?.close()
    let watcher: FSWatcher | undefined
    try {
      watcher = watch(path, () => this.#wake?.())
      watcher.on('error', () => watcher?.close())
    } catch {
      // No such file any more, or no more watchers to be had.
    }
    this.#watched = { path, watcher }
  }
}

/** `2026-11-23 15:17:33  trial 3 starts: ...`, in local time. */
function newsLine({ at, text }: News): string {
  return `${stamp(Number.isNaN(at) ? Date.now() : at)}  ${text}\n`
}

function stamp(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** Lets signals and other work in. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

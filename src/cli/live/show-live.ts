/** What a run on real processes shows while it goes: the same as `bench watch`, on standard error. */
import type { Manifest } from '../../store/manifest.js'
import type { Terminal } from '../terminal.js'
import { DirectoryFollower } from './directory-follower.js'
import { LiveView } from './live-view.js'

/** A view that is shown. */
export interface Live {
  /** Erases it; it comes back with the next news. */
  clear(): void
  /** Shows what has come to be since, and ends. */
  stop(): Promise<void>
}

/** Begins to show a run directory in which nothing runs yet. */
export function showLive(directory: string, manifest: Manifest, terminal: Terminal): Live {
  const follower = new DirectoryFollower(directory, manifest)
  const view = new LiveView(follower, {
    write: (text) => terminal.err(text),
    size: terminal.errIsTerminal ? () => terminal.size() : undefined,
    columns: 120,
    colors: terminal.errColors,
    advice: '',
  })
  // Before anything runs, so that all that happens from now on is news.
  const following = view.catchUp().then(() => view.follow(() => false))
  // A journal that cannot be read is no reason to end the run: it is the run that says what is wrong with it.
  const ended = following.then(
    () => undefined,
    () => undefined,
  )
  return {
    clear: () => view.clear(),
    stop: async () => {
      view.stop()
      await ended
      view.clear()
    },
  }
}

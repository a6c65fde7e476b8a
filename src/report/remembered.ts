/** Results of the last manifest that a run set was seen with: pages, terminal and JSON ask for the same. */
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'

/** The same function, which does not work twice: with many seeds resampling takes a while. */
export function remembered<T>(make: (manifest: Manifest, set: RunSet) => T): (manifest: Manifest, set: RunSet) => T {
  const known = new WeakMap<RunSet, { readonly manifest: Manifest; readonly made: T }>()
  return (manifest, set) => {
    const before = known.get(set)
    if (before?.manifest === manifest) return before.made
    const made = make(manifest, set)
    known.set(set, { manifest, made })
    return made
  }
}

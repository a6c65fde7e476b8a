/** The lines of two traces around a place at which they differ. */

/** An event with its explanation, or a line of the header. */
export interface Entry {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** Lines shown before and after those that differ. */
const CONTEXT_BEFORE = 3
const CONTEXT_AFTER = 2
/** How many entries that differ are shown of each trace at most. */
const CHANGED = 3
/** How far behind the first difference the traces are looked through for the same entry again. */
const REACH = 8

/** The entries around the first difference: `-` only in the first, `+` only in the second, the others in both. */
export function hunk(a: readonly Entry[], b: readonly Entry[], at: number): string[] {
  const from = Math.max(0, at - CONTEXT_BEFORE)
  const [onlyA, onlyB] = untilSame(a, b, at)
  const shownWhole = onlyA <= CHANGED && onlyB <= CHANGED
  const after = shownWhole ? a.slice(at + onlyA, at + onlyA + CONTEXT_AFTER) : []
  const same = after.filter((_, i) => textsAgree(a, b, at + onlyA, at + onlyB, i + 1))
  return [
    ...(from > 0 ? [`  ... (${from} before)`] : []),
    ...inBoth(a.slice(from, at)),
    ...marked(a.slice(at, at + Math.min(onlyA, CHANGED)), '-'),
    ...marked(b.slice(at, at + Math.min(onlyB, CHANGED)), '+'),
    ...inBoth(same),
  ]
}

/** How many entries only the first and only the second has before the nearest that both have; all of them without one. */
function untilSame(a: readonly Entry[], b: readonly Entry[], at: number): readonly [onlyA: number, onlyB: number] {
  for (let skipped = 1; skipped <= 2 * REACH; skipped++)
    for (let onlyA = Math.max(0, skipped - REACH); onlyA <= Math.min(skipped, REACH); onlyA++) {
      const onlyB = skipped - onlyA
      if (a[at + onlyA] !== undefined && textsAgree(a, b, at + onlyA, at + onlyB, 1)) return [onlyA, onlyB]
    }
  return [a.length - at, b.length - at]
}

function textsAgree(a: readonly Entry[], b: readonly Entry[], inA: number, inB: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (a[inA + i]?.text !== b[inB + i]?.text) return false
  return true
}

function marked(entries: readonly Entry[], sign: string): string[] {
  return entries.map(({ text }) => `${sign} ${text.split('\n').join(`\n${sign} `)}`)
}

function inBoth(entries: readonly Entry[]): string[] {
  return entries.map(({ text }) => `  ${text.split('\n')[0]!}`)
}

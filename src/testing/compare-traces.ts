/** Where two traces part, said so that one sees what became of whom. */
import { BenchError, show } from '../core/errors.js'
import { type Entry, hunk } from './trace-hunk.js'
import { Trace } from './trace.js'

/** How two traces differ: in their headers, and at the first decision that is another. */
export interface TraceDifference {
  /** The lines of the headers that differ (another option, seed, table, ...), undefined on the side without such a line. */
  readonly header: readonly { readonly first: string | undefined; readonly second: string | undefined }[]
  /** The first event that differs, counted from 0; undefined where all are equal and only the headers differ. */
  readonly step: number | undefined
  /** Its line, counted from 1, in the first and in the second trace; of the first line of the headers where all events are equal. */
  readonly lines: readonly [first: number, second: number]
  /** What stands there, explanations included; undefined past the end. */
  readonly first: string | undefined
  readonly second: string | undefined
  /** A dozen lines for people: what differs, the lines around it, and why the second decided so if it can tell. */
  readonly message: string
}

/** How the two sides are called in the message. */
export interface TraceNames {
  readonly first?: string
  readonly second?: string
}

interface Parsed {
  readonly header: readonly Entry[]
  readonly events: readonly Entry[]
}

/**
 * Compares two traces, given as traces or as their texts.
 *
 * @returns undefined where they are equal
 * @example
 * const difference = compareTraces(readFileSync('golden.trace', 'utf8'), traceOf(definition, table, 0))
 * if (difference) throw new Error(difference.message)
 */
export function compareTraces(
  first: Trace | string,
  second: Trace | string,
  names: TraceNames = {},
): TraceDifference | undefined {
  const [a, b] = [parse(first), parse(second)]
  const header = differentHeaders(a.header, b.header)
  const at = firstDifference(a.events, b.events)
  if (header.length === 0 && at < 0) return undefined
  const [before, now] = [names.first ?? 'first', names.second ?? 'second']
  const ofHeader = header.length === 0 ? [] : [`${before} and ${now} are of different runs:`, ...header.flatMap(marked)]
  const ofEvents = at < 0 ? ['all decisions are equal'] : eventLines(a.events, b.events, at, second, [before, now])
  const [x, y] = at < 0 ? [header[0]!.first, header[0]!.second] : [a.events[at], b.events[at]]
  const [sideA, sideB] = at < 0 ? [a.header, b.header] : [a.events, b.events]
  return {
    header: header.map((line) => ({ first: line.first?.text, second: line.second?.text })),
    step: at < 0 ? undefined : at,
    lines: [x?.line ?? endOf(sideA), y?.line ?? endOf(sideB)],
    first: x?.text,
    second: y?.text,
    message: [...ofHeader, ...(ofHeader.length > 0 ? [''] : []), ...ofEvents].join('\n'),
  }
}

function parse(trace: Trace | string): Parsed {
  const header: Entry[] = []
  const events: Entry[] = []
  for (const [i, text] of String(trace).replaceAll('\r\n', '\n').trimEnd().split('\n').entries()) {
    const last = events.at(-1)
    // The line on how it ended is the last of the events: what led to it tells more.
    if (text.startsWith('#') && last === undefined) header.push({ line: i + 1, text })
    else if (/^\s/.test(text) && last !== undefined)
      events[events.length - 1] = { ...last, text: `${last.text}\n${text}` }
    else events.push({ line: i + 1, text })
  }
  if (!header.some(({ text }) => text.startsWith('# time')))
    throw new BenchError(`this is no trace, it has no line "# time ...": ${show(String(trace))}; make it with traceOf`)
  return { header, events }
}

/** A line of the header in both traces. */
interface HeaderPair {
  readonly first: Entry | undefined
  readonly second: Entry | undefined
}

/** The lines of two headers that differ. Lines belong together by what they are of, `# seed`; some stand in one only. */
function differentHeaders(a: readonly Entry[], b: readonly Entry[]): HeaderPair[] {
  const nameOf = ({ text }: Entry): string => text.split(/\s+/)[1]!
  const [first, second] = [a, b].map((entries) => new Map(entries.map((entry) => [nameOf(entry), entry])))
  return [...new Set([...first!.keys(), ...second!.keys()])]
    .map((name) => ({ first: first!.get(name), second: second!.get(name) }))
    .filter((pair) => pair.first?.text !== pair.second?.text)
}

function marked({ first, second }: HeaderPair): string[] {
  return [...(first ? [`- ${first.text}`] : []), ...(second ? [`+ ${second.text}`] : [])]
}

/** What became of whom at the first difference, the lines around it, and why. */
function eventLines(
  a: readonly Entry[],
  b: readonly Entry[],
  at: number,
  second: Trace | string,
  [before, now]: readonly [before: string, now: string],
): string[] {
  const why = second instanceof Trace && at < second.steps.length ? second.explain(at) : undefined
  return [
    whatChanged(a[at], b[at], before, now),
    '',
    ...hunk(a, b, at),
    ...(why === undefined ? [] : ['', `why, in ${now}:`, ...why.split('\n').map((line) => `    ${line}`)]),
  ]
}

function firstDifference(a: readonly Entry[], b: readonly Entry[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i]?.text !== b[i]?.text) return i
  return -1
}

function whatChanged(first: Entry | undefined, second: Entry | undefined, before: string, now: string): string {
  const [a, b] = [eventOf(first), eventOf(second)]
  if (a === undefined && b === undefined && first !== undefined && second !== undefined)
    return `all decisions are equal, but ${before} and ${now} end in another way`
  if (a === undefined || b === undefined)
    return `one trace goes on where the other ends: ${a === undefined ? now : before} has more`
  const who = a.level === '-' ? `trial ${a.trial}` : `trial ${a.trial} at level ${a.level}`
  if (a.time === b.time && a.trial === b.trial && a.level === b.level && a.values === b.values && a.what !== b.what)
    return `${a.time} s, ${who}: ${before} says ${a.what}, ${now} says ${b.what}`
  return `from ${a.time} s on the runs differ (line ${first!.line}): the last decisions before are the same`
}

function eventOf(entry: Entry | undefined) {
  if (entry === undefined || entry.text.startsWith('#')) return undefined
  const [line] = entry.text.split('\n')
  const match = /^(\S+)\s+(\d+)\s+(\S+)\s+(.*?)\s+([a-z]+)(?: {2}.*)?$/.exec(line!)
  if (match === null) return undefined
  const [, time, trial, level, values, what] = match
  return { time: time!, trial: trial!, level: level!, values: values!, what: what! }
}

function endOf(entries: readonly Entry[]): number {
  return (entries.at(-1)?.line ?? 0) + 1
}

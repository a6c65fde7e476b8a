/** Where two traces part, said so that one sees what became of whom. */
import { BenchError, show } from '../core/errors.js'
import { Trace } from './trace.js'

/** The first place at which two traces differ. */
export interface TraceDifference {
  /** The first line that differs, counted from 1, in the first and in the second trace. */
  readonly lines: readonly [first: number, second: number]
  /** Which event of the run it is, counted from 0; undefined where the header differs. */
  readonly step: number | undefined
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

/** An event with its explanation, or a line of the header. */
interface Entry {
  readonly line: number
  readonly text: string
}

interface Parsed {
  readonly header: readonly Entry[]
  readonly events: readonly Entry[]
}

const CONTEXT_BEFORE = 3
const CONTEXT_AFTER = 2

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
  const atHeader = firstDifference(a.header, b.header)
  const atEvent = firstDifference(a.events, b.events)
  if (atHeader < 0 && atEvent < 0) return undefined
  const inHeader = atHeader >= 0
  const [x, y] = inHeader ? [a.header, b.header] : [a.events, b.events]
  const at = inHeader ? atHeader : atEvent
  const why = !inHeader && second instanceof Trace && at < second.steps.length ? second.explain(at) : undefined
  const [before, now] = [names.first ?? 'first', names.second ?? 'second']
  const message = [
    inHeader
      ? `the traces are of different runs: ${before} has another header than ${now}`
      : whatChanged(x[at], y[at], before, now),
    '',
    ...around(x, y, at),
    ...(why === undefined ? [] : ['', `why, in ${now}:`, ...why.split('\n').map((line) => `    ${line}`)]),
  ]
  return {
    lines: [lineOf(x, at), lineOf(y, at)],
    step: inHeader ? undefined : at,
    first: x[at]?.text,
    second: y[at]?.text,
    message: message.join('\n'),
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

function firstDifference(a: readonly Entry[], b: readonly Entry[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i]?.text !== b[i]?.text) return i
  return -1
}

function whatChanged(first: Entry | undefined, second: Entry | undefined, before: string, now: string): string {
  const [a, b] = [eventOf(first), eventOf(second)]
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

/** The lines around the first difference: `-` only in the first, `+` only in the second. */
function around(a: readonly Entry[], b: readonly Entry[], at: number): string[] {
  const from = Math.max(0, at - CONTEXT_BEFORE)
  const side = (entries: readonly Entry[], sign: string): string[] =>
    entries.slice(at, at + 1 + CONTEXT_AFTER).map(({ text }) => `${sign} ${text.split('\n').join(`\n${sign} `)}`)
  return [
    ...(from > 0 ? [`  ... (${from} before)`] : []),
    ...a.slice(from, at).map(({ text }) => `  ${text.split('\n')[0]!}`),
    ...side(a, '-'),
    ...side(b, '+'),
  ]
}

function lineOf(entries: readonly Entry[], at: number): number {
  return entries[at]?.line ?? (entries.at(-1)?.line ?? 0) + 1
}

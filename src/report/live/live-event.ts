/** From a line of a journal to an event of a run, whatever is in it. */
import { type RunEvent, runEvent } from '../../store/journal-recorder.js'
import type { JournalLine } from '../../store/journal.js'

/** @returns undefined for a line of a kind that is not known here, or that lacks what its kind needs: it is passed over */
export function liveEvent(line: JournalLine): RunEvent | undefined {
  let event: RunEvent | undefined
  try {
    event = runEvent(line)
  } catch {
    return undefined
  }
  if (event === undefined || !Number.isFinite(event.time) || !Number.isInteger(event.trial)) return undefined
  if (event.event === 'start') return isConfig(event.config) ? event : undefined
  if (event.event === 'report') return Number.isFinite(event.resource) ? event : undefined
  if (event.event === 'end') return ENDS.includes(event.state) ? { ...event, reason: textOf(event.reason) } : undefined
  return event.event === 'restart' ? { ...event, reason: textOf(event.reason) } : event
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

const ENDS = ['completed', 'failed', 'diverged', 'stopped']

function isConfig(config: unknown): boolean {
  return typeof config === 'object' && config !== null && !Array.isArray(config)
}

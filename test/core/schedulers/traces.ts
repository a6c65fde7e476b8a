/** Decisions recorded from Syne Tune, where the folder that holds them lies beside the checkout. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Goal } from '../../../src/core/objective.js'
import type { schedulers } from '../../../src/core/schedulers/index.js'
import { make, report } from './make.js'

type Event =
  | readonly ['s', trial: number, resumed?: number | null, until?: number]
  | readonly ['r', trial: number, resource: number, value: number, decision: 'C' | 'S' | 'P']
  | readonly ['e' | 'c', trial: number]

export interface Trace {
  readonly id: string
  readonly params: Readonly<Record<string, unknown>> & { readonly mode: Goal; readonly max_t: number }
  readonly rungs: readonly unknown[]
  readonly events: readonly Event[]
}

const fileOf = (name: string): string => resolve('..', 'shared', 'reference', 'traces', `${name}.jsonl.gz`)

export const haveTraces = (name: string): boolean => existsSync(fileOf(name))

export function readTraces(name: string): Trace[] {
  const lines = gunzipSync(readFileSync(fileOf(name)))
    .toString('utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as Trace)
}

/** Drives a scheduler through a trace. @returns the first event that came out differently, or undefined */
export function firstDifference(
  type: keyof typeof schedulers,
  options: object,
  { id, params, events }: Trace,
): string | undefined {
  const maxResource = params.max_t
  const scheduler = make(type, options, { maxResource, goal: params.mode })
  for (const [i, event] of events.entries()) {
    let ours: unknown
    if (event[0] === 'r') {
      const [, trial, resource, value, decision] = event
      const decided = report(scheduler, trial, resource, value)
      // At the maximum resource the reference stops a trial, or lets it end by itself; here it completes.
      if (resource >= maxResource && decision === 'S') scheduler.onEnd(trial, 'completed')
      else if (resource < maxResource && decided.charAt(0).toUpperCase() !== decision) ours = decided
    } else if (event[0] === 's') {
      const [, trial, resumed, until] = event
      const job = scheduler.next(trial)
      const same =
        typeof job !== 'string' &&
        (job.kind === 'resume' ? job.trial : null) === (resumed ?? null) &&
        (job.until ?? maxResource) === (until ?? maxResource)
      if (!same) ours = job
    } else scheduler.onEnd(event[1], event[0] === 'e' ? 'failed' : 'completed')
    if (ours !== undefined) return `${id} event ${i}: ${JSON.stringify(event)}, ours ${JSON.stringify(ours)}`
  }
  return undefined
}

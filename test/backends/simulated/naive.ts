/**
 * A simulator as one would write it down: plain objects, every event of every attempt in one list that is sorted anew
 * at each step. Slow, and independent of the product's: no queue, no reuse, no driver, no tuner.
 */
import type { Scheduler } from '../../../src/core/scheduler.js'
import type { Config } from '../../../src/core/space.js'

export interface NaiveCurve {
  readonly startup: number
  /** Seconds up to each level, and the value there. */
  readonly elapsed: readonly number[]
  readonly values: readonly number[]
}

interface Pending {
  readonly time: number
  readonly trial: number
  readonly level: number
  readonly free: boolean
}

/** `time trial@level decision` of every report up to the deadline. */
export function simulateNaively(
  scheduler: Scheduler,
  curveOf: (config: Config) => NaiveCurve,
  workers: number,
  deadline: number,
  stopDelay = 0,
): string[] {
  const lines: string[] = []
  const trials: { config: Config; reached: number }[] = []
  let events: Pending[] = []
  let busy = 0
  let exhausted = false
  let now = 0

  const begin = (trial: number): void => {
    const { config, reached } = trials[trial]!
    const curve = curveOf(config)
    const origin = now + curve.startup - (reached === 0 ? 0 : curve.elapsed[reached - 1]!)
    for (let level = reached + 1; level <= curve.elapsed.length; level++)
      events.push({ time: origin + curve.elapsed[level - 1]!, trial, level, free: false })
    busy++
  }
  for (;;) {
    for (let free = workers - busy; free > 0 && !exhausted; free--) {
      const job = scheduler.next(trials.length)
      if (job === 'wait') break
      if (job === 'exhausted') exhausted = true
      else if (job.kind === 'resume') begin(job.trial)
      else {
        trials.push({ config: job.config, reached: 0 })
        begin(trials.length - 1)
      }
    }
    events = events.toSorted((a, b) => a.time - b.time || a.trial - b.trial || a.level - b.level)
    const event = events.shift()
    if (event === undefined || event.time > deadline) return lines
    now = event.time
    if (event.free) {
      busy--
      continue
    }
    const { trial, level } = event
    const curve = curveOf(trials[trial]!.config)
    trials[trial]!.reached = level
    const value = curve.values[level - 1]!
    const decision = scheduler.onReport(trial, level, Float64Array.of(value))
    const last = level === curve.elapsed.length
    const diverged = !Number.isFinite(value) && !last && decision !== 'stop'
    lines.push(`${now} ${trial}@${level} ${last ? 'continue' : diverged ? 'stop' : decision}`)
    if (last) {
      scheduler.onEnd(trial, 'completed')
      busy--
    } else if (diverged || decision !== 'continue') {
      if (diverged && decision === 'continue') scheduler.onEnd(trial, 'diverged')
      events = events.filter((other) => other.trial !== trial || other.free)
      if (stopDelay === 0) busy--
      else events.push({ time: now + stopDelay, trial, level: 0, free: true })
    }
  }
}

/** Drives a scheduler by hand, without a backend. */
import { SpaceSource } from '../../../src/core/config-source.js'
import type { Goal, Objective } from '../../../src/core/objective.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { Scheduler, SchedulerContext } from '../../../src/core/scheduler.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import type { Searcher } from '../../../src/core/searcher.js'
import { type Space, float } from '../../../src/core/space.js'

export interface Making {
  readonly options?: object
  readonly maxResource: number
  /** How many configurations the searcher has; default without end. */
  readonly trials?: number
  readonly goal?: Goal
  readonly objectives?: readonly Objective[]
  readonly space?: Space
  readonly seed?: number
  readonly maxTrials?: number
  /** Default: {@link countingSearcher}. */
  readonly searcher?: Searcher
}

/** Suggests `{ x: 0 }`, `{ x: 1 / 1024 }`, ... */
export function countingSearcher(trials = Infinity): Searcher {
  let given = 0
  return { suggest: () => (given < trials ? { x: given++ / 1024 } : undefined) }
}

export function make(type: keyof typeof schedulers, given: Making): Scheduler {
  const { options = {}, maxResource, trials, goal = 'min' } = given
  const context = {
    searcher: given.searcher ?? countingSearcher(trials),
    source: new SpaceSource(given.space ?? { x: float(0, 1) }),
    objectives: given.objectives ?? [{ metric: 'loss', goal, report: 'loss' }],
    maxResource,
    random: new RandomStreams(given.seed ?? 0),
    ...(given.maxTrials !== undefined && { maxTrials: given.maxTrials }),
  } satisfies SchedulerContext
  return schedulers[type].create(schedulers[type].options.parse(options) as never, context)
}

/**
 * Rounds of one report per running trial, in the order of their starts; free workers are filled before each round.
 * `starts`: `trial:from->until`, `|` between rounds in which something started; `over`: how trials ended or paused.
 */
export function rounds(
  scheduler: Scheduler,
  {
    maxResource,
    workers,
    loss,
  }: { maxResource: number; workers: number; loss: (trial: number, level: number) => number },
  most = Infinity,
): { starts: string; over: string[] } {
  const [starts, over]: [string[], string[]] = [[], []]
  const reached: number[] = []
  let running: number[] = []
  for (let round = 0; round < most; round++) {
    const batch: string[] = []
    while (running.length < workers) {
      const job = scheduler.next(reached.length)
      if (job === 'wait' || job === 'exhausted') break
      const trial = job.kind === 'start' ? reached.push(0) - 1 : job.trial
      batch.push(`${trial}:${reached[trial]!}->${job.until ?? maxResource}`)
      running.push(trial)
    }
    if (batch.length > 0) starts.push(batch.join(' '))
    if (running.length === 0) break
    const next: number[] = []
    for (const trial of running) {
      const level = ++reached[trial]!
      const decision = scheduler.onReport(trial, level, Float64Array.of(loss(trial, level)))
      if (level === maxResource) {
        scheduler.onEnd(trial, 'completed')
        over.push(`${trial}@${level} completed`)
      } else if (decision === 'continue') next.push(trial)
      else over.push(`${trial}@${level} ${decision}`)
    }
    running = next
  }
  return { starts: starts.join(' | '), over }
}

/** Decides a recorded run again with a scheduler of the registry. */
import { SpaceSource } from '../../core/config-source.js'
import { BenchError } from '../../core/errors.js'
import { RandomStreams } from '../../core/random.js'
import type { Job, Scheduler } from '../../core/scheduler.js'
import type { SchedulerDefinition } from '../../core/schedulers/definition.js'
import { schedulers } from '../../core/schedulers/index.js'
import { parseOr } from '../../core/zod-error.js'
import { replayMode } from './modes.js'
import type { RunCase, RunEvent } from './recorded.js'
import type { Outcome } from './outcome.js'

/** Replays one run up to its first difference; what comes after one cannot be compared. */
export function replayRun(run: RunCase): Outcome {
  const decisions = run.events.filter(isDecision).length
  const mode = replayMode(run)
  const scheduler = makeScheduler(run, mode)
  const values = new Float64Array(mode.goals.length)
  const max = run.params.max_t
  let equal = 0
  for (const [number, event] of run.events.entries()) {
    let ours = ''
    let recorded = ''
    switch (event[0]) {
      case 's': {
        const job = scheduler.next(event[1])
        recorded = event.length === 4 ? jobText(event[2], event[3]) : 'start'
        ours = event.length === 4 ? textOf(job, max) : typeof job === 'string' ? job : job.kind
        break
      }
      case 'r': {
        const [, trial, level, reported] = event
        values.set(Array.isArray(reported) ? reported : [reported])
        const decision = scheduler.onReport(trial, level, values)
        const complete = level >= max
        recorded = { C: 'continue', S: 'stop', P: 'pause' }[event[4]]
        // The reference stops a trial at the maximum level; here it completes, whatever the scheduler says.
        ours = complete && mode.stopsAtMaximum ? 'stop' : decision
        if (complete && mode.stopsAtMaximum) scheduler.onEnd(trial, 'completed')
        break
      }
      case 'e':
        scheduler.onEnd(event[1], 'failed')
        continue
      case 'c':
        scheduler.onEnd(event[1], 'completed')
        continue
    }
    if (ours !== recorded) {
      const what = `event ${number} ${JSON.stringify(event)}: recorded ${recorded}, ours ${ours}`
      const difference = `${run.id}, ${what}${explained(scheduler)}`
      return { decisions, equal, difference }
    }
    if (isDecision(event)) equal++
  }
  return { decisions, equal }
}

/** A start that the recorded scheduler had no say in is no decision. */
function isDecision(event: RunEvent): boolean {
  return event[0] === 'r' || (event[0] === 's' && event.length === 4)
}

function makeScheduler(run: RunCase, mode: ReturnType<typeof replayMode>): Scheduler {
  const definition = (schedulers as unknown as Readonly<Record<string, SchedulerDefinition>>)[mode.scheduler]
  if (definition === undefined) throw new BenchError(`case ${run.id} needs the scheduler "${mode.scheduler}"`)
  const options = parseOr(definition.options, mode.options, `${run.id}: options of ${mode.scheduler}`)
  return definition.create(options, {
    searcher: { suggest: () => ({}) },
    source: new SpaceSource({}),
    objectives: mode.goals.map((goal, i) => ({ metric: `objective ${i}`, goal, report: `objective ${i}` })),
    maxResource: run.params.max_t,
    random: new RandomStreams(0),
  })
}

function textOf(job: Job, max: number): string {
  if (typeof job === 'string') return job
  return jobText(job.kind === 'resume' ? job.trial : null, job.until ?? max)
}

function jobText(resumed: number | null, until: number): string {
  return `${resumed === null ? 'start' : `resume ${resumed}`} until ${until}`
}

function explained(scheduler: Scheduler): string {
  const text = scheduler.explain?.()
  return text === undefined ? '' : `\n  ${text.replaceAll('\n', '\n  ')}`
}

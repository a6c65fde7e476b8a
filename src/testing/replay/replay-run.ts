/** Decides a recorded run again with a scheduler of the registry. */
import { SpaceSource } from '../../core/config-source.js'
import { BenchError, invalid, show } from '../../core/errors.js'
import { RandomStreams } from '../../core/random.js'
import type { Job, Scheduler } from '../../core/scheduler.js'
import type { SchedulerDefinition } from '../../core/schedulers/definition.js'
import { schedulers } from '../../core/schedulers/index.js'
import { parseOr } from '../../core/zod-error.js'
import { realRungLevels, rungLevels } from '../../core/rungs/rung.js'
import { type ReplayMode, replayMode } from './modes.js'
import type { RunCase, RunEvent } from './recorded.js'
import type { Outcome } from './outcome.js'

/** Replays one run up to its first difference; what comes after one cannot be compared. */
export function replayRun(run: RunCase): Outcome {
  const decisions = run.events.filter(isDecision).length
  const mode = replayMode(run)
  const scheduler = makeScheduler(run, mode)
  const values = new Float64Array(mode.goals.length)
  const max = run.params.max_t
  const rungs = differentRungs(run, mode)
  if (rungs !== undefined) return { decisions, equal: 0, difference: `${show(run.id)}, rungs: ${rungs}` }
  let equal = 0
  let started = 0
  for (const [number, event] of run.events.entries()) {
    const first = event[0] === 's'
    if (first ? event[1] !== started : event[1] >= started)
      throw invalid(
        `case ${show(run.id)}: event ${number}`,
        event,
        first
          ? `must offer trial ${started}, the next one`
          : `must be of one of the ${started} trials that were started`,
      )
    if (event[0] === 's' && (event.length === 2 || event[2] === null)) started++
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
        const list = Array.isArray(reported) ? reported : [reported]
        if (list.length !== values.length)
          throw invalid(`case ${show(run.id)}: event ${number}`, event, `must have ${values.length} values`)
        values.set(list)
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
      const difference = `${show(run.id)}, ${what}${explained(scheduler)}`
      return { decisions, equal, difference }
    }
    if (isDecision(event)) equal++
  }
  return { decisions, equal }
}

/** What is different between the recorded rungs and ours; levels at the maximum are never used and so left out. */
function differentRungs({ rungs, params }: RunCase, { realLevels }: ReplayMode): string | undefined {
  const { max_t: max, grace_period: grace, reduction_factor: eta } = params
  if (rungs === undefined || grace === undefined || eta === undefined) return undefined
  const ours = (realLevels ? realRungLevels : rungLevels)(grace, eta, max)
  const recorded = rungs.map((rung) => (typeof rung === 'number' ? rung : rung[0])).filter((level) => level < max)
  // A power and repeated multiplication may differ in the last bits of a level that is not whole.
  const near = (level: number, other: number): boolean => Math.abs(level - other) <= 1e-9 * level
  const same = ours.length === recorded.length && ours.every((level, j) => near(level, recorded[j]!))
  return same ? undefined : `recorded ${JSON.stringify(recorded)}, ours ${JSON.stringify(ours)}`
}

/** A start that the recorded scheduler had no say in is no decision. */
function isDecision(event: RunEvent): boolean {
  return event[0] === 'r' || (event[0] === 's' && event.length === 4)
}

function makeScheduler(run: RunCase, mode: ReturnType<typeof replayMode>): Scheduler {
  const definition = (schedulers as unknown as Readonly<Record<string, SchedulerDefinition>>)[mode.scheduler]
  if (definition === undefined) throw new BenchError(`case ${show(run.id)} needs the scheduler "${mode.scheduler}"`)
  const options = parseOr(definition.options, mode.options, `case ${show(run.id)}: options of ${mode.scheduler}`)
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

/** Plays a scheduler against made-up trainings: through the tuner, on a backend that is nothing but chance. */
import { SpaceSource } from '../../core/config-source.js'
import { driveVirtual } from '../../core/drive.js'
import { limitTrials } from '../../core/limited-searcher.js'
import type { Goal } from '../../core/objective.js'
import { RandomStreams, mix, mixedUniform } from '../../core/random.js'
import type { Scheduler } from '../../core/scheduler.js'
import type { SchedulerDefinition } from '../../core/schedulers/definition.js'
import type { SearcherDefinition } from '../../core/searchers/definition.js'
import { type Config, type Space, choice, float, int } from '../../core/space.js'
import { Tuner } from '../../core/tuner.js'
import { ChanceBackend, type Setting, chance } from './chance-backend.js'

/** A scheduler and a searcher with their options. */
export interface Pair {
  readonly scheduler: SchedulerDefinition
  readonly options: object
  readonly searcher: SearcherDefinition
  readonly searcherOptions: object
}

/** What happened to a trial. */
export interface Turn {
  readonly kind: 'start' | 'resume' | 'continue' | 'pause' | 'stop' | 'completed' | 'failed'
  readonly trial: number
  /** The level reached; of a start that of the checkpoint it is copied from, else 0. */
  readonly level: number
  /** For people, and to compare. */
  readonly text: string
}

/** Replaces parts of a run. */
export interface Change {
  /** The loss of a trial at a level; smaller is better whatever the goal. Default {@link lossOf}. */
  readonly loss?: (trial: number, level: number, objective: number) => number
  /** What is reported, of what would be. */
  readonly report?: (value: number, objective: number) => number
  readonly goals?: readonly Goal[]
  /** Asks the scheduler for the reason of every answer. */
  readonly explain?: boolean
}

/** The metrics of all made-up runs, in this order. */
export const METRICS = ['error', 'latency', 'memory'] as const

const space: Space = { rate: float(1e-4, 1, { scale: 'log' }), width: int(1, 3), kind: choice(['a', 'b']) }
const defaultConfig: Config = { rate: 0.01, width: 2, kind: 'a' }

/** The loss of a trial at a level, in (0, 3]; it tends to fall with the level. */
export function lossOf({ key, grain }: Setting, trial: number, level: number, objective: number): number {
  const k = objective === 0 ? key : mix(key, objective)
  const u = mixedUniform(mix(mix(k, trial), 5), 0) + mixedUniform(mix(mix(k, trial), 6), level) / level
  return (1 + Math.round(u * grain)) / grain
}

/** Plays a run to its end. @throws Error if the scheduler breaks its contract: the tuner or the backend notices */
export function play(
  { scheduler: definition, options, searcher, searcherOptions }: Pair,
  setting: Setting,
  change: Change = {},
): Turn[] {
  const goals = change.goals ?? setting.goals
  const objectives = goals.map((goal, i) => ({ metric: METRICS[i]!, goal, report: METRICS[i]! }))
  const { maxResource } = setting
  const source = new SpaceSource(space)
  const random = new RandomStreams(setting.key)
  const context = { source, objectives, maxResource, random }
  const unlimited = searcher.create(searcher.options.parse(searcherOptions), { ...context, defaultConfig })
  const limited = limitTrials(unlimited, setting.trials)
  const inner = definition.create(definition.options.parse(options), {
    ...context,
    searcher: limited,
    maxTrials: setting.trials,
  })
  const loss = change.loss ?? ((trial, level, objective) => lossOf(setting, trial, level, objective))
  const backend = new ChanceBackend(setting, goals.length, (trial, level, objective) => {
    const value = loss(trial, level, objective)
    const reported = goals[objective] === 'min' ? value : -value
    return change.report?.(reported, objective) ?? reported
  })
  const turns: Turn[] = []
  const turn = (kind: Turn['kind'], trial: number, level: number, more = ''): void => {
    turns.push({ kind, trial, level, text: `trial ${trial} at level ${level}: ${kind}${more}` })
  }
  const tuner = new Tuner({
    scheduler: explained(outerRule(inner, setting), change.explain === true),
    searcher: limited,
    backend,
    recorder: {
      start: (_time, trial, config, copy) =>
        turn(
          'start',
          trial,
          copy?.resource ?? 0,
          ` ${JSON.stringify(config)}${copy ? ` from trial ${copy.trial}` : ''}`,
        ),
      resume: (_time, trial, _attempt, from) => turn('resume', trial, from),
      report: (_time, trial, _attempt, level, _values, decision) => turn(decision, trial, level),
      end: (_time, trial, _attempt, state) =>
        turn(state === 'failed' ? 'failed' : 'completed', trial, backend.reached(trial)),
      ignored() {},
    },
    objectives,
    maxResource,
    stop: {},
  })
  try {
    driveVirtual(tuner, backend)
  } catch (error) {
    if (error instanceof Error) error.message += `\n${lastTurns(turns)}`
    throw error
  }
  return turns
}

/** The end of a run for people. */
export function lastTurns(turns: readonly Turn[], count = 12): string {
  const texts = turns.slice(-count).map(({ text }) => `  ${text}`)
  return [...(turns.length > count ? [`  ... (${turns.length - count} before)`] : []), ...texts].join('\n')
}

/** A stopping rule around a scheduler: about one report of twenty ends its trial, whatever the scheduler said but stop. */
function outerRule(inner: Scheduler, setting: Setting): Scheduler {
  if (!setting.disturbed) return inner
  return {
    next: (trial) => inner.next(trial),
    onReport(trial, resource, values) {
      const decision = inner.onReport(trial, resource, values)
      if (decision === 'stop' || resource === setting.maxResource || chance(setting, trial, resource, 11) > 0.05)
        return decision
      inner.onEnd(trial, 'stopped')
      return 'stop'
    },
    onEnd: (trial, state) => inner.onEnd(trial, state),
    ...(inner.explain && { explain: () => inner.explain!() }),
  }
}

function explained(inner: Scheduler, explain: boolean): Scheduler {
  if (!explain || inner.explain === undefined) return inner
  return {
    next(trial) {
      const job = inner.next(trial)
      inner.explain!()
      return job
    },
    onReport(trial, resource, values) {
      const decision = inner.onReport(trial, resource, values)
      inner.explain!()
      return decision
    },
    onEnd: (trial, state) => inner.onEnd(trial, state),
  }
}

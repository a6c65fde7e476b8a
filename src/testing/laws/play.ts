/** Plays a scheduler against made-up trainings: through the tuner, on a backend that is nothing but chance. */
import { type BackendEvent, type VirtualTimeBackend, emptyEvent } from '../../core/backend.js'
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

/** A scheduler and a searcher with their options. */
export interface Pair {
  readonly scheduler: SchedulerDefinition
  readonly options: object
  readonly searcher: SearcherDefinition
  readonly searcherOptions: object
}

/** One made-up run. */
export interface Setting {
  /** All chance of the run is mixed from it. */
  readonly key: number
  readonly maxResource: number
  readonly workers: number
  /** How many trials are announced. */
  readonly trials: number
  /** Values are rounded to 1/grain, so that ties occur where it is small. */
  readonly grain: number
  /** Of the objectives; those of a scheduler that ranks by the first are cut to one. */
  readonly goals: readonly Goal[]
  /** Whether trials fail, end early, and are stopped by a rule around the scheduler, right after it paused them too. */
  readonly disturbed: boolean
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

/** Chance of a trial at a level, for a purpose. */
function chance({ key }: Setting, trial: number, level: number, purpose: number): number {
  return mixedUniform(mix(mix(key, trial), purpose), level)
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

/** Which of the running trials reports next is chance; in disturbed runs some fail or end early instead. */
class ChanceBackend implements VirtualTimeBackend {
  readonly workers: number
  readonly #setting: Setting
  readonly #value: (trial: number, level: number, objective: number) => number
  readonly #event: BackendEvent
  readonly #reached: number[] = []
  readonly #running: { readonly trial: number; readonly attempt: number }[] = []

  constructor(setting: Setting, metrics: number, value: (trial: number, level: number, objective: number) => number) {
    this.workers = setting.workers
    this.#setting = setting
    this.#value = value
    this.#event = emptyEvent(metrics)
  }

  get idle(): number {
    return this.workers - this.#running.length
  }

  get busy(): number {
    return this.#running.length
  }

  /** The level that a trial reached. */
  reached(trial: number): number {
    return this.#reached[trial]!
  }

  start(trial: number, attempt: number, _config: Config, from: number): void {
    if (trial >= this.#setting.trials)
      throw new Error(
        `trial ${trial} starts, but only ${this.#setting.trials} were announced (maxTrials; the searcher is used up)`,
      )
    this.#reached[trial] = from
    this.#running.push({ trial, attempt })
  }

  halt(trial: number): void {
    this.#running.splice(this.#at(trial), 1)
  }

  next(): BackendEvent | undefined {
    if (this.#running.length === 0) return undefined
    const event = this.#event
    const { maxResource, disturbed, key } = this.#setting
    event.time++
    let at = this.#running.findIndex(({ trial }) => this.#reached[trial] === maxResource)
    const over = at >= 0
    if (!over) at = Math.floor(mixedUniform(mix(key, 99), event.time) * this.#running.length)
    const { trial, attempt } = this.#running[at]!
    event.trial = trial
    event.attempt = attempt
    const luck = disturbed ? chance(this.#setting, trial, this.#reached[trial]!, 12) : 1
    if (over || luck < 0.06) {
      this.#running.splice(at, 1)
      event.kind = 'end'
      event.state = over || luck < 0.03 ? 'completed' : 'failed'
      return event
    }
    const level = ++this.#reached[trial]!
    event.kind = 'report'
    event.resource = level
    for (let i = 0; i < event.values.length; i++) event.values[i] = this.#value(trial, level, i)
    return event
  }

  #at(trial: number): number {
    return this.#running.findIndex((one) => one.trial === trial)
  }
}

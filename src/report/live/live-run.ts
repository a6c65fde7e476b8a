/** One run while it goes: follows its events, and tells where it stands at any of them. No clock, no files. */
import { comparable, toLoss } from '../../core/objective.js'
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import type { RunEvent } from '../../store/journal-recorder.js'
import type { Happening } from './happening.js'
import { type FrontView, LiveFront } from './live-front.js'
import { LiveJobs } from './live-jobs.js'
import { LiveRungs, type RungView } from './live-rungs.js'
import type { LiveSetup } from './live-setup.js'
import { type LimitView, ReportRate, type Used, limitViews, secondsLeft } from './pace.js'

/** A trial that runs, or ran when the journal ended. */
export interface RunningView {
  readonly trial: TrialId
  /** The last level that it reported; 0 before the first. */
  readonly level: number
  /** Of the first objective at that level; NaN before the first report. */
  readonly value: number
  /** Seconds since its attempt began. */
  readonly seconds: number
}

/** The first report with the least loss of an objective so far. */
export interface IncumbentView {
  readonly metric: string
  readonly value: number
  /** The metric that is reported for it, and its value. */
  readonly report: string
  readonly reported: number
  readonly trial: TrialId
  readonly level: number
  readonly time: number
  readonly config: Config
}

/** Where a run stands; times in seconds since it began. */
export interface RunView {
  /** Of the last event. */
  readonly time: number
  readonly elapsed: number
  readonly trials: Readonly<Record<'started' | TrialState, number>>
  readonly running: readonly RunningView[]
  readonly reports: number
  readonly reportsPerMinute?: number
  readonly rungs: readonly RungView[]
  /** By objective, where one has a finite value. */
  readonly incumbents: readonly IncumbentView[]
  /** With several objectives. */
  readonly front?: FrontView
  readonly limits: readonly LimitView[]
  /** Of a run whose trials are training jobs: US dollars so far, NaN where a price is not known; and jobs that have not ended. */
  readonly spent?: { readonly usd: number; readonly jobs: number }
  /** Until the first limit, at the rate so far. */
  readonly secondsLeft?: number
  /** Programs started again, and reports that did not count. */
  readonly restarts: number
  readonly ignored: number
  /** The latest, oldest first. */
  readonly happenings: readonly Happening[]
  /** The latest of trials that failed or whose program was started again, oldest first. */
  readonly troubles: readonly Happening[]
}

type TrialState = 'running' | 'paused' | 'completed' | 'stopped' | 'diverged' | 'failed'

interface Trial {
  state: TrialState
  level: number
  value: number
  began: number
  /** Forgotten when the trial has ended: an incumbent holds its own. */
  config: Config
}

/** So many happenings, and of those so many troubles, are remembered. */
const REMEMBERED = 50
const TROUBLES = 3

export class LiveRun {
  readonly setup: LiveSetup
  /** Is told of jobs by whoever reads the journal. */
  readonly jobs = new LiveJobs()
  readonly #rungs: LiveRungs
  readonly #front: LiveFront | undefined
  readonly #rate = new ReportRate()
  readonly #trials = new Map<TrialId, Trial>()
  readonly #running = new Set<TrialId>()
  readonly #counts = { started: 0, running: 0, paused: 0, completed: 0, stopped: 0, diverged: 0, failed: 0 }
  readonly #incumbents: (IncumbentView | undefined)[] = []
  readonly #losses: number[] = []
  readonly #happenings: Happening[] = []
  readonly #troubles: Happening[] = []
  #time = 0
  #reports = 0
  #restarts = 0
  #ignored = 0
  #busySeconds = 0

  constructor(setup: LiveSetup) {
    this.setup = setup
    this.#rungs = new LiveRungs(setup.rungs, setup.maxResource)
    if (setup.objectives.length > 1) this.#front = new LiveFront(setup.objectives, setup.ranges, setup.maxResource)
    this.#losses = setup.objectives.map(() => Infinity)
  }

  /** Follows one event. @returns what a person wants to know of it, in its order */
  take(event: RunEvent): readonly Happening[] {
    this.#busySeconds += Math.max(0, event.time - this.#time) * this.#counts.running
    this.#time = Math.max(this.#time, event.time)
    const happened = this.#happened(event)
    this.#happenings.push(...happened)
    for (const one of happened) if (one.kind === 'failed' || one.kind === 'restarted') this.#troubles.push(one)
    if (this.#troubles.length > TROUBLES) this.#troubles.shift()
    if (this.#happenings.length > 2 * REMEMBERED) this.#happenings.splice(0, this.#happenings.length - REMEMBERED)
    return happened
  }

  /** Where the run stands. @param elapsed seconds since it began, now; default the time of the last event */
  view(elapsed = this.#time): RunView {
    const { stop, pricePerHour } = this.setup
    const { completed, stopped, diverged, failed, started } = this.#counts
    const now = Math.max(elapsed, this.#time)
    const busySeconds = this.#busySeconds + (now - this.#time) * this.#counts.running
    const rate = this.#rate.perSecond(now)
    const spent = this.jobs.any ? { usd: this.jobs.usd(now), jobs: this.jobs.open } : undefined
    const byHour = pricePerHour === undefined ? undefined : (busySeconds / 3600) * pricePerHour
    const used: Used = {
      elapsed: now,
      trials: started,
      evaluations: completed + stopped + diverged + failed,
      reports: this.#reports,
      cost: spent === undefined ? byHour : Number.isNaN(spent.usd) ? undefined : spent.usd,
      rate,
    }
    const limits = limitViews(stop, used)
    const left = secondsLeft(limits, used)
    return {
      time: this.#time,
      elapsed: now,
      trials: { ...this.#counts },
      running: Array.from(this.#running, (trial) => {
        const { level, value, began } = this.#trials.get(trial)!
        return { trial, level, value, seconds: now - began }
      }),
      reports: this.#reports,
      ...(rate !== undefined && { reportsPerMinute: rate * 60 }),
      rungs: this.#rungs.view(),
      incumbents: this.#incumbents.filter((one) => one !== undefined),
      ...(this.#front !== undefined && { front: this.#front.view() }),
      limits,
      ...(spent !== undefined && { spent }),
      ...(left !== undefined && { secondsLeft: left }),
      restarts: this.#restarts,
      ignored: this.#ignored,
      happenings: this.#happenings.slice(-REMEMBERED),
      troubles: [...this.#troubles],
    }
  }

  #happened(event: RunEvent): readonly Happening[] {
    const { time, trial } = event
    switch (event.event) {
      case 'start': {
        const { config, copy } = event
        if (!this.#trials.has(trial)) this.#counts.started++
        this.#begin(trial, time, { config, level: copy?.resource ?? 0 })
        return [{ kind: 'started', time, trial, config }]
      }
      case 'resume': {
        const { from } = event
        if (this.#trials.get(trial)?.state === 'paused') this.#rungs.leave(this.#trials.get(trial)!.level, 'passed')
        this.#begin(trial, time)
        return [{ kind: 'resumed', time, trial, level: from }]
      }
      case 'restart':
        this.#restarts++
        return [{ kind: 'restarted', time, trial, level: event.from, reason: event.reason }]
      case 'report':
        return this.#report(event)
      case 'end': {
        const { level, value, state } = this.#trial(trial)
        if (state === 'paused') this.#rungs.leave(level, 'ended')
        this.#become(trial, event.state)
        if (event.state === 'failed') return [{ kind: 'failed', time, trial, level, reason: event.reason }]
        return [{ kind: event.state, time, trial, level, value }]
      }
      case 'ignored':
        this.#ignored++
        return []
      default:
        return []
    }
  }

  #report(event: Extract<RunEvent, { event: 'report' }>): readonly Happening[] {
    const { time, trial, resource: level, decision, values } = event
    const { objectives, maxResource } = this.setup
    const valueOf = (metric: string): number => values[this.setup.values.indexOf(metric)] ?? Number.NaN
    const state = this.#trial(trial)
    const from = state.level
    const value = valueOf(objectives[0]!.metric)
    state.level = level
    state.value = value
    this.#reports++
    this.#rate.add(time)
    this.#front?.report(trial, level, valueOf)
    const happened: Happening[] = []
    const losses = objectives.map((objective, j) => {
      const { metric, report, goal, accumulates } = objective
      const loss = toLoss(comparable(valueOf(metric), level, accumulates, maxResource), goal)
      if (loss < this.#losses[j]!) {
        this.#losses[j] = loss
        const found = { metric, value: valueOf(metric), report, reported: valueOf(report), trial, level, time }
        this.#incumbents[j] = { ...found, config: state.config }
        happened.push({ kind: 'incumbent', ...found })
      }
      return loss
    })
    const passes = this.#rungs.report(trial, from, level, decision, losses[0]!, value)
    if (decision === 'continue') {
      if (passes) happened.push({ kind: 'passed', time, trial, level, value })
      return happened
    }
    const diverged = decision === 'stop' && losses.includes(Infinity)
    const kind = decision === 'pause' ? 'paused' : diverged ? 'diverged' : 'stopped'
    this.#become(trial, kind)
    happened.push({ kind, time, trial, level, value })
    return happened
  }

  /** A trial, also one whose start nobody wrote. */
  #trial(trial: TrialId): Trial {
    if (!this.#trials.has(trial)) {
      this.#counts.started++
      this.#begin(trial, this.#time)
    }
    return this.#trials.get(trial)!
  }

  #begin(trial: TrialId, time: number, { config, level }: { config?: Config; level?: number } = {}): void {
    const before = this.#trials.get(trial)
    if (before !== undefined) this.#counts[before.state]--
    this.#trials.set(trial, {
      state: 'running',
      level: level ?? before?.level ?? 0,
      value: before?.value ?? Number.NaN,
      began: time,
      config: config ?? before?.config ?? {},
    })
    this.#counts.running++
    this.#running.add(trial)
  }

  #become(trial: TrialId, state: TrialState): void {
    const one = this.#trial(trial)
    this.#counts[one.state]--
    this.#counts[state]++
    one.state = state
    this.#running.delete(trial)
    if (state !== 'paused') one.config = {}
  }
}

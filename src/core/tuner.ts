/**
 * The tuner: a synchronous state machine between a scheduler and a backend. It takes one event, records what it means,
 * and tells the backend what to do next. The same tuner runs on virtual and on real time (`drive.ts`).
 */
import type { BackendCommands, BackendEvent } from './backend.js'
import { BenchError } from './errors.js'
import { type Objective, allFinite } from './objective.js'
import type { Recorder } from './recorder.js'
import { ReportView } from './report-view.js'
import { checkDecision, checkJob, checkWait } from './scheduler-answers.js'
import type { Decision, Job, Scheduler } from './scheduler.js'
import type { Searcher } from './searcher.js'
import type { StopRule } from './stop-rule.js'
import { TrialLedger } from './trial-ledger.js'
import type { EndState, TrialId } from './trial.js'
import { WorkerMeter } from './worker-meter.js'

/** Why a run ended. `exhausted`: nothing was left to run; the others name the limit of the stop rule that was reached. */
export type StopReason = 'exhausted' | 'seconds' | 'cost' | 'trials' | 'evaluations' | 'reports' | 'target'

/** Everything a run is made of. */
export interface TunerSetup {
  readonly scheduler: Scheduler
  readonly searcher: Searcher
  readonly backend: BackendCommands
  readonly recorder: Recorder
  /** The scheduler sees their metrics: the first numbers of every report. */
  readonly objectives: readonly Objective[]
  /** The resource level at which a trial is complete. */
  readonly maxResource: number
  /** Limits of the run; full evaluations must be resolved to seconds. */
  readonly stop: Omit<StopRule, 'fullEvaluations'>
  /** US dollars per worker and hour; needed for a limit on cost where the backend knows no prices of trials. */
  readonly pricePerHour?: number
  /** What becomes of a trial that reports a value of an objective that is not a finite number. Default `stop`. */
  readonly diverged?: 'stop' | 'continue'
  /** After more failed trials than this the run is given up. Default: any number may fail. */
  readonly maxFailures?: number
}

export class Tuner {
  /** Set when the run is over. */
  reason: StopReason | undefined
  /** Reports delivered. */
  reports = 0
  failures = 0

  readonly #scheduler: Scheduler
  readonly #searcher: Searcher
  readonly #backend: BackendCommands
  readonly #recorder: Recorder
  readonly #view: ReportView
  readonly #maxResource: number
  readonly #stopDiverged: boolean
  readonly #maxFailures: number
  readonly #maxTrials: number
  readonly #maxEnded: number
  readonly #maxReports: number
  readonly #target: { readonly index: number; readonly goal: 'min' | 'max'; readonly value: number } | undefined
  readonly #meter: WorkerMeter
  readonly #ledger: TrialLedger
  #exhausted = false

  constructor(setup: TunerSetup) {
    const { stop } = setup
    this.#scheduler = setup.scheduler
    this.#searcher = setup.searcher
    this.#backend = setup.backend
    this.#recorder = setup.recorder
    this.#view = new ReportView(setup.objectives, setup.maxResource)
    this.#maxResource = setup.maxResource
    this.#ledger = new TrialLedger(setup.maxResource)
    this.#stopDiverged = setup.diverged !== 'continue'
    this.#maxFailures = setup.maxFailures ?? Infinity
    this.#maxTrials = stop.trials ?? Infinity
    this.#maxEnded = stop.evaluations ?? Infinity
    this.#maxReports = stop.reports ?? Infinity
    this.#meter = new WorkerMeter(setup.backend, stop, setup.pricePerHour)
    if (stop.target !== undefined) {
      const { metric, value } = stop.target
      const index = setup.objectives.findIndex((objective) => objective.metric === metric)
      if (index < 0)
        throw new BenchError(`the target's metric ${JSON.stringify(metric)} is not an objective of the experiment`)
      this.#target = { index, goal: setup.objectives[index]!.goal, value }
    }
  }

  /** Trials started. */
  get trials(): number {
    return this.#ledger.started
  }

  /** Trials ended: completed, stopped, diverged or failed. */
  get ended(): number {
    return this.#ledger.ended
  }

  /** How many trials are running. */
  get running(): number {
    return this.#ledger.running
  }

  /** Time of the last event handled. */
  get time(): number {
    return this.#meter.time
  }

  /** No event later than this may be handled, in seconds; it moves when the limit is on cost. */
  get deadline(): number {
    return this.#meter.deadline
  }

  /** Which limit `deadline` stands for. */
  get deadlineBecause(): StopReason {
    return this.#meter.deadlineBecause
  }

  /** Worker seconds used up to `time`. */
  get busySeconds(): number {
    return this.#meter.busySeconds
  }

  /** What they cost up to `time`, in US dollars; NaN where no price is known. */
  get usd(): number {
    return this.#meter.usd
  }

  /** Fills the workers for the first time. */
  begin(): void {
    this.#fill()
  }

  /** Handles one event and tells the backend what follows from it. */
  handle(event: BackendEvent): void {
    this.#meter.advance(event.time)
    switch (event.kind) {
      case 'report':
        this.#report(event)
        break
      case 'end':
        this.#end(event)
        break
      case 'ignored':
        this.#recorder.ignored(event.time, event.trial, event.attempt, event.resource, event.reason)
        break
      case 'restart':
        this.#recorder.restart?.(event.time, event.trial, event.attempt, event.resource, event.reason)
        break
      case 'released':
        this.#recorder.released?.(event.time, event.trial, event.attempt)
        break
    }
    if (this.reason === undefined) this.#fill()
  }

  /** Ends the run at a time that no event has: the deadline was reached, or nothing runs any more. */
  finish(time: number, reason: StopReason): void {
    this.#meter.advance(time)
    this.reason ??= reason
  }

  /** Looks again what was spent. @returns whether that moves a deadline on cost that has come */
  recount(time: number): boolean {
    if (this.#meter.deadlineBecause !== 'cost') return false
    this.#meter.advance(time)
    this.#meter.read()
    return this.#meter.deadline > time + 1
  }

  /** Why the run ends when nothing runs any more. */
  get closedBecause(): StopReason {
    return this.trials >= this.#maxTrials ? 'trials' : 'exhausted'
  }

  #report(event: BackendEvent): void {
    const { trial } = event
    if (!this.#ledger.isRunning(trial, event.attempt)) return
    this.#view.read(event.values, event.resource)
    const { reported, seen } = this.#view
    const complete = event.resource >= this.#maxResource
    this.#ledger.report(trial, event.resource)
    this.reports++
    let decision = this.#scheduler.onReport(trial, event.resource, seen)
    this.#searcher.onReport?.(trial, event.resource, seen)
    checkDecision(decision, trial)
    if (complete) decision = 'continue'
    const diverged = this.#stopDiverged && !complete && decision !== 'stop' && !allFinite(reported)
    this.#recorder.report(event.time, trial, event.attempt, event.resource, event.values, diverged ? 'stop' : decision)
    if (diverged) {
      if (decision === 'continue') this.#scheduler.onEnd(trial, 'diverged')
      this.#halt(trial, 'stop', 'diverged')
    } else if (decision === 'stop') this.#halt(trial, 'stop', 'stopped')
    else if (decision === 'pause') this.#halt(trial, 'pause', 'paused')
    if (this.reports >= this.#maxReports) this.reason = 'reports'
    if (this.#target !== undefined && this.#targetReached(reported)) this.reason = 'target'
  }

  #targetReached(values: Float64Array): boolean {
    const { index, goal, value } = this.#target!
    return goal === 'min' ? values[index]! <= value : values[index]! >= value
  }

  #halt(trial: TrialId, how: Exclude<Decision, 'continue'>, state: 'diverged' | 'stopped' | 'paused'): void {
    this.#backend.halt(trial, how)
    this.#searcher.onEnd?.(trial, state)
    if (how === 'pause') this.#ledger.pause(trial)
    else this.#close(trial)
  }

  #end(event: BackendEvent): void {
    const { trial } = event
    if (!this.#ledger.isRunning(trial, event.attempt)) return
    const state: EndState = event.state
    this.#recorder.end(event.time, trial, event.attempt, state, event.reason)
    this.#scheduler.onEnd(trial, state)
    this.#searcher.onEnd?.(trial, state)
    this.#close(trial)
    if (state === 'failed' && ++this.failures > this.#maxFailures)
      throw new BenchError(
        `${this.failures} trials failed, more than the ${this.#maxFailures} allowed; the last: ${event.reason}`,
        {
          exitCode: 1,
        },
      )
  }

  #close(trial: TrialId): void {
    this.#ledger.end(trial)
    if (this.ended >= this.#maxEnded) this.reason = 'evaluations'
  }

  #fill(): void {
    while (this.#backend.idle > 0 && !this.#exhausted) {
      const job = this.#scheduler.next(this.trials)
      if (job === 'wait') {
        checkWait(this.#backend.busy)
        break
      }
      if (job === 'exhausted') this.#exhausted = true
      else this.#begin(job)
    }
    this.#meter.read()
  }

  #begin(job: Exclude<Job, string>): void {
    checkJob(job)
    const ledger = this.#ledger
    const until = job.until ?? this.#maxResource
    if (job.kind === 'start') {
      const { config, copy } = job
      const trial = ledger.start(config, copy)
      this.#recorder.start(this.time, trial, config, copy)
      this.#searcher.onStart?.(trial, config, until)
      this.#backend.start(trial, 0, config, ledger.reached(trial), until, copy?.trial)
      return
    }
    const { trial } = job
    const attempt = ledger.resume(trial)
    const from = ledger.reached(trial)
    this.#recorder.resume(this.time, trial, attempt, from)
    this.#searcher.onResume?.(trial, until)
    this.#backend.start(trial, attempt, ledger.config(trial), from, until)
  }
}

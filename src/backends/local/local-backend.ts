/** Trials as processes on this machine. */
import { join, resolve } from 'node:path'
import type { BackendEvent, RealTimeBackend } from '../../core/backend.js'
import { BenchError } from '../../core/errors.js'
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import { Attempts } from '../real-time/attempts.js'
import type { Attempt } from './attempt.js'
import { restSeconds } from '../real-time/back-off.js'
import { Checkpoints } from './checkpoints/checkpoints.js'
import type { ChildExit } from './child.js'
import { GoingBack } from './going-back.js'
import { type LateReport, LateReports } from '../real-time/late-reports.js'
import { LostLevels, type Reporter } from '../real-time/lost-levels.js'
import { type LocalBackendOptions, checkOptions } from './options.js'
import { Processes } from './processes.js'
import { programCommand } from './program.js'
import { readReport, repetition } from '../real-time/reading.js'
import type { Report } from '../real-time/report-line.js'
import { silentEnd } from '../real-time/silent-end.js'

/**
 * Runs trials as child processes, each a process group of its own. A worker is busy until no process of its trial runs
 * any more. Reports are delivered in the order and at the time of their arrival.
 */
export class LocalBackend implements RealTimeBackend {
  readonly #options: LocalBackendOptions
  readonly #directory: string
  /** All that hold a worker, in the order of their start; the last of a trial is the one that runs. */
  readonly #attempts: Attempts<Attempt>
  readonly #processes: Processes
  /** Both undefined where trials keep no checkpoints. */
  readonly #checkpoints: Checkpoints | undefined
  readonly #goingBack: GoingBack | undefined
  readonly #late = new LateReports()
  readonly #lost: LostLevels
  #allGone: (() => void) | undefined

  /** @throws BenchError for a bad option */
  constructor(options: LocalBackendOptions) {
    checkOptions(options)
    this.#options = options
    this.#directory = resolve(options.directory)
    this.#attempts = new Attempts(options)
    this.#lost = new LostLevels(options.interrupted)
    const onWarning = (trial: TrialId, text: string): void => this.#warn(trial, text)
    const directoryOf = (trial: TrialId): string => this.directoryOf(trial)
    this.#processes = new Processes(options, {
      now: () => this.now(),
      directoryOf,
      onReport: (state, report) => this.#onReport(state, report),
      onGone: (state, exit) => this.#onGone(state, exit),
      onWarning,
    })
    if (!options.checkpoints) return
    this.#checkpoints = new Checkpoints(directoryOf, onWarning)
    this.#goingBack = new GoingBack(this.#checkpoints, options, {
      launch: (state) => this.#processes.launch(state),
      emit: (state, event) => this.#emit(state, event),
      onHalted: (state) => {
        this.#emit(state, { kind: 'released' })
        this.#launchNext(state)
      },
      onIdle: () => this.#tellIfAllGone(),
      onWarning,
    })
  }

  get workers(): number {
    return this.#attempts.workers
  }

  get busy(): number {
    return this.#attempts.busy
  }

  get idle(): number {
    return this.#attempts.idle
  }

  now(): number {
    return this.#attempts.now()
  }

  /** The folder of a trial: logs, configuration, checkpoints. */
  directoryOf(trial: TrialId): string {
    return join(this.#directory, String(trial))
  }

  /** The worker (0..workers-1) that the next trial gets. */
  get nextWorker(): number {
    const taken = new Set(Array.from(this.#attempts, (state) => state.worker))
    let worker = 0
    while (taken.has(worker)) worker++
    return worker
  }

  start(trial: TrialId, attempt: number, config: Config, from: number, _until: number, source?: TrialId): void {
    if (source !== undefined && this.#checkpoints === undefined)
      throw new BenchError("the scheduler starts a trial from a copy of another's checkpoint, but trials keep none")
    const last = this.#attempts.latest(trial)
    if (last !== undefined && !last.halted) throw new Error(`trial ${trial} was started while it runs`)
    const seed = this.#options.seedOf?.(trial, config)
    const checkpointDirectory = this.#checkpoints?.folderOf(trial)
    const command = programCommand(this.#options.program, { config, seed, checkpointDirectory })
    const state: Attempt = {
      trial,
      number: attempt,
      worker: this.nextWorker,
      launch: () => {
        if (source === undefined) this.#processes.launch(state)
        else void this.#goingBack!.fromCopy(state, source)
      },
      command,
      document: { config, seed, command },
      child: undefined,
      timer: undefined,
      restarts: 0,
      retried: this.#retriedBefore(trial, attempt),
      place: undefined,
      begun: 0,
      level: from,
      repeated: this.#options.checkpoints ? from - 1 : Infinity,
      halted: false,
      stopped: false,
      fault: '',
      said: false,
      below: Infinity,
      continues: attempt > 0 || this.#options.interrupted?.trials.has(trial) === true,
      copied: source !== undefined,
      jumped: false,
      restoring: false,
    }
    this.#attempts.add(state)
    const holds = (other: Attempt): boolean => other.child !== undefined || other.restoring
    if (!Array.from(this.#attempts).some((other) => other.trial === trial && holds(other))) state.launch!()
  }

  halt(trial: TrialId, how: 'pause' | 'stop'): void {
    const state = this.#attempts.latest(trial)
    if (state === undefined || state.halted) return
    state.halted = true
    clearTimeout(state.timer)
    state.stopped = how === 'stop'
    const withdrawn = this.#attempts.withdraw(state)
    const ended = withdrawn.some(({ kind }) => kind === 'end')
    for (const event of withdrawn) if (event.kind === 'report') this.#keepLate(state, event)
    if (ended || state.launch !== undefined) this.#emit(state, { kind: 'released' })
    else state.child?.end()
    state.launch = undefined
  }

  next(deadline: number): Promise<BackendEvent | undefined> {
    return this.#attempts.next(deadline)
  }

  close(): Promise<void> {
    return this.#attempts.close(() => this.#endAll())
  }

  async #endAll(): Promise<void> {
    const gone = new Promise<void>((done) => {
      this.#allGone = done
    })
    for (const state of this.#attempts) {
      state.halted = true
      state.launch = undefined
      clearTimeout(state.timer)
      state.child?.end()
    }
    if (this.#held > 0) await gone
    await this.#checkpoints?.settled()
  }

  #onReport(state: Attempt, report: Report): void {
    if (state.halted) {
      const late = readReport(report, this.#options, state.level)
      if (late.kind === 'report' && state.fault === '' && !state.jumped) this.#keepLate(state, late)
      return
    }
    if (state.fault !== '' || state.jumped) return
    state.said = true
    this.#options.onReport?.(state.trial, state.number, report, this.now() - state.begun)
    const repeated = repetition(report, this.#options, state.repeated, state.level)
    if (repeated !== undefined) {
      state.repeated = repeated
      return
    }
    const reading = readReport(report, this.#options, state.level)
    if (reading.kind === 'fault') {
      state.fault = reading.reason
      state.child?.end()
      return
    }
    if (reading.kind === 'report') {
      this.#emitLate(state, reading.resource)
      if (this.#checkpoints !== undefined && this.#lost.before(reading.resource, reporterOf(state))) {
        state.jumped = true
        state.child?.end()
        return
      }
      state.level = reading.resource
      state.repeated = Infinity
      if (state.level < this.#options.maxResource) this.#checkpoints?.keep(state.trial, state.level)
    }
    this.#emit(state, reading)
  }

  /** A paused trial goes on behind what its program has saved: what it reported up to there is not lost. */
  #keepLate(state: Attempt, report: LateReport): void {
    if (state.stopped || this.#checkpoints === undefined || this.#attempts.closing) return
    state.level = report.resource
    this.#late.keep(state.trial, report)
  }

  /** A program goes on at a level, or has nothing left to do: its checkpoint holds what came before. */
  #emitLate(state: Attempt, before: number): void {
    for (const late of this.#late.take(state.trial, state.level, before)) {
      state.level = late.resource
      this.#emit(state, { kind: 'report', ...late })
    }
  }

  #onGone(state: Attempt, exit: ChildExit): void {
    if (state.halted) this.#emit(state, { kind: 'released' })
    else if (state.fault !== '') this.#emit(state, { kind: 'end', state: 'failed', reason: state.fault })
    else if (state.jumped) void this.#goingBack!.trainAgain(state)
    else if (this.#mayRetry(state, exit)) this.#retry(state, exit.reason)
    else if (!exit.ok && !state.said && state.level > 0 && state.below > 0 && this.#checkpoints !== undefined)
      void this.#goingBack!.passOverTorn(state, exit.reason)
    else {
      if (exit.ok) this.#emitLate(state, Infinity)
      const { maxResource } = this.#options
      if (exit.ok && this.#checkpoints !== undefined && this.#lost.atEnd(maxResource, reporterOf(state)))
        void this.#goingBack!.trainAgain(state)
      else {
        const reason = exit.ok ? silentEnd(state.level, this.#options) : exit.reason
        this.#emit(state, { kind: 'end', state: reason === '' ? 'completed' : 'failed', reason })
      }
    }
    if (!state.restoring) this.#launchNext(state)
    this.#tellIfAllGone()
  }

  /** How many trials hold their folder: a process runs in it, or work on its checkpoint goes on. */
  get #held(): number {
    return this.#processes.running + (this.#goingBack?.working ?? 0)
  }

  #tellIfAllGone(): void {
    if (this.#held === 0) this.#allGone?.()
  }

  /** The attempt has no process any more: the next one of its trial may have been waiting for that. */
  #launchNext(state: Attempt): void {
    for (const other of this.#attempts) if (other.trial === state.trial && other !== state) other.launch?.()
  }

  /** A program that crashed may do better next time, but not one that cannot be started or has nothing left to report. */
  #mayRetry({ retried, level }: Attempt, { ok, started }: ChildExit): boolean {
    return !ok && started && retried < (this.#options.retries ?? 0) && level < this.#options.maxResource
  }

  /** Retries of an attempt that was running when the run was interrupted count. */
  #retriedBefore(trial: TrialId, attempt: number): number {
    const before = this.#options.interrupted?.retried.get(trial)
    return before?.attempt === attempt ? before.times : 0
  }

  /** Starts the program of a crashed attempt again after a rest. The worker stays its own. */
  #retry(state: Attempt, reason: string): void {
    state.continues = true
    state.launch = () => {
      state.restarts++
      // Without a checkpoint it reports everything again.
      state.repeated = 0
      this.#emit(state, { kind: 'restart', reason })
      this.#processes.launch(state)
    }
    state.timer = setTimeout(() => state.launch?.(), restSeconds(state.retried++, this.#options.retryRest) * 1000)
  }

  #emit(state: Attempt, event: Partial<BackendEvent>): void {
    if (event.kind === 'end' || state.stopped) this.#checkpoints?.drop(state.trial)
    this.#attempts.emit(state, event)
  }

  #warn(trial: TrialId, text: string): void {
    const line = `trial ${trial}: ${text}`
    if (this.#options.onWarning === undefined) process.emitWarning(line)
    else this.#options.onWarning(line)
  }
}

function reporterOf({ level, continues, copied, repeated, below }: Attempt): Reporter {
  const whole = below === 0 || (level === 0 && !continues && !copied)
  return { level, continues, progressed: repeated === Infinity, whole }
}

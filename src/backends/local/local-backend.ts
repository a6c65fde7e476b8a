/** Trials as processes on this machine. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BackendEvent, RealTimeBackend } from '../../core/backend.js'
import { BenchError, messageOf } from '../../core/errors.js'
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import { Attempts } from '../real-time/attempts.js'
import type { Attempt } from './attempt.js'
import { restSeconds } from '../real-time/back-off.js'
import { Checkpoints } from './checkpoints/checkpoints.js'
import { Child, type ChildExit } from './child.js'
import { type LateReport, LateReports } from '../real-time/late-reports.js'
import { LostLevels, type Reporter } from './lost-levels.js'
import { type LocalBackendOptions, checkOptions } from './options.js'
import { programCommand } from './program.js'
import { readReport, repetition } from '../real-time/reading.js'
import type { Report } from '../real-time/report-line.js'
import { attemptEnvironment } from './resources/attempt-environment.js'
import { Places } from './resources/places.js'
import { PeakMemory } from './resources/process-memory.js'

/** The folder in a trial's folder that its program runs in, where trials have working directories of their own. */
const WORK = 'work'

/**
 * Runs trials as child processes, each a process group of its own. A worker is busy until no process of its trial runs
 * any more. Reports are delivered in the order and at the time of their arrival.
 */
export class LocalBackend implements RealTimeBackend {
  readonly #options: LocalBackendOptions
  readonly #directory: string
  /** All that hold a worker, in the order of their start; the last of a trial is the one that runs. */
  readonly #attempts: Attempts<Attempt>
  readonly #places: Places
  readonly #memory = new PeakMemory()
  /** Seconds that processes of a trial ran, those that still run left out. */
  readonly #ran: Map<TrialId, number>
  readonly #checkpoints: Checkpoints | undefined
  readonly #late = new LateReports()
  readonly #lost: LostLevels
  #running = 0
  #allGone: (() => void) | undefined

  /** @throws BenchError for a bad option */
  constructor(options: LocalBackendOptions) {
    checkOptions(options)
    this.#options = options
    this.#directory = resolve(options.directory)
    this.#places = new Places(options.resources)
    this.#ran = new Map(options.ran)
    this.#attempts = new Attempts(options)
    this.#lost = new LostLevels(options.interrupted)
    if (options.checkpoints)
      this.#checkpoints = new Checkpoints(
        (trial) => this.directoryOf(trial),
        (trial, text) => this.#warn(trial, text),
      )
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
        if (source === undefined) this.#launch(state)
        else void this.#copyFirst(state, source)
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
    if (this.#running > 0) await gone
    await this.#checkpoints?.settled()
  }

  /** Starts a trial from a copy of another's checkpoint. */
  async #copyFirst(state: Attempt, source: TrialId): Promise<void> {
    const { trial, level } = state
    const cloned = await this.#meanwhile(state, async () => {
      const copy = await this.#checkpoints!.clone(source, level, trial)
      if (copy === undefined || copy.before === true) return copy
      // What it began from is one of its own copies, too.
      this.#checkpoints!.keep(trial, copy.level ?? level)
      await this.#checkpoints!.settled(trial)
      return copy
    })
    if (state.halted) return
    if (cloned === undefined)
      this.#warn(trial, `trial ${source} has no checkpoint that it could start from, so it starts over`)
    if (cloned?.before !== true) this.#options.onCopied?.(trial, source, cloned === undefined ? 0 : cloned.level)
    this.#launch(state)
  }

  /**
   * The process of a trial that goes on failed before it reported anything: its checkpoint may be torn, so it is started
   * again from the one before, and in the end from nothing.
   */
  async #passOverTorn(state: Attempt, exit: ChildExit): Promise<void> {
    const level = await this.#fallBack(state, state.below)
    if (state.halted) return
    if (level === undefined) {
      this.#emit(state, { kind: 'end', state: 'failed', reason: exit.reason })
      return
    }
    const from = level === 0 ? 'nothing' : `its checkpoint of level ${level}`
    this.#warn(state.trial, `could not go on from its checkpoint (${exit.reason}), so it starts again from ${from}`)
    this.#startAgain(state, `${exit.reason}; again from ${from}`)
  }

  /**
   * Levels were trained that nobody read, see {@link LostLevels}: the trial goes on from the copy of before them, and in the
   * end from nothing.
   */
  async #trainAgain(state: Attempt): Promise<void> {
    const level = await this.#fallBack(state, Math.min(state.below, state.level + 1))
    if (state.halted) return
    const from = level === undefined || level === 0 ? 'nothing' : `its checkpoint of level ${level}`
    const what = `${this.#options.resource} ${state.level + 1} was trained before, but its report was lost`
    this.#startAgain(state, `${what}; again from ${from}`)
  }

  /** Puts the newest intact copy of before a level in the place of the trial's checkpoint; see `Checkpoints.restore`. */
  async #fallBack(state: Attempt, below: number): Promise<number | undefined> {
    const level = await this.#meanwhile(state, () => this.#checkpoints!.restore(state.trial, below))
    state.below = level ?? 0
    state.jumped = false
    return level
  }

  #startAgain(state: Attempt, reason: string): void {
    state.repeated = 0
    state.restarts++
    this.#emit(state, { kind: 'restart', reason })
    this.#launch(state)
  }

  /**
   * Does something to the folder of an attempt's trial while it has no process; if it is halted meanwhile, its worker is
   * released after that, and the next attempt of the trial begins.
   */
  async #meanwhile<T>(state: Attempt, work: () => Promise<T>): Promise<T | undefined> {
    state.launch = undefined
    state.restoring = true
    this.#running++
    let result: T | undefined
    try {
      result = await work()
    } catch (error) {
      this.#warn(state.trial, `its checkpoint could not be copied: ${messageOf(error)}`)
    }
    state.restoring = false
    this.#running--
    if (state.halted) {
      this.#emit(state, { kind: 'released' })
      this.#launchNext(state)
    }
    if (this.#running === 0) this.#allGone?.()
    return result
  }

  #launch(state: Attempt): void {
    const { command, document } = state
    state.launch = undefined
    state.said = false
    state.begun = this.now()
    const { program, checkpoints, graceSeconds, logLimit, resources } = this.#options
    const { trial, number, worker } = state
    const place = (state.place = this.#places.take())
    const directory = this.directoryOf(state.trial)
    try {
      mkdirSync(checkpoints ? join(directory, 'checkpoints') : directory, { recursive: true })
      if (program.ownDirectory === true) mkdirSync(join(directory, WORK), { recursive: true })
      writeFileSync(join(directory, 'config.json'), `${JSON.stringify(document, null, 2)}\n`)
    } catch (error) {
      this.#warn(state.trial, `its folder ${directory} could not be written: ${messageOf(error)}`)
    }
    const workingDirectory = program.ownDirectory === true ? join(directory, WORK) : program.workingDirectory
    this.#running++
    state.child = new Child({
      command,
      logDirectory: directory,
      workingDirectory,
      env: attemptEnvironment(
        { trial, attempt: number, restarts: state.restarts, level: state.level, worker, directory, gpus: place.gpus },
        program.env ?? {},
        resources,
      ),
      graceSeconds,
      logLimit,
      onReport: (report) => this.#onReport(state, report),
      onData: (description) => this.#options.onData?.(state.trial, description),
      onGone: (exit) => this.#onGone(state, exit),
      onWarning: (text) => this.#warn(state.trial, text),
    })
    if (state.child.group !== undefined) this.#memory.watch(state.child.group)
    this.#limitTime(state)
  }

  /** Ends a process when the time of its trial is up. */
  #limitTime(state: Attempt): void {
    const { timeLimit } = this.#options
    if (timeLimit === undefined) return
    const left = timeLimit - (this.#ran.get(state.trial) ?? 0) - (this.now() - state.begun)
    if (left > 0) {
      // Node's timers hold 31 bits of milliseconds, and may be a little early.
      state.timer = setTimeout(() => this.#limitTime(state), Math.min(Math.ceil(left * 1000), 0x7fff_ffff))
      return
    }
    // A program that has ended ran no longer, whoever holds its output.
    if (state.fault !== '' || state.child?.exited === true) return
    state.fault = `ran longer than ${timeLimit} s`
    state.child?.end()
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
    this.#running--
    const unreadable = state.child?.unreadable ?? 0
    this.#leave(state, exit)
    if (unreadable > 0) this.#warn(state.trial, `${unreadable} report lines could not be read`)
    if (state.halted) this.#emit(state, { kind: 'released' })
    else if (state.fault !== '') this.#emit(state, { kind: 'end', state: 'failed', reason: state.fault })
    else if (state.jumped) void this.#trainAgain(state)
    else if (this.#mayRetry(state, exit)) this.#retry(state, exit.reason)
    else if (!exit.ok && !state.said && state.level > 0 && state.below > 0 && this.#checkpoints !== undefined)
      void this.#passOverTorn(state, exit)
    else {
      if (exit.ok) this.#emitLate(state, Infinity)
      const { maxResource } = this.#options
      if (exit.ok && this.#checkpoints !== undefined && this.#lost.atEnd(maxResource, reporterOf(state)))
        void this.#trainAgain(state)
      else this.#emit(state, { kind: 'end', state: exit.ok ? 'completed' : 'failed', reason: exit.reason })
    }
    if (!state.restoring) this.#launchNext(state)
    if (this.#running === 0) this.#allGone?.()
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
      this.#launch(state)
    }
    state.timer = setTimeout(() => state.launch?.(), restSeconds(state.retried++, this.#options.retryRest) * 1000)
  }

  /** The process of an attempt has ended: its place is free, and what is known of it is told. */
  #leave(state: Attempt, exit: ChildExit): void {
    const { trial, number, restarts, worker, begun, place, child } = state
    const ended = this.now()
    clearTimeout(state.timer)
    state.child = undefined
    this.#ran.set(trial, (this.#ran.get(trial) ?? 0) + ended - begun)
    const peakMemoryMiB = child?.group === undefined ? undefined : this.#memory.take(child.group)
    this.#places.release(place!)
    this.#options.onProcess?.({
      trial,
      attempt: number,
      restarts,
      worker,
      begun,
      ended,
      gpus: place!.gpus.map(({ id }) => id),
      shared: place!.shared,
      peakMemoryMiB,
      exit: exit.ok ? 'exit code 0' : exit.reason,
    })
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

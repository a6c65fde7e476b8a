/** The processes that run the programs of attempts: started on a place of this machine, ended when their time is up, recorded. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import type { TrialId } from '../../core/trial.js'
import type { Report } from '../real-time/report-line.js'
import type { Attempt } from './attempt.js'
import { Child, type ChildExit } from './child.js'
import type { LocalBackendOptions } from './options.js'
import { attemptEnvironment } from './resources/attempt-environment.js'
import { Places } from './resources/places.js'
import { PeakMemory } from './resources/process-memory.js'

/** The folder in a trial's folder that its program runs in, where trials have working directories of their own. */
const WORK = 'work'

/** Who is told what processes do. */
export interface ProcessOwner {
  /** Seconds since the run began. */
  now(): number
  /** The folder of a trial. */
  directoryOf(trial: TrialId): string
  onReport(attempt: Attempt, report: Report): void
  /** No process of the attempt runs any more. */
  onGone(attempt: Attempt, exit: ChildExit): void
  onWarning(trial: TrialId, text: string): void
}

export class Processes {
  readonly #options: LocalBackendOptions
  readonly #owner: ProcessOwner
  readonly #places: Places
  readonly #memory = new PeakMemory()
  /** Seconds that processes of a trial ran, those that still run left out. */
  readonly #ran: Map<TrialId, number>
  #running = 0

  constructor(options: LocalBackendOptions, owner: ProcessOwner) {
    this.#options = options
    this.#owner = owner
    this.#places = new Places(options.resources)
    this.#ran = new Map(options.ran)
  }

  /** How many run. */
  get running(): number {
    return this.#running
  }

  /** Starts the program of an attempt that has no process. */
  launch(attempt: Attempt): void {
    const { trial, number, worker, command } = attempt
    const { program, graceSeconds, logLimit, resources, onData } = this.#options
    attempt.launch = undefined
    attempt.said = false
    attempt.begun = this.#owner.now()
    const place = (attempt.place = this.#places.take())
    const directory = this.#owner.directoryOf(trial)
    this.#prepare(attempt, directory)
    this.#running++
    const { restarts, level } = attempt
    const child = new Child({
      command,
      logDirectory: directory,
      workingDirectory: program.ownDirectory === true ? join(directory, WORK) : program.workingDirectory,
      env: attemptEnvironment(
        { trial, attempt: number, restarts, level, worker, directory, gpus: place.gpus },
        program.env ?? {},
        resources,
      ),
      graceSeconds,
      logLimit,
      onReport: (report) => this.#owner.onReport(attempt, report),
      onData: (description) => onData?.(trial, description),
      onGone: (exit) => this.#onGone(attempt, child, exit),
      onWarning: (text) => this.#owner.onWarning(trial, text),
    })
    attempt.child = child
    if (child.group !== undefined) this.#memory.watch(child.group)
    this.#limitTime(attempt)
  }

  /** Makes the folders of a trial and says in `config.json` what is run. */
  #prepare({ trial, document }: Attempt, directory: string): void {
    const { program, checkpoints } = this.#options
    try {
      mkdirSync(checkpoints ? join(directory, 'checkpoints') : directory, { recursive: true })
      if (program.ownDirectory === true) mkdirSync(join(directory, WORK), { recursive: true })
      writeFileSync(join(directory, 'config.json'), `${JSON.stringify(document, null, 2)}\n`)
    } catch (error) {
      this.#owner.onWarning(trial, `its folder ${directory} could not be written: ${messageOf(error)}`)
    }
  }

  /** Ends a process when the time of its trial is up. */
  #limitTime(attempt: Attempt): void {
    const { timeLimit } = this.#options
    if (timeLimit === undefined) return
    const left = timeLimit - (this.#ran.get(attempt.trial) ?? 0) - (this.#owner.now() - attempt.begun)
    if (left > 0) {
      // Node's timers hold 31 bits of milliseconds, and may be a little early.
      attempt.timer = setTimeout(() => this.#limitTime(attempt), Math.min(Math.ceil(left * 1000), 0x7fff_ffff))
      return
    }
    // A program that has ended ran no longer, whoever holds its output.
    if (attempt.fault !== '' || attempt.child?.exited === true) return
    attempt.fault = `ran longer than ${timeLimit} s`
    attempt.child?.end()
  }

  /** Its place is free, and what is known of it is told. */
  #onGone(attempt: Attempt, child: Child, exit: ChildExit): void {
    const { trial, number, restarts, worker, begun } = attempt
    const place = attempt.place!
    const ended = this.#owner.now()
    this.#running--
    clearTimeout(attempt.timer)
    attempt.child = undefined
    this.#ran.set(trial, (this.#ran.get(trial) ?? 0) + ended - begun)
    const peakMemoryMiB = child.group === undefined ? undefined : this.#memory.take(child.group)
    this.#places.release(place)
    this.#options.onProcess?.({
      trial,
      attempt: number,
      restarts,
      worker,
      begun,
      ended,
      gpus: place.gpus.map(({ id }) => id),
      shared: place.shared,
      peakMemoryMiB,
      exit: exit.ok ? 'exit code 0' : exit.reason,
    })
    if (child.unreadable > 0) this.#owner.onWarning(trial, `${child.unreadable} report lines could not be read`)
    this.#owner.onGone(attempt, exit)
  }
}

/** One running program in its own process group: its reports, its logs, its end. No shell is ever involved. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import { LOG_LIMIT, LogFile } from './log-file.js'
import { forgetGroup, groupRuns, rememberGroup, signalGroup, signalProcess } from './process-groups.js'
import { type Report, ReportParser } from '../real-time/report-line.js'
import { TRIAL_DIRECTORY_VARIABLE } from './resources/attempt-environment.js'
import { RUNNER_VARIABLE, processesWith, runnerId } from './watchdog.js'

/** Seconds between SIGTERM and SIGKILL. */
export const GRACE_SECONDS = 5
/**
 * A pipe may stay open after its program ended: a process that left the group may hold it. It is given up after so many
 * looks at it, so far apart (milliseconds). Looks are counted, not time: however long this process was kept from its
 * event loop, what stands in a pipe is read between two of them.
 */
const PIPE_LOOKS = 10
const PIPE_PAUSE = 100
/** After so many seconds of SIGKILL a process that does not go is reported and left behind. */
const KILL_PATIENCE = 30

/** What to run and who is told. */
export interface ChildOptions {
  /** Program and arguments; never seen by a shell. */
  readonly command: readonly string[]
  /** An existing folder; `std.out` and `std.err` are appended to there. */
  readonly logDirectory: string
  /** Default: that of this process. */
  readonly workingDirectory?: string | undefined
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Seconds between SIGTERM and SIGKILL. Default {@link GRACE_SECONDS}. */
  readonly graceSeconds?: number | undefined
  /** Bytes per log, all its files together. Default 64 MiB. */
  readonly logLimit?: number | undefined
  readonly onReport: (report: Report) => void
  readonly onData?: ((description: Report) => void) | undefined
  /** Once, when no process of the group runs any more and all output was read. */
  readonly onGone: (exit: ChildExit) => void
  /** A log that cannot be written, a process that cannot be ended. */
  readonly onWarning: (text: string) => void
}

/** How a program ended. */
export interface ChildExit {
  readonly ok: boolean
  /** Whether the program ran at all. */
  readonly started: boolean
  /** For people: exit code or signal and the last line of `std.err`; empty if it ended with exit code 0. */
  readonly reason: string
}

/** Starts at once; everything else arrives by the callbacks of its options, none but warnings during construction. */
export class Child {
  readonly #options: ChildOptions
  readonly #logs: readonly [LogFile, LogFile]
  readonly #parser: ReportParser
  readonly #errors = new LastLine()
  #process: ChildProcess | undefined
  #group: number | undefined
  #killTimer: NodeJS.Timeout | undefined
  #ending = false
  #exited = false

  constructor(options: ChildOptions) {
    this.#options = options
    const limit = options.logLimit ?? LOG_LIMIT
    const log = (name: string): LogFile => new LogFile(join(options.logDirectory, name), limit, options.onWarning)
    this.#logs = [log('std.out'), log('std.err')]
    this.#parser = new ReportParser({ report: options.onReport, data: (data) => options.onData?.(data) })
    this.#start()
  }

  /** Its process group; undefined for a program that could not be started. */
  get group(): number | undefined {
    return this.#group
  }

  /** Whether the program itself has ended; others may still hold its pipes. */
  get exited(): boolean {
    return this.#exited
  }

  /** Lines with a report tag that could not be read so far. */
  get unreadable(): number {
    return this.#parser.unreadable
  }

  /** SIGTERM to the whole group, and SIGKILL after the grace period. Safe to call twice. */
  end(): void {
    if (this.#ending || this.#exited || this.#group === undefined) return
    this.#ending = true
    const group = this.#group
    signalGroup(group, 'SIGTERM')
    const grace = this.#options.graceSeconds ?? GRACE_SECONDS
    this.#killTimer = setTimeout(() => signalGroup(group, 'SIGKILL'), grace * 1000)
  }

  #start(): void {
    const { command, workingDirectory, env } = this.#options
    const failed = (error: unknown): void => {
      void this.#finish(`could not be started: ${messageOf(error)}`)
    }
    try {
      const child = spawn(command[0]!, command.slice(1), {
        cwd: workingDirectory,
        env: { ...process.env, ...env, [RUNNER_VARIABLE]: runnerId },
        detached: true,
        shell: false,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      this.#process = child
      this.#group = child.pid
      if (child.pid !== undefined) rememberGroup(child.pid)
      child.on('error', (error) => {
        // Also raised where a signal cannot be sent; only a program that never started ends here.
        if (child.pid === undefined) failed(error)
      })
      child.once('exit', (code, signal) => void this.#finish(exitReason(code, signal)))
      child.stdout.on('data', (bytes: Buffer) => {
        this.#logs[0].write(bytes)
        this.#parser.push(bytes)
      })
      child.stderr.on('data', (bytes: Buffer) => {
        this.#logs[1].write(bytes)
        this.#errors.push(bytes)
      })
      for (const pipe of [child.stdout, child.stderr])
        pipe.on('error', (error) => this.#options.onWarning(`reading the program's output failed: ${messageOf(error)}`))
    } catch (error) {
      setImmediate(failed, error)
    }
  }

  /** After the main process: ends what is left of the group or has left it, reads what is left of the output. */
  async #finish(reason: string): Promise<void> {
    if (this.#exited) return
    this.#exited = true
    clearTimeout(this.#killTimer)
    if (this.#group !== undefined) await this.#endGroup(this.#group)
    await this.#endDaemons()
    await this.#drained()
    this.#parser.end()
    for (const log of this.#logs) log.close()
    const last = reason === '' ? '' : this.#errors.text()
    const started = this.#group !== undefined
    this.#options.onGone({ ok: reason === '', started, reason: last === '' ? reason : `${reason}: ${last}` })
  }

  async #endGroup(group: number): Promise<void> {
    const runs = (): boolean => groupRuns(group)
    await this.#kill(`a process of group ${group}`, runs, () => void signalGroup(group, 'SIGKILL'))
    forgetGroup(group)
  }

  /** What went into a session of its own is known by its environment, on Linux; elsewhere it lives on. */
  async #endDaemons(): Promise<void> {
    const directory = this.#options.env?.[TRIAL_DIRECTORY_VARIABLE]
    if (directory === undefined) return
    let left: readonly number[] = []
    const look = (): boolean => {
      left = processesWith({ [RUNNER_VARIABLE]: runnerId, [TRIAL_DIRECTORY_VARIABLE]: directory })
      return left.length > 0
    }
    await this.#kill('a process in a session of its own', look, () => {
      for (const pid of left) signalProcess(pid, 'SIGKILL')
    })
  }

  async #kill(what: string, runs: () => boolean, kill: () => void): Promise<void> {
    const deadline = performance.now() + KILL_PATIENCE * 1000
    for (let pause = 1; runs(); pause = Math.min(2 * pause, 200)) {
      kill()
      if (performance.now() > deadline) {
        this.#options.onWarning(`${what} did not end after SIGKILL and is left behind`)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  /** When both pipes have ended, or are given up because somebody outside the group still holds them. */
  async #drained(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.pid === undefined) return
    const pipes = [child.stdout!, child.stderr!]
    const ended = pipes.map((pipe) =>
      pipe.closed ? undefined : new Promise<void>((resolve) => pipe.once('close', resolve)),
    )
    let looks = 0
    const timer = setInterval(() => {
      if (++looks >= PIPE_LOOKS) for (const pipe of pipes) pipe.destroy()
    }, PIPE_PAUSE)
    await Promise.all(ended)
    clearInterval(timer)
  }
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === 0) return ''
  return signal === null ? `exit code ${code}` : `ended by ${signal}`
}

/** How much of the end of `std.err` is kept to find its last line (bytes). */
const TAIL = 2_000

/** The last line with text of a stream, for messages. */
class LastLine {
  #tail = Buffer.alloc(0)

  push(bytes: Buffer): void {
    this.#tail = Buffer.from(
      bytes.length >= TAIL ? bytes.subarray(-TAIL) : Buffer.concat([this.#tail, bytes]).subarray(-TAIL),
    )
  }

  text(): string {
    const lines = this.#tail.toString('utf8').split(/[\r\n]+/)
    const last = lines.findLast((line) => line.trim() !== '') ?? ''
    // Control characters could rewrite a terminal that shows the message.
    // oxlint-disable-next-line no-control-regex
    const plain = last.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trim()
    return plain.length > 300 ? `${plain.slice(0, 297)}...` : plain
  }
}

/** One host of a training job: a folder that stands for /opt/ml, and a process in it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type S3Store, s3Address } from './s3-store.js'
import { ServiceError } from './service-error.js'
import {
  type ContainerLayout,
  decoded,
  resourceConfig,
  serviceEnvironment,
  toolkitEnvironment,
  userArguments,
} from './toolkit.js'

const run = promisify(execFile)

export interface ContainerPlan extends ContainerLayout {
  /** `ContainerEntrypoint` and `ContainerArguments`: this is run instead of the toolkit. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly python: string
  /** `EnableNetworkIsolation`: it reaches nothing. */
  readonly isolated: boolean
}

/** Those of the job's role; the service has them at an address that the SDK knows (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI). */
const ROLE_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'role', AWS_SECRET_ACCESS_KEY: 'role' }

export class Container {
  readonly layout: ContainerPlan
  #child: ChildProcess | undefined

  constructor(layout: ContainerPlan) {
    this.layout = layout
  }

  /** Makes the folders and the files that the service puts there. */
  async prepare(): Promise<void> {
    const { root, channels, hyperparameters } = this.layout
    for (const folder of ['input/config', 'input/data', 'model', 'output/data', 'code', 'checkpoints'])
      await mkdir(join(root, folder), { recursive: true })
    const write = (name: string, content: object): Promise<void> =>
      writeFile(join(root, 'input/config', `${name}.json`), JSON.stringify(content))
    await write('hyperparameters', this.#local(hyperparameters))
    await write('resourceconfig', resourceConfig(this.layout))
    await write('inputdataconfig', Object.fromEntries(channels.map((name) => [name, { TrainingInputMode: 'File' }])))
  }

  /** Unpacks the program as the toolkit does: `sagemaker_submit_directory`, on S3 or a file here, into the code folder. */
  async fetchCode(store: S3Store): Promise<void> {
    const { root, hyperparameters } = this.layout
    const source = decoded(this.#local(hyperparameters), 'sagemaker_submit_directory')
    if (source === undefined) return
    const archive = source.startsWith('s3://') ? this.#fetched(source, store) : source
    if (!existsSync(archive))
      throw new ServiceError('ValidationException', `sagemaker_submit_directory ${source} is not in the container`)
    await run('tar', ['-xzf', archive, '-C', join(root, 'code'), '--no-same-owner'])
  }

  #fetched(uri: string, store: S3Store): string {
    if (this.layout.isolated)
      throw new ServiceError('ValidationException', `a container with EnableNetworkIsolation cannot fetch ${uri}`)
    const { bucket, key } = s3Address(uri)
    return store.get(bucket, key).file
  }

  /**
   * Runs the container.
   * @param line gets every line of both outputs
   * @returns its exit code; 128 + 15 or + 9 after a signal, 127 where there is nothing to run
   */
  async run(line: (text: string) => void): Promise<number> {
    const { root } = this.layout
    const command = this.#command()
    if (command.length === 0) {
      line('there is neither a ContainerEntrypoint nor a sagemaker_program to run')
      return 127
    }
    const environment =
      this.layout.command.length > 0
        ? {}
        : toolkitEnvironment({ ...this.layout, hyperparameters: this.#local(this.layout.hyperparameters) })
    const child = spawn(command[0]!, command.slice(1), {
      cwd: existsSync(join(root, 'code')) ? join(root, 'code') : root,
      env: {
        PATH: process.env['PATH'],
        HOME: root,
        PYTHONUNBUFFERED: '1',
        ...ROLE_CREDENTIALS,
        ...serviceEnvironment(this.layout),
        ...environment,
        ...this.#local(this.layout.environment),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.#child = child
    for (const output of [child.stdout, child.stderr]) createInterface({ input: output, crlfDelay: 0 }).on('line', line)
    return new Promise((resolve) => {
      child.on('error', (error) => {
        line(error.message)
        resolve(127)
      })
      child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 143 : 137)))
    })
  }

  /** To the process and all that it started. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    const child = this.#child
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // It has just ended.
    }
  }

  /** What the program, or the toolkit for it, says about its failure. */
  async failure(): Promise<string | undefined> {
    return readFile(join(this.layout.root, 'output/failure'), 'utf8').catch(() => undefined)
  }

  async remove(): Promise<void> {
    await rm(this.layout.root, { recursive: true, force: true })
  }

  /** The command as the toolkit builds it; a program that is not Python is run itself. */
  #command(): string[] {
    const { root, command, hyperparameters, python } = this.layout
    if (command.length > 0) return command.map((one) => this.#path(one))
    const entry = decoded(hyperparameters, 'sagemaker_program') ?? this.layout.environment['SAGEMAKER_PROGRAM']
    if (entry === undefined) return []
    const args = userArguments(this.#local(hyperparameters))
    if (entry.endsWith('.py')) return [python, entry, ...args]
    const file = join(root, 'code', entry)
    if (existsSync(file)) chmodSync(file, 0o755)
    return [file, ...args]
  }

  /** Values with the container's paths in place of /opt/ml: there is no file system of its own here. */
  #local(values: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, this.#path(text)]))
  }

  #path(text: string): string {
    return text.replaceAll(/(?<![\w/])\/opt\/ml(?=$|[/"'\s:,\]}])/g, () => this.layout.root)
  }
}

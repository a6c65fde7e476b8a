/** The options of commands that train for real on this machine: what a training may use of it, and for how long. */
import type { Command } from 'commander'
import type { ResourceOptions } from '../backends/local/resources/resources.js'
import { invalid } from '../core/errors.js'
import type { LocalSettings } from '../run/local/prepare.js'
import { parseBytes, parseCount, parseDuration, parseList } from './arguments.js'

const MOST_GPUS = 1024
const MOST_SHARING = 1024
const MOST_THREADS = 4096
const MOST_RETRIES = 1000

/** As given on the command line. */
export interface LocalFlags {
  readonly gpus?: 'all' | 'none' | readonly string[]
  readonly gpusPerTrial?: number
  readonly trialsPerGpu?: number
  readonly threadsPerTrial?: number
  /** Seconds. */
  readonly trialTimeout?: number
  readonly retries?: number
  /** Bytes. */
  readonly checkpointBudget?: number
}

const RESOURCES = ['gpus', 'gpusPerTrial', 'trialsPerGpu', 'threadsPerTrial'] as const
const ALL = [...RESOURCES, 'trialTimeout', 'retries', 'checkpointBudget'] as const

/** Adds the options of what a training may use, and for how long. */
export function addResourceFlags(command: Command): Command {
  const count = (option: string, least: number, most: number) => (text: string) => parseCount(option, text, least, most)
  return command
    .option('--gpus <all|none|0,1>', 'which GPUs trials run on (default: all there are)', parseGpus)
    .option('--gpus-per-trial <N>', 'GPUs for each trial (default: 1)', count('--gpus-per-trial', 0, MOST_GPUS))
    .option('--trials-per-gpu <N>', 'trials that share a GPU (default: 1)', count('--trials-per-gpu', 1, MOST_SHARING))
    .option(
      '--threads-per-trial <N>',
      'threads of numeric libraries for each trial (default: cores / workers)',
      count('--threads-per-trial', 1, MOST_THREADS),
    )
    .option('--trial-timeout <time>', 'a trial that runs longer fails: 90s, 30min, 2h', (text) =>
      parseDuration('--trial-timeout', text),
    )
}

/** Adds what becomes of a trial that crashes. */
export function addRetries(command: Command): Command {
  return command.option('--retries <N>', 'start a crashed trial again so often (default: 0)', (text) =>
    parseCount('--retries', text, 0, MOST_RETRIES),
  )
}

/** Adds how much room checkpoints may take. */
export function addCheckpointBudget(command: Command): Command {
  return command.option(
    '--checkpoint-budget <size>',
    "room for a run's checkpoints, e.g. 20GB: beyond it the least promising go (default: any)",
    (text) => parseBytes('--checkpoint-budget', text),
  )
}

/** What of the resources was asked for. */
export function resourcesGiven(flags: LocalFlags): ResourceOptions {
  return pick(flags, RESOURCES)
}

/** What was asked for; undefined if nothing was. */
export function localSettings(flags: LocalFlags): LocalSettings | undefined {
  const given = pick(flags, ALL)
  return Object.keys(given).length === 0 ? undefined : given
}

/** The first of the options that was given, as it is typed. */
export function firstLocalFlag(flags: LocalFlags): string | undefined {
  const name = ALL.find((flag) => flags[flag] !== undefined)
  return name && `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The other options. */
export function otherFlags<F extends LocalFlags>(flags: F): Omit<F, keyof LocalFlags> {
  const mine: readonly string[] = ALL
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !mine.includes(name))) as never
}

function pick(flags: LocalFlags, names: readonly (keyof LocalFlags)[]): LocalFlags {
  return Object.fromEntries(names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]))
}

/** `all`, `none`, or indices and UUIDs separated by commas. */
export function parseGpus(text: string): 'all' | 'none' | readonly string[] {
  if (text === 'all' || text === 'none') return text
  const gpus = parseList('--gpus', text)
  for (const gpu of gpus)
    if (!/^(?:\d+|(?:GPU|MIG)-[\w/-]+)$/.test(gpu))
      throw invalid('--gpus', text, 'must be all, none, or indices or UUIDs of GPUs', 'write --gpus 0,1')
  return gpus
}

/** The options of commands that train for real on this machine: what a training may use of it. */
import type { Command } from 'commander'
import type { ResourceOptions } from '../backends/local/resources/resources.js'
import { invalid } from '../core/errors.js'
import { parseCount, parseList } from './arguments.js'

const MOST_GPUS = 1024
const MOST_SHARING = 1024
const MOST_THREADS = 4096

/** As given on the command line. */
export interface ResourceFlags {
  readonly gpus?: 'all' | 'none' | readonly string[]
  readonly gpusPerTrial?: number
  readonly trialsPerGpu?: number
  readonly threadsPerTrial?: number
}

const RESOURCE_FLAGS = ['gpus', 'gpusPerTrial', 'trialsPerGpu', 'threadsPerTrial'] as const

/** Adds the options to a command. */
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
}

/** The resource flags among others; undefined if none was given. */
export function resourcesGiven(flags: ResourceFlags): ResourceOptions | undefined {
  const given = Object.entries(flags).filter(([name, value]) => isOneOf(RESOURCE_FLAGS, name) && value !== undefined)
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

/** The first resource flag that was given, as it is typed. */
export function firstResourceFlag(flags: ResourceFlags): string | undefined {
  const name = RESOURCE_FLAGS.find((flag) => flags[flag] !== undefined)
  return name && `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** Flags without those of resources. */
export function otherFlags<F extends ResourceFlags>(flags: F): Omit<F, keyof ResourceFlags> {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !isOneOf(RESOURCE_FLAGS, name))) as never
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name)
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

/** The options of commands that train on SageMaker, and the question whether to spend the money. */
import type { Command } from 'commander'
import { BenchError } from '../core/errors.js'
import { costText } from '../report/cost-text.js'
import type { SageMakerPreparation } from '../run/sagemaker/prepare.js'
import type { SageMakerSettings } from '../run/sagemaker/settings.js'
import { parseAmount } from './arguments.js'
import type { Terminal } from './terminal.js'

/** As given on the command line. */
export interface SageMakerFlags {
  readonly config?: string
  /** US dollars. */
  readonly maxCost?: number
  readonly yes?: true
  readonly dryRun?: true
}

const ALL = ['config', 'maxCost', 'yes', 'dryRun'] as const

export function addSageMakerFlags(command: Command): Command {
  return addJobFlags(command).option('--dry-run', 'print the first requests and what they may cost; send nothing')
}

/** Those of every command that makes training jobs. */
export function addJobFlags(command: Command): Command {
  return command
    .optionsGroup('With --backend sagemaker:')
    .option('--config <file>', 'how jobs are made: role, image, source, instance types, ... (sagemaker.json)')
    .option('--max-cost <dollars>', 'stop in time before all runs together cost more (US dollars)', (text) =>
      parseAmount('--max-cost', text),
    )
    .option('--yes', 'do not ask whether to begin')
}

/** The first of the options that was given, as it is typed. */
export function firstSageMakerFlag(flags: SageMakerFlags): string | undefined {
  const name = ALL.find((flag) => flags[flag] !== undefined)
  return name && `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** What a run is told; it asks on the terminal whether to begin. */
export function sageMakerSettings(
  { config, maxCost, yes }: SageMakerFlags,
  terminal: Terminal,
  signal: AbortSignal,
): SageMakerSettings | undefined {
  if (config === undefined) return undefined
  return {
    config,
    ...(maxCost !== undefined && { maxCost }),
    confirm: async (prepared) => {
      terminal.err(`${costText(costsOf(prepared, maxCost))}\n`)
      if (yes !== true) await askToBegin(terminal, signal)
    },
  }
}

/** @throws BenchError if the answer is not yes, or there is nobody to ask */
export async function askToBegin({ ask }: Terminal, signal: AbortSignal): Promise<void> {
  if (ask === undefined)
    throw new BenchError('training jobs cost money, and there is no terminal to ask whether to begin; add --yes')
  const answer = await ask('Begin? [y/N] ', signal)
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new BenchError('not begun, nothing was made', { exitCode: 1 })
}

/** What a plan may cost, for people. */
export function costsOf(prepared: SageMakerPreparation, maxCost: number | undefined) {
  const { plan, config, estimate, hours, unpriced, notes, prices } = prepared
  return {
    experiment: plan.experiment,
    region: config.region,
    runs: plan.cells.length * plan.seeds.length,
    workers: Math.max(...plan.cells.map(({ workers }) => workers)),
    usd: estimate,
    hours,
    limits: { maxRunSeconds: config.maxRunSeconds, requeues: config.requeues + config.retries },
    unpriced,
    notes,
    prices: { source: prices.source, date: prices.date },
    ...(maxCost !== undefined && { maxCost }),
  }
}

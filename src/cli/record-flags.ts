/** What `bench record` was told, and what is checked of it in more than one of its ways. */
import { BenchError, invalid } from '../core/errors.js'
import type { Recording } from '../record/recording.js'
import { quoted } from './arguments.js'
import type { LocalFlags } from './local-flags.js'
import type { SageMakerFlags } from './sagemaker-flags.js'

export const RECORD_BACKENDS = ['local', 'sagemaker'] as const

export interface RecordFlags extends Omit<LocalFlags, 'retries'>, Omit<SageMakerFlags, 'dryRun'> {
  readonly backend?: (typeof RECORD_BACKENDS)[number]
  readonly data?: string
  readonly out?: string
  readonly workers?: number
  readonly limit?: number
  readonly check?: string
  readonly rows?: number
  readonly fromRun?: string
  readonly fromJournal?: string
  readonly planOut?: string
  readonly allowPartial?: true
  readonly alone?: true
  readonly aloneLevels?: number
}

/** As it is typed: `--allow-partial`. */
export function optionName(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** @throws BenchError where the program of a recording needs data and there is none */
export function checkData({ name, program }: Recording, data: string | undefined): void {
  if (program.dataArgument !== undefined && data === undefined)
    throw new BenchError(
      `${name} needs --data, the folder that holds ${(program.dataFiles ?? ['its data']).join(', ')}`,
    )
}

/** @throws BenchError for what is no name of a table */
export function checkOut(out: string): void {
  if (!out.endsWith('.arrow'))
    throw invalid('--out', out, 'must end in .arrow', `write --out ${quoted(`${out}.arrow`)}`)
}

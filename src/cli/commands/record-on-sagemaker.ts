/** `bench record --backend sagemaker`: what it may cost is said and confirmed before anything is sent. */
import type { Recording } from '../../record/recording.js'
import { plural } from '../../report/format.js'
import {
  type PreparedRecording,
  type SageMakerRecordOptions,
  prepareRecording,
} from '../../run/recording/record-on-sagemaker.js'
import { askToBegin } from '../sagemaker-flags.js'
import type { Terminal } from '../terminal.js'

/** @throws BenchError where something is wrong, or nobody says yes */
export async function begin(
  recording: Recording,
  options: SageMakerRecordOptions & { readonly yes?: true },
  terminal: Terminal,
): Promise<PreparedRecording> {
  const prepared = await prepareRecording(recording, options)
  const { region, trainings, most, prices } = prepared
  terminal.err(
    `${recording.name} on SageMaker in ${region}: ${plural(trainings, 'training job')}, less what is recorded\n` +
      `cost: at most ${most.toFixed(2)} US dollars${options.maxCost === most ? ' (--max-cost)' : ', if each runs as long as maxRunSeconds lets it'}\n` +
      `prices: ${prices.source}, ${prices.date ?? 'no date given'}; yours may differ\n`,
  )
  if (options.yes !== true) await askToBegin(terminal, new AbortController().signal)
  await prepared.check()
  return prepared
}

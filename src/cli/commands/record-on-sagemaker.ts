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

const howFar = (undisturbed: number): string =>
  `: every job as long as maxRunSeconds lets it and repeated as often as requeues and retries let it, ${undisturbed.toFixed(2)} ` +
  'where none is repeated; smaller values of these narrow it, --max-cost caps it'

/** @throws BenchError where something is wrong, or nobody says yes */
export async function begin(
  recording: Recording,
  options: SageMakerRecordOptions & { readonly yes?: true },
  terminal: Terminal,
): Promise<PreparedRecording> {
  const prepared = await prepareRecording(recording, options)
  const { region, trainings, undisturbed, most, prices, notes } = prepared
  terminal.err(
    `${recording.name} on SageMaker in ${region}: ${plural(trainings, 'training job')}, less what is recorded\n` +
      `bound: at most ${most.toFixed(2)} US dollars${options.maxCost === most ? ' (--max-cost)' : howFar(undisturbed)}\n` +
      `prices: ${prices.source}, ${prices.date ?? 'no date given'}; yours may differ\n${notes.map((note) => `note: ${note}\n`).join('')}`,
  )
  if (options.yes !== true) await askToBegin(terminal, new AbortController().signal)
  await prepared.check()
  return prepared
}

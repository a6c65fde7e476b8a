/** What a run on SageMaker is told beside its plan. */
import { type SageMakerConfig, readSageMakerConfig } from '../../backends/sagemaker/config.js'
import { BenchError, invalid } from '../../core/errors.js'
import type { SageMakerPreparation } from './prepare.js'

export interface SageMakerSettings {
  /** The path of `sagemaker.json`. */
  readonly config: string
  /** US dollars that all runs together may cost, what is running and what it takes to stop included. Default: as the budget says. */
  readonly maxCost?: number
  /** Is told what the runs may cost before anything is made, and throws to begin nothing. Default: nobody is asked. */
  readonly confirm?: (prepared: SageMakerPreparation) => Promise<void>
}

/** The settings with the configuration read. @throws BenchError for what is missing or wrong */
export function settingsOf({
  sagemaker,
  out,
}: {
  readonly sagemaker?: SageMakerSettings | undefined
  readonly out?: string | false
}): Omit<SageMakerSettings, 'config'> & { readonly config: SageMakerConfig } {
  if (sagemaker === undefined)
    throw new BenchError(
      'runs on SageMaker need a configuration: role, image, source, ...; give --config sagemaker.json',
    )
  if (out === false) throw new BenchError('a run on SageMaker needs a run directory: its journal lies there; give out')
  const { maxCost } = sagemaker
  if (maxCost !== undefined && !(maxCost > 0 && maxCost < Infinity))
    throw invalid('--max-cost', maxCost, 'must be an amount of US dollars')
  return { ...sagemaker, config: readSageMakerConfig(sagemaker.config) }
}

/** A recording as SageMaker runs it: its program is what the configuration names, and what jobs cost becomes metrics. */
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { BenchError, invalid } from '../../core/errors.js'
import { type PriceList, priceOf } from '../../instances/price-list.js'
import { BILL, BILLABLE_SECONDS } from '../../record/job-costs.js'
import type { Recording } from '../../record/recording.js'
import { COST } from '../../surrogates/instance-factor.js'
import { priceCure, typesOf } from '../sagemaker/instance-types.js'

/** The recording with the metrics that jobs add. @throws BenchError where its machines or their prices are not known */
export function withCosts(recording: Recording, config: SageMakerConfig, prices: PriceList): Recording {
  for (const type of typesOf(recording.space, config, prices))
    if (priceOf(prices, type) === null)
      throw invalid(
        'the price of an instance type',
        type,
        `must be known to record costs; ${prices.source} has none`,
        priceCure(type, prices),
      )
  const none = { split: 'none', unit: '' } as const
  const dated = `by prices of ${prices.date ?? 'an unknown date'} (${prices.source})`
  const added: Recording['metrics'] = {
    [COST]: {
      ...none,
      goal: 'min',
      unit: 'USD',
      kind: 'curve',
      description: `price of the training so far, start-up not counted, ${dated}`,
    },
    [BILLABLE_SECONDS]: {
      ...none,
      goal: 'min',
      unit: 's',
      kind: 'static',
      description: 'what the service bills of each machine of its jobs',
    },
    [BILL]: {
      ...none,
      goal: 'min',
      unit: 'USD',
      kind: 'static',
      description: `billable seconds of all machines, ${dated}`,
    },
  }
  const taken = Object.keys(added).find((name) => name in recording.metrics || name in recording.space)
  if (taken !== undefined)
    throw invalid(`recording ${recording.name}: column`, taken, 'is made from the bills of SageMaker', 'rename it')
  return { ...recording, metrics: { ...recording.metrics, ...added } }
}

/** What the recording says of its program, as jobs are told it. @throws BenchError for what does not go together */
export function configFor({ program, resource }: Recording, config: SageMakerConfig): SageMakerConfig {
  if (config.spot !== undefined)
    throw new BenchError(
      'a recording on spot machines would take the times of interrupted trainings for real ones; leave sagemaker.spot out',
    )
  const hyperparameters: Record<string, string | number | boolean> = { ...program.arguments }
  if (program.levelsArgument !== undefined) hyperparameters[program.levelsArgument] = resource.levels
  const { dataArgument } = program
  const [input, ...others] = Object.keys(config.inputs)
  if (dataArgument !== undefined && !(dataArgument in config.hyperparameters)) {
    if (input === undefined || others.length > 0)
      throw new BenchError(
        `${program.name} gets the folder of its data as --${dataArgument}: put them on S3, name them in sagemaker.inputs, and ` +
          `say which with "hyperparameters": { "${dataArgument}": "/opt/ml/input/data/<input>" }`,
      )
    hyperparameters[dataArgument] = `/opt/ml/input/data/${input}`
  }
  return {
    ...config,
    hyperparameters: { ...hyperparameters, ...config.hyperparameters },
    seedArgument: program.seedArgument ?? 'seed',
    environment: { ...program.env, ...config.environment },
  }
}

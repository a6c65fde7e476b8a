/** What of a configuration makes trainings what they are: a run or a recording goes on only with the same. */
import { createHash } from 'node:crypto'
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { type PriceList, priceOf } from '../../instances/price-list.js'

/**
 * Limits, tags, the role, networks, keys and spot machines are not part of it. Values of `environment` stand as checksums; of
 * `environmentFrom` the names alone, as secrets may be renewed.
 */
export function trainingSettings(config: SageMakerConfig, prices: PriceList): Readonly<Record<string, unknown>> {
  const { image, region, hyperparameters, seedArgument, machineArguments, inputs, instanceCount } = config
  return {
    image,
    region,
    hyperparameters: inOrder(hyperparameters),
    seedArgument,
    machineArguments,
    inputs: inOrder(inputs),
    environment: checksums(config),
    instanceCount,
    usdPerHour: Object.fromEntries(config.instanceTypes.map((type) => [type, priceOf(prices, type)])),
  }
}

/** Their order means nothing, and whoever edits a file may change it. */
function inOrder<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** 16 bits of a checksum tell a changed value from the old one, and do not tell what either was. */
function checksums({
  environment,
  environmentFrom,
  environmentKept,
}: SageMakerConfig): Readonly<Record<string, string>> {
  const entries = Object.entries(inOrder(environment)).map(([name, value]) => {
    const renewable = environmentFrom.includes(name) && !environmentKept.includes(name)
    const checksum = createHash('sha256').update(`${name}=${value}`).digest('hex').slice(0, 4)
    return [name, renewable ? 'any value' : `checksum ${checksum}`] as const
  })
  return Object.fromEntries(entries)
}

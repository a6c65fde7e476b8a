/** `sagemaker.json`: which account's role, image, program and machines trials run with. Checked whole before anything is made. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { BenchError, invalid, messageOf } from '../../core/errors.js'
import { parseOr } from '../../core/zod-error.js'
import { sageMakerSchema } from './config-schema.js'
import { huggingFaceImage } from './images.js'
import { hasLocalDisks, partitionOf } from './places.js'
import { CODE_CHANNEL, RESERVED_HYPERPARAMETERS } from './reserved.js'

/** A checked configuration; paths are absolute, the image is an address, the environment is complete. */
export interface SageMakerConfig extends Omit<z.infer<typeof sageMakerSchema>, 'image'> {
  readonly image: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads and checks a configuration. @throws BenchError that names the entry, the value and the rule */
export function readSageMakerConfig(path: string): SageMakerConfig {
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    // The parser cites the text, where secrets may stand.
    const reason = messageOf(error).replace(/, (\.\.\.)?".*/s, '')
    throw new BenchError(`--config ${path} cannot be read: ${reason}`)
  }
  return checkSageMakerConfig(given, dirname(resolve(path)))
}

/**
 * @param folder what paths are relative to
 * @param variables where `environmentFrom` takes its values
 * @throws BenchError
 */
export function checkSageMakerConfig(
  given: unknown,
  folder: string,
  variables: Variables = process.env,
): SageMakerConfig {
  checkEnvironment(given)
  const config = parseOr(sageMakerSchema, given, 'sagemaker') as z.infer<typeof sageMakerSchema>
  const source = resolve(folder, config.source)
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw invalid('sagemaker.source', config.source, 'must be a folder that exists', `it is looked for at ${source}`)
  if (config.entryPoint.startsWith('/') || config.entryPoint.split('/').includes('..'))
    throw invalid('sagemaker.entryPoint', config.entryPoint, 'must be a path below the source folder')
  if (statSync(join(source, config.entryPoint), { throwIfNoEntry: false })?.isFile() !== true)
    throw invalid('sagemaker.entryPoint', config.entryPoint, `must be a file in ${source}`)
  for (const name of [
    ...Object.keys(config.hyperparameters),
    ...(config.seedArgument === false ? [] : [config.seedArgument]),
  ])
    if (RESERVED_HYPERPARAMETERS.test(name))
      throw invalid('sagemaker.hyperparameters', name, 'is a name that the containers or trials use themselves')
  checkPartition('sagemaker.role', config.role, config.region)
  if (config.launch?.role !== undefined) checkPartition('sagemaker.launch.role', config.launch.role, config.region)
  checkVolumeKey(config)
  checkInputs(config)
  if (config.spot !== undefined && config.spot.maxWaitSeconds < config.maxRunSeconds)
    throw invalid(
      'sagemaker.spot.maxWaitSeconds',
      config.spot.maxWaitSeconds,
      `must be maxRunSeconds (${config.maxRunSeconds}) or more`,
    )
  // "Managed warm pools cannot be used with spot instances": SageMaker developer guide, train-warm-pools.
  if (config.spot !== undefined && config.warmPool !== undefined)
    throw new BenchError('sagemaker.spot and sagemaker.warmPool exclude each other; leave one out')
  for (const key of Object.keys(config.tags))
    if (/^(aws:|rungbench)/i.test(key))
      throw invalid('sagemaker.tags', key, 'must not begin with "aws:" or "rungbench"')
  if (Object.keys(config.tags).length > 40)
    throw invalid('sagemaker.tags', Object.keys(config.tags).length, 'must be 40 at most')
  const environment = { ...config.environment, ...taken(config.environmentFrom, variables) }
  // Jobs of ours add up to 8.
  if (Object.keys(environment).length > 40)
    throw invalid('sagemaker.environment', Object.keys(environment).length, 'must be 40 variables at most')
  return {
    ...config,
    environment,
    source,
    s3: config.s3.replace(/\/+$/, ''),
    image: typeof config.image === 'string' ? config.image : huggingFaceImage(config.image.huggingFace, config.region),
    ...(config.prices !== undefined && { prices: resolve(folder, config.prices) }),
  }
}

/** Values of the environment may be secret, so what is wrong with them is said without them. @throws BenchError */
function checkEnvironment(given: unknown): void {
  const fault = sageMakerSchema.pick({ environment: true }).strip().safeParse(given).error?.issues[0]
  // What is no object at all is left to the whole schema.
  if (fault === undefined || fault.path.length === 0) return
  const [, name] = fault.path
  if (name === undefined)
    throw new BenchError('sagemaker.environment must be an object: names of variables and their texts')
  if (fault.code === 'invalid_key') throw invalid('sagemaker.environment', name, fault.issues[0]!.message)
  throw new BenchError(`sagemaker.environment.${String(name)} must be a text of 512 characters at most`)
}

function checkPartition(entry: string, arn: string, region: string): void {
  const partition = partitionOf(region)
  if (arn.split(':')[1] !== partition)
    throw invalid(entry, arn, `must be a role of the partition of ${region}: arn:${partition}:iam::...`)
}

function checkVolumeKey({ encryption, instanceTypes, launch }: z.infer<typeof sageMakerSchema>): void {
  if (encryption.volumeKey === undefined) return
  const local = [...instanceTypes, ...(launch === undefined ? [] : [launch.instanceType])].find(hasLocalDisks)
  if (local !== undefined)
    throw new BenchError(
      `sagemaker.encryption.volumeKey: SageMaker takes no key for ${local}, whose local disks its own hardware encrypts; leave out volumeKey or this type`,
    )
}

/** "Array Members: Minimum number of 1 item. Maximum number of 20 items": SageMaker API reference, CreateTrainingJob, InputDataConfig. */
const MOST_INPUTS = 20

function checkInputs({ inputs, networkIsolation }: z.infer<typeof sageMakerSchema>): void {
  const names = Object.keys(inputs)
  if (networkIsolation && names.includes(CODE_CHANNEL))
    throw invalid(
      'sagemaker.inputs, name of an entry:',
      CODE_CHANNEL,
      'must be another one with networkIsolation, where jobs get the program by this name',
      'rename the input, and the path /opt/ml/input/data/code in your program',
    )
  const most = networkIsolation ? MOST_INPUTS - 1 : MOST_INPUTS
  if (names.length > most)
    throw invalid(
      'sagemaker.inputs',
      names.length,
      `must be ${most} at most${networkIsolation ? ', beside the program' : ''}`,
      'put folders together',
    )
}

/** @throws BenchError where one is not set, without its value */
function taken(names: readonly string[], variables: Variables): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const value = variables[name]
      if (value === undefined || value.length > 512)
        throw invalid('sagemaker.environmentFrom', name, 'must be a variable that is set, of 512 characters at most')
      return [name, value]
    }),
  )
}

/** `sagemaker.json`: which account's role, image, program and machines trials run with. Checked whole before anything is made. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { BenchError, invalid, messageOf } from '../../core/errors.js'
import { parseOr } from '../../core/zod-error.js'
import { huggingFaceImage } from './images.js'
import { hasLocalDisks, partitionOf } from './places.js'
import { CODE_CHANNEL, RESERVED_HYPERPARAMETERS } from './reserved.js'

const text = z.string().min(1)
const seconds = z.number().positive()
const value = z.union([z.number(), z.string(), z.boolean()], 'must be a number, a text, true or false')
/** The service takes any text; containers get it as `--name value`. */
const argument = z.string().regex(/^\S{1,256}$/, 'must have 1 to 256 characters and no spaces')
const IMAGE = 'must be the address of an image: 255 letters, digits and . _ - / : @ at most'
const image = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,254}$/, IMAGE)
const key = z.string().regex(/^[a-zA-Z0-9:/_-]{1,2048}$/, 'must be the id, the ARN or the alias of a key')
const networkId = z.string().regex(/^[a-zA-Z0-9-]{1,32}$/, 'must be an id of letters, digits and "-"')
const s3Uri = z
  .string()
  .max(1024)
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/, 'must be an address such as s3://bucket/prefix')
const url = z.url({ protocol: /^https?$/, error: 'must be an address such as https://host' })
const instanceType = z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be an instance type such as ml.m5.large')
const role = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    'must be the ARN of a role: arn:aws:iam::<account>:role/<name>',
  )
const volumeGB = z.int().min(1).max(16384)
const maxRunSeconds = z
  .int()
  .min(1)
  .max(28 * 86_400)
/** Limits of names and values: SageMaker API reference, CreateTrainingJob and Tag. */
const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u
const TAG_RULE = 'must have letters, digits, spaces and _ . : / = + - @ only'
const tagName = z.string().min(1).max(128).regex(TAG, TAG_RULE)
const tagValue = z.string().max(256).regex(TAG, TAG_RULE)
const variableName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,511}$/, 'must be a name of letters, digits and "_" that does not begin with a digit')

export const sageMakerSchema = z.strictObject({
  /** The role that the training jobs have. */
  role,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1'),
  /** Where source, checkpoints and output go. */
  s3: s3Uri,
  /** An address of an image, or a container of Hugging Face by its version. */
  image: z.union(
    [image, z.strictObject({ huggingFace: z.strictObject({ transformers: text }) })],
    `${IMAGE}, or { "huggingFace": { "transformers": "<version>" } }`,
  ),
  /** The directory with the program, relative to this file. */
  source: text,
  /** The program, relative to `source`. */
  entryPoint: text,
  /** Passed to every job beside those of its trial. */
  hyperparameters: z.record(argument, value).default({}),
  /** The hyperparameter that gets a trial's seed; false: none does. */
  seedArgument: z.union([argument, z.literal(false)], 'must be a name without spaces, or false').default('seed'),
  /** Whether the program also gets the hyperparameters that choose a trial's machines, e.g. `--instance_type ml.m5.large`. */
  machineArguments: z.boolean().default(false),
  /** Added to the environment of the program. Values are never written anywhere but into the requests. */
  environment: z.record(variableName, z.string().max(512)).default({}),
  /**
   * Names of variables of whoever starts a run that jobs get as well, so that secrets stand in no file. They must be set.
   */
  environmentFrom: z.array(variableName).default([]),
  /** Which machines trials may run on; those whose configurations have no instance type run on the first. */
  instanceTypes: z.array(instanceType).min(1),
  instanceCount: z.int().min(1).max(100).default(1),
  /** Of each instance, for data and models. */
  volumeGB: volumeGB.default(30),
  /** A job that runs longer is ended and its trial fails. At most 28 days. */
  maxRunSeconds: maxRunSeconds.default(86_400),
  /** S3 folders that jobs find in /opt/ml/input/data/<name>. */
  inputs: z
    .record(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be a name of letters, digits, ".", "_" and "-"'), s3Uri)
    .default({}),
  tags: z.record(tagName, tagValue).default({}),
  vpc: z
    .strictObject({ subnets: z.array(networkId).min(1).max(16), securityGroups: z.array(networkId).min(1).max(5) })
    .optional(),
  /** The container reaches nothing; program, `inputs`, checkpoints and output are copied by the service. */
  networkIsolation: z.boolean().default(false),
  /** Keys of KMS for the machines' disks and for what is written to S3. */
  encryption: z
    .strictObject({ volumeKey: key.optional(), outputKey: key.optional(), betweenInstances: z.boolean().optional() })
    .default({}),
  /** Spare machines at a lower price, which may be taken away; the job goes on from its checkpoint. */
  spot: z.strictObject({ maxWaitSeconds: z.int().positive() }).optional(),
  /** Machines are kept, and billed, for the next job of the same type. */
  warmPool: z.strictObject({ keepAliveSeconds: z.int().min(1).max(21_600) }).optional(),
  /** When the worker of a stopped trial gets the next one: when its job has ended, or at once (then more jobs run than workers). */
  refill: z.enum(['ended', 'at-once']).default('ended'),
  /** How often the program of an attempt that crashes gets another job. */
  retries: z.int().min(0).max(100).default(0),
  /** How often an attempt gets another job because of the service: no capacity, a fault of its own, deleted or stopped by others. */
  requeues: z.int().min(0).max(1000).default(20),
  /** Between two looks at states and logs. */
  pollSeconds: seconds.default(5),
  /** How long lines may be late: a level that was left out is waited for as long, and so is the log of a job that has ended. */
  logSettleSeconds: seconds.default(15),
  /** A list of prices, CSV, relative to this file; default: the one that ships. */
  prices: text.optional(),
  /** `bench launch`: the machine that the tuner runs on, as a training job of its own. */
  launch: z
    .strictObject({
      /** An image with Node 20 or newer, built on Debian (such as node:22-slim), in a private registry of ECR. */
      image,
      instanceType: instanceType.default('ml.m5.large'),
      /** The role of the tuner, which makes training jobs itself. Default: `role`. */
      role: role.optional(),
      /** The tuner is ended after so long. Default: 5 days. */
      maxRunSeconds: maxRunSeconds.default(5 * 86_400),
      volumeGB: volumeGB.default(30),
    })
    .optional(),
  /**
   * Of the experiment: a tag of all its jobs and part of their names. Default: drawn. `bench launch` gives it to the tuner,
   * so that both know the jobs.
   */
  experimentId: z
    .string()
    .regex(/^[a-z0-9]{10}$/, 'must be 10 small letters and digits')
    .optional(),
  /**
   * Names among `environmentFrom` whose values must stay the same where a run goes on. `bench launch` gives its tuner so the
   * values of `environment`.
   */
  environmentKept: z.array(variableName).default([]),
  /** Addresses to use instead of the public ones. */
  endpoints: z.strictObject({ sagemaker: url.optional(), logs: url.optional(), s3: url.optional() }).default({}),
})

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

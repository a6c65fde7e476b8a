/** The entries of `sagemaker.json`, each with its rule. */
import { z } from 'zod'

const text = z.string().min(1)
const seconds = z.number().positive()
const value = z.union([z.number(), z.string(), z.boolean()], 'must be a number, a text, true or false')
/** The service takes any text; containers get it as `--name value`. */
const argument = z.string().regex(/^\S{1,256}$/, 'must have 1 to 256 characters and no spaces')
const IMAGE = 'must be the address of an image: 255 letters, digits and . _ - / : @ at most'
const image = z.string(IMAGE).regex(/^[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,254}$/, IMAGE)
const key = z.string().regex(/^[a-zA-Z0-9:/_-]{1,2048}$/, 'must be the id, the ARN or the alias of a key')
const networkId = z.string().regex(/^[a-zA-Z0-9-]{1,32}$/, 'must be an id of letters, digits and "-"')
const S3_URI = 'must be an address such as s3://bucket/prefix'
const s3Uri = z
  .string(S3_URI)
  .max(1024)
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/, S3_URI)
const url = z.url({ protocol: /^https?$/, error: 'must be an address such as https://host' })
const INSTANCE_TYPE = 'must be an instance type such as ml.m5.large'
const instanceType = z.string(INSTANCE_TYPE).regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, INSTANCE_TYPE)
const INSTANCE_TYPES = 'must be a list of instance types such as ["ml.m5.large"]'
const ROLE = 'must be the ARN of a role: arn:aws:iam::<account>:role/<name>'
const role = z.string(ROLE).regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, ROLE)
const REGION = 'must be a region such as eu-central-1'
const SOURCE = 'must be the folder of the program'
const ENTRY_POINT = 'must be the file of the program in the source folder'
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
  region: z.string(REGION).regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, REGION),
  /** Where source, checkpoints and output go. */
  s3: s3Uri,
  /** An address of an image, or a container of Hugging Face by its version. */
  image: z.union(
    [image, z.strictObject({ huggingFace: z.strictObject({ transformers: text }) })],
    `${IMAGE}, or { "huggingFace": { "transformers": "<version>" } }`,
  ),
  /** The directory with the program, relative to this file. */
  source: z.string(SOURCE).min(1, SOURCE),
  /** The program, relative to `source`. */
  entryPoint: z.string(ENTRY_POINT).min(1, ENTRY_POINT),
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
  instanceTypes: z.array(instanceType, INSTANCE_TYPES).min(1, INSTANCE_TYPES),
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

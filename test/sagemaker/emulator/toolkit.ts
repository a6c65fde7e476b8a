/**
 * What the SageMaker training toolkit does inside a container, in arguments and environment: hyperparameters are decoded
 * from JSON, those of the service's own (`sagemaker_...`) kept back, the rest sorted into `--name value`.
 * After https://github.com/aws/sagemaker-training-toolkit (Apache-2.0), ENVIRONMENT_VARIABLES.md.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pythonText } from './python-text.js'

export interface ContainerLayout {
  /** The folder that stands for /opt/ml. */
  readonly root: string
  readonly host: string
  readonly hosts: readonly string[]
  readonly channels: readonly string[]
  readonly job: { readonly name: string; readonly arn: string; readonly region: string; readonly instanceType: string }
  /** As in the request: text by name, each JSON where the toolkit is to decode it. */
  readonly hyperparameters: Readonly<Record<string, string>>
}

/** `--name value` for every hyperparameter that is the program's own. */
export function userArguments(hyperparameters: Readonly<Record<string, string>>): string[] {
  return Object.keys(hyperparameters)
    .filter((name) => !name.startsWith('sagemaker_') && name !== '_tuning_objective_metric')
    .sort()
    .flatMap((name) => [name.length > 1 ? `--${name}` : `-${name}`, pythonText(hyperparameters[name]!)])
}

/** A hyperparameter of the service's own, decoded. */
export function decoded(hyperparameters: Readonly<Record<string, string>>, name: string): string | undefined {
  const text = hyperparameters[name]
  return text === undefined ? undefined : pythonText(text)
}

export function resourceConfig({ host, hosts, job }: ContainerLayout): object {
  return {
    current_host: host,
    current_instance_type: job.instanceType,
    current_group_name: 'homogeneousCluster',
    hosts,
    instance_groups: [{ instance_group_name: 'homogeneousCluster', instance_type: job.instanceType, hosts }],
    network_interface_name: 'eth0',
  }
}

/** What the service itself sets in every container. */
export function serviceEnvironment({ job }: ContainerLayout): Record<string, string> {
  return {
    TRAINING_JOB_NAME: job.name,
    TRAINING_JOB_ARN: job.arn,
    AWS_REGION: job.region,
    AWS_DEFAULT_REGION: job.region,
  }
}

/** What the toolkit adds to it. */
export function toolkitEnvironment(layout: ContainerLayout): Record<string, string> {
  const { root, host, hosts, channels, hyperparameters, job } = layout
  const entry = decoded(hyperparameters, 'sagemaker_program') ?? ''
  const own = Object.fromEntries(
    Object.entries(hyperparameters)
      .filter(([name]) => !name.startsWith('sagemaker_'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, text]) => [name, value(text)]),
  )
  const variables: Record<string, unknown> = {
    hosts,
    current_host: host,
    current_instance_type: job.instanceType,
    network_interface_name: 'eth0',
    num_cpus: availableParallelism(),
    num_gpus: 0,
    log_level: 20,
    hps: own,
    user_args: userArguments(hyperparameters),
    user_entry_point: entry,
    module_name: entry.replace(/\.py$/, ''),
    module_dir: decoded(hyperparameters, 'sagemaker_submit_directory') ?? '',
    framework_params: {},
    resource_config: resourceConfig(layout),
    input_data_config: Object.fromEntries(channels.map((name) => [name, { TrainingInputMode: 'File' }])),
    channels,
    model_dir: join(root, 'model'),
    input_dir: join(root, 'input'),
    input_config_dir: join(root, 'input/config'),
    output_dir: join(root, 'output'),
    output_data_dir: join(root, 'output/data'),
    output_intermediate_dir: join(root, 'output/intermediate'),
  }
  for (const name of channels) variables[`channel_${name}`] = join(root, 'input/data', name)
  for (const [name, one] of Object.entries(own)) variables[`hp_${name}`] = one
  return {
    SAGEMAKER_BASE_DIR: root,
    SAGEMAKER_REGION: job.region,
    SAGEMAKER_JOB_NAME: decoded(hyperparameters, 'sagemaker_job_name') ?? '',
    ...Object.fromEntries(
      Object.entries(variables).map(([name, one]) => [
        `SM_${name.toUpperCase()}`,
        typeof one === 'string' ? one : JSON.stringify(one),
      ]),
    ),
  }
}

function value(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

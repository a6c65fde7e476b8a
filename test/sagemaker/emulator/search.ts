/** `Search` over training jobs: filters on properties and tags. */
import type { Filter, SearchExpression } from '@aws-sdk/client-sagemaker'
import { ServiceError } from './service-error.js'
import type { TrainingJob } from './training-job.js'

/** Whether a job matches; an expression without filters matches all. */
export function matches(job: TrainingJob, expression: SearchExpression | undefined): boolean {
  if (!expression) return true
  if (expression.NestedFilters)
    throw new ServiceError('ValidationException', 'NestedFilters are not supported for training jobs here.')
  const parts = [
    ...(expression.Filters ?? []).map((filter) => meets(job, filter)),
    ...(expression.SubExpressions ?? []).map((one) => matches(job, one)),
  ]
  return expression.Operator === 'Or' ? parts.some(Boolean) : parts.every(Boolean)
}

function meets(
  job: TrainingJob,
  { Name: name = '', Operator: operator = 'Equals', Value: wanted = '' }: Filter,
): boolean {
  const given = property(job, name)
  switch (operator) {
    case 'Equals':
      return given === wanted
    case 'NotEquals':
      return given !== wanted
    case 'Contains':
      return given?.includes(wanted) ?? false
    case 'In':
      return given !== undefined && wanted.split(',').includes(given)
    case 'Exists':
      return given !== undefined
    case 'NotExists':
      return given === undefined
    default: {
      if (given === undefined) return false
      const order = name.endsWith('Time') ? Date.parse(given) - Date.parse(wanted) : Number(given) - Number(wanted)
      return {
        GreaterThan: order > 0,
        GreaterThanOrEqualTo: order >= 0,
        LessThan: order < 0,
        LessThanOrEqualTo: order <= 0,
      }[operator]
    }
  }
}

/** `Tags.key`, `HyperParameters.name` or a property of the job. */
function property(job: TrainingJob, name: string): string | undefined {
  const tag = /^Tags\.(.*)$/s.exec(name)
  if (tag) return job.tags.find(({ Key }) => Key === tag[1])?.Value
  const hyperparameter = /^HyperParameters\.(.*)$/s.exec(name)
  if (hyperparameter) return job.request.HyperParameters?.[hyperparameter[1]!]
  const known: Readonly<Record<string, string | undefined>> = {
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary,
    FailureReason: job.failureReason,
    RoleArn: job.request.RoleArn,
    'ResourceConfig.InstanceType': job.instanceType,
    CreationTime: new Date(job.created).toISOString(),
    LastModifiedTime: new Date(job.modified).toISOString(),
    TrainingEndTime: job.ended === undefined ? undefined : new Date(job.ended).toISOString(),
  }
  if (!(name in known)) throw new ServiceError('ValidationException', `Unknown property name: ${name}`)
  return known[name]
}

/** `bench run --dry-run`: what a run on SageMaker would send first, and what it may cost. Sends nothing. */
import { costText } from '../report/cost-text.js'
import { plural } from '../report/format.js'
import type { PlanOptions } from '../run/plan-run.js'
import { type SageMakerFlags, costsOf } from './sagemaker-flags.js'
import { printJson } from './session.js'
import type { Terminal } from './terminal.js'

/** @throws BenchError for whatever would keep the run from being begun */
export async function dryRun(
  experiment: string,
  options: PlanOptions & { readonly out?: string },
  { config: path, maxCost }: SageMakerFlags,
  { terminal, json }: { readonly terminal: Terminal; readonly json: boolean },
): Promise<void> {
  const { planRun } = await import('../run/plan-run.js')
  const { prepareSageMaker } = await import('../run/sagemaker/prepare.js')
  const { settingsOf } = await import('../run/sagemaker/settings.js')
  const { sageMakerRequests } = await import('../run/sagemaker/requests.js')
  const { config } = settingsOf({ sagemaker: path === undefined ? undefined : { config: path } })
  const { checkOutsideSource } = await import('../run/sagemaker/outside-source.js')
  checkOutsideSource(config.source, options.out ?? 'results', 'the run directory')
  const { plan, tables } = await planRun(experiment, options, true)
  const prepared = await prepareSageMaker(plan, tables, config, maxCost)
  const costs = costsOf(prepared, maxCost)
  const requests = await sageMakerRequests(prepared)
  // JSON has no NaN: what is not known is null.
  if (json) return printJson(terminal, { costs, ...requests })
  const { upload, runs } = requests
  const lines = [
    costText(costs),
    '',
    `PutObject s3://${upload.Bucket}/${upload.Key}: ${plural(upload.files, 'file')}, ${upload.bytes} bytes, unless it is there`,
    ...runs.flatMap(({ table, method, seed, createTrainingJob }) =>
      [
        '',
        `${table}, ${method}, seed ${seed}: CreateTrainingJob, ${plural(createTrainingJob.length, 'time')} at first`,
      ].concat(createTrainingJob.map((request) => JSON.stringify(request, null, 2))),
    ),
    '',
    'Nothing was sent. Later jobs depend on what these report; zeros in names stand for an id that is drawn when the run begins.',
  ]
  terminal.out(`${lines.join('\n')}\n`)
}

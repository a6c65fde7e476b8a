/** `bench launch`: runs an experiment's tuner itself as a training job. */
import type { Command } from 'commander'
import { BenchError } from '../../core/errors.js'
import type { LaunchOptions, tunerBound } from '../../run/launch/launch.js'
import type { SageMakerPreparation } from '../../run/sagemaker/prepare.js'
import { costText } from '../../report/cost-text.js'
import { parseAmount, parseBudget, parseList, parseSeeds, parseWorkers, quoted } from '../arguments.js'
import { endAtSignal } from '../interrupt.js'
import { askToBegin, costsOf } from '../sagemaker-flags.js'
import { type Session, examples } from '../session.js'

interface LaunchFlags {
  readonly on?: string
  readonly config?: string
  readonly seeds?: string
  readonly tables?: readonly string[]
  readonly methods?: string
  readonly workers?: string
  readonly budget?: string
  readonly maxCost?: number
  readonly out?: string
  readonly resume?: true
  readonly yes?: true
}

/** Checks an option and keeps it as it was typed, for the tuner. */
const checked =
  (parse: (text: string) => unknown) =>
  (text: string): string => {
    parse(text)
    return text
  }

export function addLaunch(program: Command, session: Session): void {
  program
    .command('launch')
    .description('run an experiment from a machine of SageMaker: the tuner is a training job, too')
    .argument('<experiment>', 'a name from "bench list", or the path of a module that default-exports an experiment')
    .option('--on <where>', 'sagemaker')
    .option('--config <file>', 'how jobs are made; its "launch" says on which machine the tuner runs (sagemaker.json)')
    .option('--out <dir>', 'what knows where it runs, and where "bench fetch" puts results')
    .option('--resume', 'launch the tuner of --out again, which has ended; it goes on')
    .option('--seeds <N|A-B|A,B>', 'how many seeds, a range or a list', checked(parseSeeds))
    .option('--tables <a,b>', "tables by name or path, instead of the experiment's", (text) =>
      parseList('--tables', text),
    )
    .option(
      '--methods <a,b>',
      'only these methods of the experiment',
      checked((text) => parseList('--methods', text)),
    )
    .option('--workers <N,M>', 'how many trials run at a time', checked(parseWorkers))
    .option('--budget <amount>', 'when a run ends: 13evals, 2h, 40trials, 12usd', checked(parseBudget))
    .option('--max-cost <dollars>', 'stop in time before all runs together cost more; the tuner comes on top', (text) =>
      parseAmount('--max-cost', text),
    )
    .option('--yes', 'do not ask whether to begin')
    .addHelpText(
      'after',
      examples(session, [
        ['launch instance-selection --on sagemaker --config sagemaker.json --max-cost 20 --out results/far', 'begin'],
        ['fetch results/far --wait', 'bring results home, until it has ended'],
        ['stop results/far', 'end the tuner and all its jobs'],
      ]),
    )
    .action(async (experiment: string, flags: LaunchFlags) => {
      await launchTuner(experiment, flags, session)
    })
}

async function launchTuner(experiment: string, flags: LaunchFlags, { terminal }: Session): Promise<void> {
  const { config: path, on, out, resume = false, maxCost, tables, yes } = flags
  if (on !== 'sagemaker') throw new BenchError('launch needs --on sagemaker: there is no other place yet')
  if (path === undefined) throw new BenchError('launch needs --config, the file that says how its jobs are made')
  if (resume && out === undefined)
    throw new BenchError('--resume needs --out, the folder of the tuner to launch again; add --out results/...')
  const { planRun } = await import('../../run/plan-run.js')
  const { prepareSageMaker } = await import('../../run/sagemaker/prepare.js')
  const { checkResumed } = await import('../../run/sagemaker/header.js')
  const { readLaunch } = await import('../../run/launch/launch-record.js')
  const { settingsOf } = await import('../../run/sagemaker/settings.js')
  const { checkOutsideSource } = await import('../../run/sagemaker/outside-source.js')
  const { freeDirectory } = await import('../../run/run-folder.js')
  const launcher = await import('../../run/launch/launch.js')
  const { connectedCalls } = await import('../../run/launch/connected-calls.js')
  const { config } = settingsOf({ sagemaker: { config: path, ...(maxCost !== undefined && { maxCost }) } })
  if (config.launch === undefined)
    throw new BenchError(
      `${path} has no "launch", which says where the tuner runs; add "launch": { "image": "<an image with Node>" }`,
    )
  const { plan, tables: read } = await planRun(experiment, planOptions(flags), true)
  const prepared = await prepareSageMaker(plan, read, config, maxCost)
  const directory = resume ? out! : freeDirectory(plan.experiment, out)
  checkOutsideSource(config.source, directory, 'the run directory')
  if (resume) {
    readLaunch(directory)
    // What was fetched of it says whether it could go on there.
    checkResumed(prepared, directory)
  }
  const tuner = launcher.tunerBound(config, prepared.prices)
  terminal.err(`${costText(costsOf(prepared, maxCost))}\n${tunerText(config.launch.instanceType, tuner, prepared)}\n`)
  const signal = new AbortController().signal
  if (yes !== true) await askToBegin(terminal, signal)
  const what: LaunchOptions = { experiment, tables, options: typedOptions(flags), plan, config }
  const calls = await connectedCalls(config, (text) => terminal.err(`${text}\n`))
  const end = `${terminal.command} stop ${quoted(directory)}`
  const undo = endAtSignal(terminal, `the tuner may have been launched already; make sure that it ends: ${end}`)
  const job = await launcher.launch(what, { directory, resume, calls })
  undo()
  terminal.out(`Launched: ${job}\nResults: ${terminal.command} fetch ${quoted(directory)} --wait\nEnd it: ${end}\n`)
}

/** What the tuner adds to the cost of its jobs. */
function tunerText(
  instanceType: string,
  { hours, usd }: ReturnType<typeof tunerBound>,
  { estimate: { most }, unpriced }: Pick<SageMakerPreparation, 'estimate' | 'unpriced'>,
): string {
  const machine = `tuner, on top of that: ${instanceType}, until the experiment ends, at most ${hours} hours (launch.maxRunSeconds)`
  if (usd === null) return `${machine}, its price is not known`
  const together = unpriced.length > 0 ? '' : `; together at most ${(usd + most).toFixed(2)}`
  return `${machine}, ${usd.toFixed(2)} US dollars${together}`
}

function planOptions({ seeds, tables, methods, workers, budget }: LaunchFlags) {
  return {
    ...(seeds !== undefined && { seeds: parseSeeds(seeds) }),
    ...(tables !== undefined && { tables }),
    ...(methods !== undefined && { methods: parseList('--methods', methods) }),
    ...(workers !== undefined && { workers: parseWorkers(workers) }),
    ...(budget !== undefined && { budget: parseBudget(budget) }),
  }
}

/** What the tuner is given, but for tables, which lie elsewhere there. */
function typedOptions({ seeds, methods, workers, budget, maxCost }: LaunchFlags): string[] {
  const given = { seeds, methods, workers, budget, 'max-cost': maxCost }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
}

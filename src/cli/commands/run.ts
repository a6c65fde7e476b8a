/** `bench run`: runs an experiment and prints what it says. */
import { statSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import type { Command } from 'commander'
import { BenchError, invalid } from '../../core/errors.js'
import type { StopRule } from '../../core/stop-rule.js'
import type { ExperimentResult, RunOptions } from '../../run/run-experiment.js'
import { parseBackend, parseBudget, parseList, parseSeeds, parseThreads, parseWorkers, quoted } from '../arguments.js'
import { budgetWarnings } from '../local-budgets.js'
import { interruptible } from '../interrupt.js'
import type { Live } from '../live/show-live.js'
import {
  type LocalFlags,
  addCheckpointBudget,
  addRetries,
  addResourceFlags,
  firstLocalFlag,
  otherFlags,
  localSettings,
} from '../local-flags.js'
import { ProgressBar } from '../progress.js'
import { type SageMakerFlags, addSageMakerFlags, firstSageMakerFlag, sageMakerSettings } from '../sagemaker-flags.js'
import { problemsOf } from '../run-problems.js'
import { type Session, examples, printJson } from '../session.js'

interface RunFlags extends LocalFlags, SageMakerFlags {
  readonly seeds?: readonly number[]
  readonly tables?: readonly string[]
  readonly methods?: readonly string[]
  readonly workers?: readonly number[]
  readonly budget?: StopRule
  readonly threads?: number
  readonly backend?: RunOptions['backend'] & string
  readonly data?: string
  readonly recording?: readonly string[]
  readonly out?: string
  readonly resume?: true
  readonly json?: true
  readonly quiet?: true
}

export function addRun(program: Command, session: Session): void {
  const command = program
    .command('run')
    .description('run an experiment: compare methods over seeds')
    .argument('<experiment>', 'a name from "bench list", or the path of a module that default-exports an experiment')
    .option('--seeds <N|A-B|A,B>', 'how many seeds, a range or a list (default: what the experiment says)', parseSeeds)
    .option('--tables <a,b>', "tables by name or path, instead of the experiment's", (text) =>
      parseList('--tables', text),
    )
    .option('--methods <a,b>', 'only these methods of the experiment', (text) => parseList('--methods', text))
    .option('--workers <N,M>', 'how many trials run at a time', parseWorkers)
    .option('--budget <amount>', 'when a run ends: 13evals, 1800s, 30min, 2h, 500reports, 40trials, 12usd', parseBudget)
    .option('--threads <N>', 'threads to simulate on; changes nothing but the speed', parseThreads)
    .option(
      '--backend <name>',
      'simulated (default); local: train for real on this machine; sagemaker: in training jobs there',
      parseBackend,
    )
    .option('--out <dir>', 'where the result goes (default: results/<experiment>-<time>)')
    .option('--resume', 'go on with the run in --out; what is finished is not run again')
    .option('--json', 'print the result as one JSON document')
    .option('--quiet', 'show nothing while it runs')
    .optionsGroup('With --backend local:')
    .option('--data <dir>', 'the training data')
    .option('--recording <a,b>', 'what tables of your own were recorded with (modules)', (text) =>
      parseList('--recording', text),
    )
  addSageMakerFlags(addCheckpointBudget(addRetries(addResourceFlags(command))))
    .addHelpText(
      'after',
      examples(session, [
        ['run asha-vs-default --seeds 5', 'five seeds, on all tables of the experiment'],
        ['run asha-vs-default --seeds 1000 --threads 2', 'narrower intervals'],
        ['run asha-vs-default --methods default,asha --budget 30min', 'some methods, another budget'],
        ['run ./my-experiment.ts --tables ./mine.arrow', 'an experiment of your own, on a table of your own'],
        ['run ./my-experiment.ts --json > result.json', 'an experiment of your own, for a script'],
        ['run ./my-experiment.ts --backend sagemaker --config sagemaker.json', 'for real, in training jobs'],
      ]),
    )
    .action(async (experiment: string, flags: RunFlags) => {
      session.exitCode = await run(experiment, flags, session)
    })
}

async function run(experiment: string, flags: RunFlags, session: Session): Promise<number> {
  checkFlags(flags)
  // Standard output is for the one document: what the code of an experiment prints goes to standard error.
  if (flags.json === true) console.log = console.info = console.debug = console.error
  const { terminal } = session
  const { json, quiet } = flags
  const backend = flags.backend ?? 'simulated'
  if (flags.dryRun === true) {
    const { dryRun } = await import('../dry-run.js')
    await dryRun(experiment, flags, flags, { terminal, json: json === true })
    return 0
  }
  const show = json !== true && quiet !== true
  const bar = new ProgressBar(show && terminal.errIsTerminal ? terminal.raw.err : undefined, 'runs')
  let directory: string | undefined
  let live: Live | undefined
  const work = async (signal: AbortSignal): Promise<ExperimentResult> => {
    const { runExperiment } = await import('../../run/run-experiment.js')
    const { showLive } = backend === 'simulated' ? { showLive: undefined } : await import('../live/show-live.js')
    return runExperiment(experiment, {
      ...runOptions(flags),
      sagemaker: sageMakerSettings(flags, terminal, signal),
      signal,
      onPlan: (manifest, planned) => {
        directory = planned === undefined ? undefined : fromHere(planned)
        if (backend !== 'simulated') for (const line of budgetWarnings(manifest)) terminal.err(`${line}\n`)
        bar.begin(0)
        if (planned !== undefined && show) live = showLive?.(planned, manifest, terminal.raw)
      },
      onProgress: (done, total) => {
        if (live === undefined) bar.update(done, total)
      },
      onWarning: (text) => {
        live?.clear()
        bar.clear()
        terminal.err(`${text}\n`)
      },
    })
  }
  let result: ExperimentResult
  try {
    result = await interruptible(work, {
      onFirst: () => {
        live?.clear()
        terminal.err(
          backend === 'sagemaker' && directory !== undefined
            ? `\nstopping all training jobs; Ctrl-C again leaves them running: stop them with ${terminal.command} stop ${quoted(directory)}\n`
            : '\nstopping; Ctrl-C again stops at once\n',
        )
      },
      hint: () => {
        if (directory === undefined) return 'nothing was kept'
        return `what is ${backend === 'simulated' ? 'finished' : 'journalled'} is kept, go on with: ${commandLine(session, ['--out', directory, '--resume'])}`
      },
    })
  } finally {
    await live?.stop()
    bar.clear()
  }
  await print(result, flags, session)
  const problems = problemsOf(result, directory)
  for (const problem of problems) terminal.err(`bench: ${problem}\n`)
  return problems.length === 0 ? 0 : 1
}

/** What makes sense only together. */
function checkFlags(flags: RunFlags): void {
  const { resume, out, data, recording, threads, config } = flags
  const backend = flags.backend ?? 'simulated'
  if (resume === true && out === undefined)
    throw new BenchError('--resume needs --out, the folder of the run to go on with; add --out results/...')
  const local = data !== undefined ? '--data' : recording !== undefined ? '--recording' : firstLocalFlag(flags)
  if (backend !== 'local' && local !== undefined)
    throw new BenchError(`${local} is for --backend local only; ${INSTEAD[backend]}`)
  const sagemaker = firstSageMakerFlag(flags)
  if (backend !== 'sagemaker' && sagemaker !== undefined)
    throw new BenchError(`${sagemaker} is for --backend sagemaker only`)
  if (backend === 'sagemaker' && config === undefined)
    throw new BenchError('--backend sagemaker needs --config, the file that says how its jobs are made')
  if (flags.dryRun === true && resume === true)
    throw new BenchError('--dry-run shows how a run begins, --resume goes on with one; leave one of them out')
  if (backend !== 'simulated' && threads !== undefined)
    throw new BenchError('--threads is for the simulated backend only; --workers says how many trainings run at a time')
  if (data !== undefined) checkFolder('--data', data)
  if (out !== undefined && statSync(out, { throwIfNoEntry: false })?.isDirectory() === false)
    throw invalid('--out', out, 'must be a folder or not exist', 'it holds many files')
}

const INSTEAD = {
  simulated: 'the simulated backend replays tables',
  sagemaker: 'what jobs get stands in the file of --config',
  local: '',
} as const

/** @throws BenchError if there is no such folder */
export function checkFolder(option: string, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw invalid(option, path, 'must be a folder that exists')
}

function runOptions(flags: RunFlags): RunOptions {
  const {
    data,
    recording,
    resume,
    json: _json,
    quiet: _quiet,
    config: _config,
    maxCost: _maxCost,
    yes: _yes,
    dryRun: _dryRun,
    ...same
  } = otherFlags(flags)
  const local = localSettings(flags)
  return {
    ...same,
    ...(local && { local }),
    ...(data !== undefined && { dataDir: data }),
    ...(recording !== undefined && { recordings: recording }),
    ...(resume === true && { resume }),
  }
}

async function print(result: ExperimentResult, flags: RunFlags, session: Session): Promise<void> {
  const { manifest, set, directory, elapsedSeconds } = result
  const { terminal } = session
  const repeat = commandLine(session, [])
  if (directory !== undefined) {
    const { writeReport } = await import('../../publish/write-report.js')
    writeReport(directory, manifest, set, { repeat, elapsedSeconds })
  }
  if (flags.json === true) {
    const { resultDocument } = await import('../../report/result-document.js')
    printJson(terminal, resultDocument(manifest, set, { directory, elapsedSeconds }))
    return
  }
  const { renderReport } = await import('../../report/tables.js')
  const shown = directory === undefined ? undefined : fromHere(directory)
  terminal.styled(renderReport(manifest, set, { directory: shown, elapsedSeconds, repeat, colors: terminal.colors }))
}

/** A path below the current directory without what leads there. */
function fromHere(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}

/** This call as it can be typed again, with other options for where the result goes and how it is shown. */
function commandLine({ argv, terminal }: Session, more: readonly string[]): string {
  const kept: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!
    if (argument === '--out') i++
    else if (!argument.startsWith('--out=') && !['--resume', '--json', '--quiet'].includes(argument))
      kept.push(argument)
  }
  return [terminal.command, ...[...kept, ...more].map((argument) => quoted(argument))].join(' ')
}

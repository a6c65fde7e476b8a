/** `bench verify`: trains for real what a simulated run replayed, and says whether the simulation tells the truth. */
import type { Command } from 'commander'
import { BenchError, invalid } from '../../core/errors.js'
import { formatDuration, plural } from '../../report/format.js'
import type { Verification } from '../../store/verification.js'
import { parseAmount, parseCount, parseList, parseSeeds, quoted } from '../arguments.js'
import { interruptible } from '../interrupt.js'
import { type LocalFlags, addResourceFlags, localSettings } from '../local-flags.js'
import { ProgressBar } from '../progress.js'
import { type Session, examples, printJson } from '../session.js'
import { checkFolder } from './run.js'

const MOST_TRIALS = 1_000_000
const DEFAULT_TRIALS = 20

interface VerifyFlags extends Omit<LocalFlags, 'retries'> {
  readonly backend?: 'local'
  readonly trials?: number
  readonly incumbents?: true
  readonly seed?: number
  readonly workers?: number
  readonly whole?: true
  readonly seeds?: readonly number[]
  readonly stretch?: number
  readonly budget?: number
  readonly data?: string
  readonly tables?: readonly string[]
  readonly recording?: readonly string[]
  readonly json?: true
}

export function addVerify(program: Command, session: Session): void {
  const command = program
    .command('verify')
    .description('train for real what a simulated run replayed: does the simulation tell the truth?')
    .argument('<dir>', 'the directory of a simulated run')
    .option('--backend <name>', 'local: train on this machine (default)', parseVerifyBackend)
    .option('--budget <seconds>', 'nothing is begun after so many seconds', (text) => parseAmount('--budget', text))
    .option('--data <dir>', 'the training data')
    .option('--tables <a,b>', 'tables of your own that the run replayed, by path', (text) =>
      parseList('--tables', text),
    )
    .option('--recording <a,b>', 'what they were recorded with (modules)', (text) => parseList('--recording', text))
    .option('--json', 'print what was found as one JSON document')
    .optionsGroup('A sample of the recorded trainings (default):')
    .option('--trials <N>', `how many trainings (default: ${DEFAULT_TRIALS}), stratified over rungs`, (text) =>
      parseCount('--trials', text, 1, MOST_TRIALS),
    )
    .option('--incumbents', 'also all that runs ended with: the conclusion rests on these')
    .option('--seed <N>', 'draw another sample', (text) => parseCount('--seed', text, 0, 2 ** 31 - 1))
    .option('--workers <N>', 'trainings at a time (default: as when they were recorded)', (text) =>
      parseCount('--workers', text, 1, 1024),
    )
    .optionsGroup('The whole experiment:')
    .option('--whole', 'run the experiment for real, with the same configurations and training seeds')
    .option('--seeds <N|A-B|A,B>', 'only these seeds of the run', parseSeeds)
    .option('--stretch <factor>', 'multiply budgets in seconds, for a machine that takes longer', (text) =>
      parseAmount('--stretch', text),
    )
  addResourceFlags(command.optionsGroup('What a training gets of this machine:'))
    .addHelpText(
      'after',
      examples(session, [
        ['verify results/a --trials 30 --data ../data', '30 recorded trainings, made again'],
        ['verify results/a --trials 30 --incumbents --data ../data', 'and those that the conclusion rests on'],
        ['verify results/a --whole --seeds 3 --budget 3600 --data ../data', 'the experiment itself, for an hour'],
      ]),
    )
    .action(async (directory: string, flags: VerifyFlags) => verify(directory, flags, session))
}

function parseVerifyBackend(text: string): 'local' {
  if (text !== 'local')
    throw invalid('--backend', text, 'must be local', 'leave it out: verification trains on this machine')
  return text
}

/** What makes sense only together. */
function checkFlags({ whole, data, ...flags }: VerifyFlags): void {
  const alone = (['trials', 'incumbents', 'seed', 'workers'] as const).find((name) => flags[name] !== undefined)
  if (whole === true && alone !== undefined) throw new BenchError(`--${alone} is for a sample; leave it or --whole out`)
  const entire = (['seeds', 'stretch'] as const).find((name) => flags[name] !== undefined)
  if (whole !== true && entire !== undefined) throw new BenchError(`--${entire} goes with --whole; add --whole`)
  if (data !== undefined) checkFolder('--data', data)
}

async function verify(directory: string, flags: VerifyFlags, session: Session): Promise<void> {
  checkFlags(flags)
  if (flags.json === true) console.log = console.info = console.debug = console.error
  const { terminal } = session
  checkFolder('the run directory', directory)
  const bar = new ProgressBar(
    flags.json !== true && terminal.errIsTerminal ? terminal.raw.err : undefined,
    flags.whole === true ? 'runs' : 'trainings',
  )
  const again = [terminal.command, ...session.argv.filter((one) => one !== '--json').map((one) => quoted(one))].join(
    ' ',
  )
  let found: Verification
  try {
    found = await interruptible((signal) => made(directory, flags, { signal, bar, session }), {
      onFirst: () => terminal.err('\nstopping; Ctrl-C again stops at once\n'),
      hint: () => `what was trained is kept, go on with: ${again}`,
    })
  } finally {
    bar.clear()
  }
  const { readRunSet } = await import('../../store/read-run-set.js')
  const { verificationReport } = await import('../../report/verification/page.js')
  const { writeVerificationPages } = await import('../../publish/write-verification.js')
  const run = readRunSet(directory)
  const report = verificationReport(run.manifest, run.set, found, again)
  const { html } = await writeVerificationPages(run, report)
  if (flags.json === true) {
    const { verificationDocument } = await import('../../report/verification/document.js')
    printJson(terminal, verificationDocument(run.manifest, run.set, found, report))
    return
  }
  const { renderVerification } = await import('../../report/verification/terminal.js')
  terminal.styled(renderVerification(report, { page: html, colors: terminal.colors }))
}

interface Running {
  readonly signal: AbortSignal
  readonly bar: ProgressBar
  readonly session: Session
}

async function made(directory: string, flags: VerifyFlags, { signal, bar, session }: Running): Promise<Verification> {
  const { terminal } = session
  const { data, tables, recording, budget, seed, workers, seeds, stretch } = flags
  const local = localSettings(flags)
  const shared = {
    ...(data !== undefined && { dataDir: data }),
    ...(tables !== undefined && { tables }),
    ...(recording !== undefined && { recordings: recording }),
    ...(local !== undefined && { local }),
    ...(budget !== undefined && { budget }),
    signal,
    onProgress: (done: number, total: number) => bar.update(done, total),
    onWarning: (text: string) => terminal.err(`bench: ${text}\n`),
  }
  if (flags.whole === true) {
    const { verifyWhole } = await import('../../run/verify/verify-whole.js')
    return verifyWhole(directory, {
      ...shared,
      ...(seeds !== undefined && { seeds }),
      ...(stretch !== undefined && { stretch }),
    })
  }
  const { verifyRun } = await import('../../run/verify/verify-run.js')
  return verifyRun(directory, {
    ...shared,
    trials: flags.trials ?? DEFAULT_TRIALS,
    incumbents: flags.incumbents === true,
    ...(seed !== undefined && { seed }),
    ...(workers !== undefined && { workers }),
    onPlan: ({ trainings, seconds, kept }) => {
      if (flags.json === true) return
      const before = kept === 0 ? '' : `, ${kept} are there already`
      terminal.err(`${plural(trainings, 'training')} to make, ${formatDuration(seconds)} as recorded${before}\n`)
      bar.begin(kept)
    },
  })
}

/** `bench record`: trains a plan of configurations for real and writes their learning curves as a table. */
import type { Command } from 'commander'
import { BenchError, invalid, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import type { RecordOptions, RecordResult } from '../../record/record.js'
import type { Recording } from '../../record/recording.js'
import { formatDuration, plural } from '../../report/format.js'
import { parseCount, quoted } from '../arguments.js'
import { interruptible } from '../interrupt.js'
import { type LocalFlags, addResourceFlags, firstLocalFlag, resourcesGiven } from '../local-flags.js'
import { ProgressBar } from '../progress.js'
import { type SageMakerFlags, addJobFlags, firstSageMakerFlag } from '../sagemaker-flags.js'
import { type Session, examples } from '../session.js'
import { checkFolder } from './run.js'

const MOST = 1_000_000
const BACKENDS = ['local', 'sagemaker'] as const

interface RecordFlags extends Omit<LocalFlags, 'retries'>, Omit<SageMakerFlags, 'dryRun'> {
  readonly backend?: (typeof BACKENDS)[number]
  readonly data?: string
  readonly out?: string
  readonly workers?: number
  readonly limit?: number
  readonly check?: string
  readonly rows?: number
  readonly fromRun?: string
  readonly fromJournal?: string
  readonly planOut?: string
  readonly allowPartial?: true
  readonly alone?: true
  readonly aloneLevels?: number
}

export function addRecord(program: Command, session: Session): void {
  const command = program
    .command('record')
    .description('record learning curves by training for real, into a table')
    .argument('[recording]', 'a name from "bench list", or the path of a module that default-exports a recording')
    .option('--data <dir>', 'the folder with the training data')
    .option('--out <table.arrow>', 'the table (default: <recording>.arrow); its journal is kept beside it')
    .option('--workers <N>', 'trainings at a time (default: 1)', (text) => parseCount('--workers', text, 1, 1024))
    .option('--limit <N>', 'end after so many trainings; go on later with the same command', (text) =>
      parseCount('--limit', text, 1, MOST),
    )
    .option('--check <table>', 'train rows of a recorded table again and compare')
    .option('--rows <N>', 'how many rows --check trains (default: 5)', (text) => parseCount('--rows', text, 1, MOST))
    .option('--from-run <path>', 'make a table of what --backend local trained: a run directory, or one journal of it')
    .option('--plan-out <plan.json>', 'write what trainer/drive.py needs to record on a machine without Node')
    .option('--from-journal <file>', 'make a table of a journal recorded elsewhere')
    .option('--alone', 'second pass, for times: each recorded configuration once, with nothing beside it')
    .option('--alone-levels <K>', 'end trainings of that pass after K levels (default: all)', (text) =>
      parseCount('--alone-levels', text, 1, MOST),
    )
    .option('--backend <name>', 'local (default), or sagemaker: every training a training job', parseRecordBackend)
    .option('--allow-partial', 'write a table of the configurations that are recorded whole')
  addResourceFlags(command.optionsGroup('What a training gets of this machine:'))
  addJobFlags(command)
    .addHelpText(
      'after',
      examples(session, [
        ['record minilm-mrpc --data ./glue --plan-out plan.json', 'for a GPU machine without Node'],
        ['record ngram-mrpc --data ./glue --out mrpc.arrow', 'record; Ctrl-C and the same command goes on'],
        ['record ./my-recording.ts --data DIR --limit 3 --out mine.arrow', 'try it out first'],
        ['record --check ngram-mrpc --rows 5 --data ./glue', 'do rows come out the same again?'],
        ['record ./my-recording.ts --backend sagemaker --config sagemaker.json', 'with real prices and start-up times'],
        ['record --from-run results/my-run --out mine.arrow', 'a table of what local runs trained'],
      ]),
    )
    .action(async (name: string | undefined, flags: RecordFlags) => {
      session.exitCode = await record(name, flags, session)
    })
}

function record(name: string | undefined, flags: RecordFlags, session: Session): Promise<number> {
  const { data, check, fromRun, rows } = flags
  if (data !== undefined) checkFolder('--data', data)
  const modes = (['check', 'fromRun', 'planOut', 'fromJournal'] as const).filter((mode) => flags[mode] !== undefined)
  if (flags.aloneLevels !== undefined && !flags.alone)
    throw new BenchError('--alone-levels is for --alone; add --alone')
  if (flags.alone && flags.workers !== undefined) throw new BenchError('--alone runs one at a time; drop --workers')
  if (modes.length > 1) throw new BenchError(`give ${modes.slice(0, 2).map(optionName).join(' or ')}, not both`)
  if (check === undefined && rows !== undefined) throw new BenchError('--rows is for --check; add --check TABLE')
  if (check !== undefined) return checkTable(check, name, flags, session)
  if (fromRun !== undefined) return fromRunDirectory(fromRun, name, flags, session)
  if (name === undefined)
    throw new BenchError(`record needs the name or the module of a recording; see ${session.terminal.command} list`)
  checkBackend(flags)
  return elsewhere(name, flags, session) ?? recordTable(name, flags, session)
}

function parseRecordBackend(text: string): (typeof BACKENDS)[number] {
  const backend = BACKENDS.find((name) => name === text)
  if (backend === undefined) throw new BenchError(`unknown backend ${show(text)}${suggestion(text, BACKENDS)}`)
  return backend
}

/** What belongs to one of the backends. */
function checkBackend(flags: RecordFlags): void {
  const jobs = firstSageMakerFlag(flags)
  if (flags.backend !== 'sagemaker') {
    if (jobs !== undefined) throw new BenchError(`${jobs} is for --backend sagemaker only`)
    return
  }
  if (flags.config === undefined)
    throw new BenchError('--backend sagemaker needs --config, the file that says how its jobs are made')
  const { alone, aloneLevels, data, planOut, fromJournal } = flags
  const own = Object.entries({ alone, aloneLevels, data, planOut, fromJournal }).find(
    ([, value]) => value !== undefined,
  )
  const local = own === undefined ? firstLocalFlag(flags) : optionName(own[0])
  if (local !== undefined)
    throw new BenchError(`${local} is not for --backend sagemaker; what jobs get stands in the file of --config`)
}

/** What has to do with recording on another machine; undefined: nothing does. */
function elsewhere(name: string, flags: RecordFlags, { terminal }: Session): Promise<number> | undefined {
  const { planOut, fromJournal, data, out, allowPartial } = flags
  const refuse = (mode: string, ...options: readonly (keyof RecordFlags)[]): void => {
    const wrong = options.find((option) => flags[option] !== undefined)
    if (wrong !== undefined) throw new BenchError(`${optionName(wrong)} is not for ${mode}; drop it`)
  }
  if (planOut !== undefined) {
    refuse('--plan-out', 'out', 'workers', 'limit', 'allowPartial', 'alone')
    return import('./record-elsewhere.js').then(({ writePlan }) => writePlan(name, { planOut, data }, terminal))
  }
  if (fromJournal === undefined) return undefined
  refuse('--from-journal', 'workers', 'limit', 'alone')
  const table = out ?? missingOut('--from-journal')
  checkOut(table)
  const options = { journal: fromJournal, out: table, data, allowPartial }
  return import('./record-elsewhere.js').then(({ tableOfJournal }) => tableOfJournal(name, options, terminal))
}

function optionName(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function missingOut(mode: string): never {
  throw new BenchError(`${mode} needs --out, the table to write; add --out mine.arrow`)
}

async function recordTable(name: string, flags: RecordFlags, session: Session): Promise<number> {
  const { terminal } = session
  const { loadRecording } = await import('../../run/catalogue.js')
  const recorder = await import('../../record/record.js')
  const loaded: Recording = await loadRecording(name)
  const out = flags.out ?? `${loaded.name}.arrow`
  checkOut(out)
  const bar = new ProgressBar(terminal.errIsTerminal ? terminal.err : undefined, 'trainings')
  const onWarning = (text: string): void => {
    bar.clear()
    terminal.err(`${text}\n`)
  }
  const { recording, place } =
    flags.backend === 'sagemaker'
      ? await (
          await import('./record-on-sagemaker.js')
        ).begin(loaded, { ...flags, config: flags.config!, out, onWarning }, terminal)
      : { recording: loaded, place: undefined }
  if (place === undefined) checkData(recording, flags.data)
  const again = [terminal.command, ...session.argv.map((argument) => quoted(argument))].join(' ')
  const options: RecordOptions = {
    recording,
    dataDir: flags.data,
    workers: flags.workers ?? 1,
    resources: resourcesGiven(flags),
    timeLimit: flags.trialTimeout,
    out,
    allowPartial: flags.allowPartial,
    aloneLevels: flags.alone && (flags.aloneLevels ?? recording.resource.levels),
    onWarning,
    place,
  }
  let ended = 0
  const work = (signal: AbortSignal): Promise<RecordResult> => {
    const limit = new AbortController()
    signal.addEventListener('abort', () => limit.abort())
    return recorder.record({
      ...options,
      signal: limit.signal,
      onProgress: ({ done, total, failed, secondsLeft }) => {
        if (ended === 0) bar.begin(done - 1)
        ended++
        bar.update(done, total, failed === 0 ? '' : `  ${failed} failed`)
        if (!terminal.errIsTerminal && (done === total || done % 100 === 0))
          terminal.err(`${done}/${total} trainings, ${formatDuration(Math.ceil(secondsLeft))} left\n`)
        if (ended === flags.limit) limit.abort()
      },
    })
  }
  let result: RecordResult
  try {
    result = await interruptible(work, {
      onFirst: () =>
        terminal.err(
          place === undefined
            ? '\nstopping; what is finished is kept\n'
            : `\nstopping all training jobs; Ctrl-C again leaves them running: stop them with ${terminal.command} stop ${quoted(out)}\n`,
        ),
      hint: () => `what is finished is kept, go on with: ${again}`,
      finished: ({ status, alone }) =>
        (alone === undefined ? status === 'complete' : alone.done === alone.total) || ended === flags.limit,
    })
  } finally {
    bar.clear()
  }
  const { done, total, failed, table, lacks, journal, alone } = result
  if (alone !== undefined) {
    terminal.out(`${alone.done} of ${plural(alone.total, 'configuration')} measured alone\n`)
    if (alone.failed > 0) terminal.err(`bench: ${plural(alone.failed, 'configuration')} failed; see ${journal}\n`)
  }
  const look = table === undefined ? '' : `Look at it: ${terminal.command} show ${quoted(table)}\n`
  terminal.out(
    lacks === undefined
      ? `${plural(done, 'training')} recorded in ${table}\n${look}`
      : `${done} of ${plural(total, 'training')} recorded; they are in ${journal}\n` +
          (flags.allowPartial === undefined ? '' : `${table ?? 'No table was written'}: ${lacks}\n${look}`) +
          `Go on: ${again}\n`,
  )
  if (failed > 0) terminal.err(`bench: ${plural(failed, 'training')} failed; the journal says why: ${journal}\n`)
  return failed > 0 ? 1 : 0
}

function checkData({ name, program }: Recording, data: string | undefined): void {
  if (program.dataArgument !== undefined && data === undefined)
    throw new BenchError(
      `${name} needs --data, the folder that holds ${(program.dataFiles ?? ['its data']).join(', ')}`,
    )
}

function checkOut(out: string): void {
  if (!out.endsWith('.arrow'))
    throw invalid('--out', out, 'must end in .arrow', `write --out ${quoted(`${out}.arrow`)}`)
}

async function checkTable(
  table: string,
  name: string | undefined,
  flags: RecordFlags,
  session: Session,
): Promise<number> {
  const { terminal } = session
  for (const option of ['out', 'limit', 'allowPartial', 'alone'] as const)
    if (flags[option] !== undefined) throw new BenchError(`${optionName(option)} is for recording, not for --check`)
  const { findTable, loadRecording } = await import('../../run/catalogue.js')
  const { readTable } = await import('../../surrogates/read.js')
  const { checkRecordedTable, describeDifference } = await import('../../record/check.js')
  const data = readTable(findTable(table))
  const { name: tableName, provenance } = data.metadata
  if (provenance.kind !== 'recorded')
    throw new BenchError(`table ${tableName} is ${provenance.kind}, not recorded; there is nothing to train again`)
  const recording = await loadRecording(name ?? tableName)
  checkData(recording, flags.data)
  const rows = flags.rows ?? 5
  let trained = 0
  const check = (signal: AbortSignal): ReturnType<typeof checkRecordedTable> =>
    checkRecordedTable({
      table: data,
      recording,
      dataDir: flags.data,
      rows,
      workers: flags.workers,
      resources: resourcesGiven(flags),
      timeLimit: flags.trialTimeout,
      signal,
      onRow: ({ row, difference, timeRatio, timeAgrees }) => {
        trained++
        const metrics = difference === undefined ? 'equal' : `DIFFERS: ${describeDifference(difference)}`
        const times = Number.isNaN(timeRatio)
          ? ''
          : `; ${timeRatio.toFixed(2)} times the seconds${timeAgrees ? '' : ' (more than a factor of two)'}`
        terminal.err(`row ${row}: ${metrics}${times}\n`)
      },
    })
  const result = await interruptible(check, {
    onFirst: () => terminal.err('\nstopping\n'),
    hint: () => `${trained} of ${plural(rows, 'row')} were checked`,
    finished: ({ rows: checked }) => checked.length >= Math.min(rows, data.rows),
  })
  const count = result.rows.length
  // One training may meet a busy moment of the machine; the median says whether the recorded times still hold here.
  const ratios = result.rows.map(({ timeRatio }) => timeRatio).filter((ratio) => !Number.isNaN(ratio))
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 1
  const timesHold = median >= 0.5 && median <= 2
  terminal.out(
    `${result.equal} of ${plural(count, 'row')} trained again came out equal to the last bit; the median training took ` +
      `${median.toFixed(2)} times the recorded seconds${timesHold ? '' : ', more than a factor of two off'}\n`,
  )
  return result.equal === count && timesHold ? 0 : 1
}

async function fromRunDirectory(
  path: string,
  name: string | undefined,
  { out }: RecordFlags,
  { terminal }: Session,
): Promise<number> {
  if (name !== undefined) throw new BenchError(`--from-run needs no recording, got ${show(name)}`)
  const table = out ?? missingOut('--from-run')
  checkOut(table)
  const { tableOfRun } = await import('./record-from-run.js')
  return tableOfRun(path, table, terminal)
}

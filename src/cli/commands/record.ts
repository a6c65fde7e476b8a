/** `bench record`: trains a plan of configurations for real and writes their learning curves as a table. */
import type { Command } from 'commander'
import { BenchError, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import { parseCount } from '../arguments.js'
import { addResourceFlags, firstLocalFlag } from '../local-flags.js'
import { RECORD_BACKENDS, type RecordFlags, checkOut, optionName } from '../record-flags.js'
import { addJobFlags, firstSageMakerFlag } from '../sagemaker-flags.js'
import { type Session, examples } from '../session.js'
import { checkFolder } from './run.js'

const MOST = 1_000_000
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
  if (check !== undefined)
    return import('./record-check.js').then(({ checkTable }) => checkTable(check, name, flags, session))
  if (fromRun !== undefined) return fromRunDirectory(fromRun, name, flags, session)
  if (name === undefined)
    throw new BenchError(`record needs the name or the module of a recording; see ${session.terminal.command} list`)
  checkBackend(flags)
  return (
    elsewhere(name, flags, session) ??
    import('./record-train.js').then(({ recordTable }) => recordTable(name, flags, session))
  )
}

function parseRecordBackend(text: string): (typeof RECORD_BACKENDS)[number] {
  const backend = RECORD_BACKENDS.find((name) => name === text)
  if (backend === undefined) throw new BenchError(`unknown backend ${show(text)}${suggestion(text, RECORD_BACKENDS)}`)
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

function missingOut(mode: string): never {
  throw new BenchError(`${mode} needs --out, the table to write; add --out mine.arrow`)
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

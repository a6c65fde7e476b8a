/** The commands and their options. Nothing heavy is imported here: a command loads what it needs when it runs. */
import { Command } from 'commander'
import { addCompare } from './commands/compare.js'
import { addDiff } from './commands/diff.js'
import { addDerive } from './commands/derive.js'
import { addExport } from './commands/export.js'
import { addFetch } from './commands/fetch.js'
import { addHelp } from './commands/help.js'
import { addImport } from './commands/import.js'
import { addInstances } from './commands/instances.js'
import { addLaunch } from './commands/launch.js'
import { addList } from './commands/list.js'
import { addMerge } from './commands/merge.js'
import { addRecord } from './commands/record.js'
import { addReplay } from './commands/replay.js'
import { addReport } from './commands/report.js'
import { addRun } from './commands/run.js'
import { addShow } from './commands/show.js'
import { addStop } from './commands/stop.js'
import { addTrace } from './commands/trace.js'
import { addVerify } from './commands/verify.js'
import { addWatch } from './commands/watch.js'
import type { Session } from './session.js'

/** The command line as commander knows it; errors are thrown, not printed. */
export function buildProgram(session: Session, version: string): Command {
  const { terminal } = session
  const program = new Command('bench')
    .description('Compare hyperparameter-optimisation schedulers by replaying recorded learning curves.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: () => {},
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
  addRun(program, session)
  addWatch(program, session)
  addLaunch(program, session)
  addFetch(program, session)
  addStop(program, session)
  addList(program, session)
  addShow(program, session)
  addTrace(program, session)
  addRecord(program, session)
  addImport(program, session)
  addExport(program, session)
  addMerge(program, session)
  addInstances(program, session)
  addDerive(program, session)
  addReport(program, session)
  addVerify(program, session)
  addReplay(program, session)
  addDiff(program, session)
  addCompare(program, session)
  addHelp(program, session)
  return program
}

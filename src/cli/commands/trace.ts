/** `bench trace`: every decision of one run, one line each. */
import type { Command } from 'commander'
import { parseAmount, parseCount } from '../arguments.js'
import { type Session, examples } from '../session.js'

interface TraceFlags {
  readonly method: string
  readonly seed: number
  readonly table?: string
  readonly workers?: number
  readonly until?: number
  readonly explain?: true
}

export function addTrace(program: Command, session: Session): void {
  program
    .command('trace')
    .description('show every decision of one run, and why it was made')
    .argument('<experiment>', 'a name from "bench list", or the path of a module that default-exports an experiment')
    .requiredOption('--method <name>', 'a method of the experiment')
    .option('--seed <N>', 'which seed (default: 0)', (text) => parseCount('--seed', text, 0, 2 ** 31 - 1), 0)
    .option('--table <name>', 'a table by name or path (default: the first of the experiment)')
    .option('--workers <N>', 'how many trials run at a time', (text) => parseCount('--workers', text, 1, 100_000))
    .option('--until <seconds>', 'end after so many simulated seconds', (text) => parseAmount('--until', text))
    .option('--explain', "put the scheduler's explanation below each decision")
    .addHelpText(
      'after',
      examples(session, [
        ['trace asha-vs-default --method asha', 'seed 0 on the first table'],
        ['trace asha-vs-default --method asha --seed 3 --until 5 --explain', 'how it begins, and why'],
        ['trace ./my-experiment.ts --method mine > mine.trace', 'to compare with, after a change'],
      ]),
    )
    .action(async (experiment: string, flags: TraceFlags) => {
      // Standard output is for the trace: what the code of an experiment prints goes to standard error.
      console.log = console.info = console.debug = console.error
      const { traceExperiment } = await import('../../testing/trace-experiment.js')
      session.terminal.out(String(await traceExperiment(experiment, flags)))
    })
}

/** `bench stop`: ends the training jobs of an experiment that nobody runs any more. */
import type { Command } from 'commander'
import { plural } from '../../report/format.js'
import { endAtSignal } from '../interrupt.js'
import { type Session, examples, printJson } from '../session.js'

export function addStop(program: Command, session: Session): void {
  program
    .command('stop')
    .description('stop all training jobs of a run or a recording with --backend sagemaker')
    .argument('<dir>', 'its run directory, or the table of a recording (also where it is not written yet)')
    .option('--json', 'print what was stopped as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['stop results/my-run', 'what is in progress in your account; its journal is kept'],
        ['stop mine.arrow', 'what a recording left in progress'],
      ]),
    )
    .action(async (directory: string, { json }: { readonly json?: true }) => {
      const { terminal } = session
      const { stopSageMakerRuns } = await import('../../run/sagemaker/stop.js')
      const undo = endAtSignal(
        terminal,
        'not all of its training jobs may have been stopped; run the same command again',
      )
      const stopped = await stopSageMakerRuns(directory)
      undo()
      if (json === true) return printJson(terminal, { directory, stopped })
      terminal.out(
        stopped.length === 0
          ? 'no training job of it was in progress\n'
          : `asked ${plural(stopped.length, 'training job')} to stop:\n${stopped.map((name) => `  ${name}\n`).join('')}`,
      )
    })
}

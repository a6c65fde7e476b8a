/** `bench diff`: whether two runs are the same, and where they part. */
import type { Command } from 'commander'
import { type Session, examples, printJson } from '../session.js'

export function addDiff(program: Command, session: Session): void {
  program
    .command('diff')
    .description('compare two run directories event by event: where runs part, and what that did to the outcome')
    .argument('<A>', 'a run directory')
    .argument('<B>', 'another one')
    .option('--json', 'print the differences as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['diff results/before results/after', 'exit code 0 where all common runs are equal, 1 where not'],
        ['diff results/before results/after --json', 'every difference, for a script'],
      ]),
    )
    .action(async (a: string, b: string, { json }: { readonly json?: true }) => {
      const { terminal } = session
      const { RunDirectory } = await import('../../store/run-directory.js')
      const { diffDirectories } = await import('../../report/directory-diff.js')
      const diff = diffDirectories(new RunDirectory(a), new RunDirectory(b))
      session.exitCode = diff.different.length === 0 ? 0 : 1
      if (json === true) return printJson(terminal, diff)
      const { diffText } = await import('../../report/diff-text.js')
      terminal.out(diffText(diff))
    })
}

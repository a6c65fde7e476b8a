/** `bench replay`: decides recorded decisions again. */
import type { Command } from 'commander'
import { plural } from '../../report/format.js'
import { type Session, examples, printJson } from '../session.js'

export function addReplay(program: Command, session: Session): void {
  program
    .command('replay')
    .description('decide recorded decisions of schedulers again, and say where they differ')
    .argument('<file...>', 'JSON lines, one recorded case each, gzipped or not')
    .option('--json', 'print the result as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['replay asha_stopping.jsonl.gz', 'every decision, and the first that differs'],
        ['replay traces/*.jsonl.gz --json', 'several files, for a script'],
      ]),
    )
    .action(async (files: readonly string[], { json }: { readonly json?: true }) => {
      const { terminal } = session
      const { replayFile } = await import('../../testing/replay/replay.js')
      const results: object[] = []
      for (const file of files) {
        const result = replayFile(file)
        if (result.difference !== undefined) session.exitCode = 1
        results.push({ file, ...result })
        if (json === true) continue
        const { cases, decisions, equal, different, difference } = result
        terminal.out(`${file}: ${plural(cases, 'case')}, decisions ${decisions}, equal ${equal}\n`)
        if (difference !== undefined)
          terminal.out(`${plural(different, 'case')} came out different, the first:\n  ${indented(difference)}\n`)
      }
      if (json === true) printJson(terminal, results)
    })
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

/** `bench show`: what a table holds. */
import type { Command } from 'commander'
import { type Session, examples, printJson } from '../session.js'

export function addShow(program: Command, session: Session): void {
  program
    .command('show')
    .description('show a table: search space, provenance, best and default configuration, learning curves')
    .argument('<table>', 'a name from "bench list", or the path of an .arrow file')
    .option('--json', 'print the description as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['show ngram-mrpc', 'a table that ships'],
        ['show ./mine.arrow --json', 'your own, for a script'],
      ]),
    )
    .action(async (name: string, { json }: { readonly json?: true }) => {
      const { terminal } = session
      const { openTable } = await import('../../run/open-table.js')
      const { SurrogateTable } = await import('../../surrogates/table.js')
      const { describeTable } = await import('../../surrogates/describe.js')
      const description = describeTable(new SurrogateTable(openTable(name)))
      if (json === true) return printJson(terminal, description)
      const { tableText } = await import('../../report/table-text.js')
      terminal.out(tableText(description, { colors: terminal.colors, width: terminal.columns }))
    })
}

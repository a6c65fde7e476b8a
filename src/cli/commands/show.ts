/** `bench show`: what a table holds, or what the training jobs of a run took and cost. */
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { BenchError } from '../../core/errors.js'
import { quoted } from '../arguments.js'
import { type Session, examples, printJson } from '../session.js'

export function addShow(program: Command, session: Session): void {
  program
    .command('show')
    .description('show a table (search space, provenance, curves, ...), or the training jobs of a run on SageMaker')
    .argument('<table>', 'a name from "bench list", the path of an .arrow file, or a run directory')
    .option('--json', 'print the description as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['show ngram-mrpc', 'a table that ships'],
        ['show ./mine.arrow --json', 'your own, for a script'],
        ['show results/my-run', 'start-up, billed seconds and cost of every trial on SageMaker'],
      ]),
    )
    .action(async (name: string, { json }: { readonly json?: true }) => {
      if (statSync(name, { throwIfNoEntry: false })?.isDirectory() === true) return showJobs(name, json, session)
      const { terminal } = session
      const { openTable } = await import('../../run/open-table.js')
      const { SurrogateTable } = await import('../../surrogates/table.js')
      const { describeTable } = await import('../../surrogates/describe.js')
      const description = describeTable(new SurrogateTable(openTable(name)))
      if (json === true) return printJson(terminal, description)
      const { tableText } = await import('../../report/table-text.js')
      terminal.styled(tableText(description, { colors: terminal.colors, width: terminal.columns }))
    })
}

async function showJobs(directory: string, json: true | undefined, { terminal }: Session): Promise<void> {
  const { readManifest } = await import('../../store/run-directory.js')
  const manifest = readManifest(directory)
  if (manifest.backend !== 'sagemaker')
    throw new BenchError(
      `${directory} holds no run on SageMaker, so there are no training jobs to show; see ${terminal.command} report ${quoted(directory)}`,
    )
  const { readRunJobs } = await import('../../store/run-jobs.js')
  const runs = readRunJobs(directory, manifest)
  if (json === true) return printJson(terminal, { directory, runs })
  const { jobsOfRunsText } = await import('../../report/jobs-of-runs.js')
  terminal.styled(jobsOfRunsText(manifest.experiment, runs, { colors: terminal.colors, width: terminal.columns }))
}

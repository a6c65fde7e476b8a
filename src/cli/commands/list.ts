/** `bench list`: the experiments, tables and recordings there are. */
import type { Command } from 'commander'
import { messageOf } from '../../core/errors.js'
import type { Catalogue, ExperimentEntry, RecordingEntry, TableEntry } from '../../report/catalogue-text.js'
import { type Session, examples, printJson } from '../session.js'

export function addList(program: Command, session: Session): void {
  program
    .command('list')
    .description('list experiments, tables and recordings')
    .option('--json', 'print the list as one JSON document')
    .addHelpText('after', examples(session, [['list', 'what there is, with what each is for']]))
    .action(async ({ json }: { readonly json?: true }) => {
      const { terminal } = session
      const catalogue = await readCatalogue()
      if (json === true) return printJson(terminal, catalogue)
      const { catalogueText } = await import('../../report/catalogue-text.js')
      terminal.out(catalogueText(catalogue, terminal.command, terminal.columns))
    })
}

/** Loads everything there is; what cannot be loaded says why and does not hide the rest. */
async function readCatalogue(): Promise<Catalogue> {
  const { listExperiments, listRecordings, listTables, loadExperiment, loadRecording } =
    await import('../../run/catalogue.js')
  const { openTable } = await import('../../run/open-table.js')
  const { SurrogateTable } = await import('../../surrogates/table.js')
  const { planRecording } = await import('../../record/plan.js')
  return {
    experiments: await Promise.all(
      listExperiments().map((found) =>
        entry<ExperimentEntry>(found, async () => {
          const { question, tables, methods, baseline } = await loadExperiment(found.path)
          const names = Object.keys(methods)
          return { ...found, question, tables, methods: names, baseline: baseline ?? names[0]! }
        }),
      ),
    ),
    tables: await Promise.all(
      listTables().map((found) =>
        entry<TableEntry>(found, () => {
          const { rows, configurations, levels, data } = new SurrogateTable(openTable(found.path))
          const { provenance, resource } = data.metadata
          const date = provenance.kind === 'recorded' ? provenance.to.slice(0, 10) : null
          return { ...found, rows, configurations, resource: resource.name, levels, provenance: provenance.kind, date }
        }),
      ),
    ),
    recordings: await Promise.all(
      listRecordings().map((found) =>
        entry<RecordingEntry>(found, async () => {
          const recording = await loadRecording(found.path)
          const { description = '' } = recording
          return { ...found, description, trainings: planRecording(recording).trainings.length }
        }),
      ),
    ),
  }
}

async function entry<E>(
  found: { readonly name: string; readonly path: string },
  load: () => E | Promise<E>,
): Promise<E> {
  try {
    return await load()
  } catch (error) {
    return { ...found, error: messageOf(error) } as E
  }
}

/** `bench list`: the experiments, tables, recordings, schedulers and searchers there are. */
import { Argument, type Command } from 'commander'
import { messageOf } from '../../core/errors.js'
import type {
  Catalogue,
  ExperimentEntry,
  MethodEntry,
  RecordingEntry,
  TableEntry,
} from '../../report/catalogue-text.js'
import { type Session, examples, printJson } from '../session.js'

const KINDS = ['experiments', 'tables', 'recordings', 'schedulers', 'searchers'] as const
type Kind = (typeof KINDS)[number]

export function addList(program: Command, session: Session): void {
  program
    .command('list')
    .description('list experiments, tables, recordings, schedulers and searchers')
    .addArgument(new Argument('[kind]', 'only these').choices(KINDS))
    .option('--json', 'print the list as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['list', 'what there is, with what each is for'],
        ['list schedulers', 'the schedulers, with the paper of each'],
      ]),
    )
    .action(async (kind: Kind | undefined, { json }: { readonly json?: true }) => {
      const { terminal } = session
      const catalogue = await readCatalogue(kind === undefined ? KINDS : [kind])
      if (json === true) return printJson(terminal, catalogue)
      const { catalogueText } = await import('../../report/catalogue-text.js')
      terminal.out(catalogueText(catalogue, terminal.command, terminal.columns))
    })
}

/** Loads what is asked for; what cannot be loaded says why and does not hide the rest. */
async function readCatalogue(kinds: readonly Kind[]): Promise<Partial<Catalogue>> {
  const read: { readonly [K in Kind]: () => Promise<Catalogue[K]> } = {
    experiments: readExperiments,
    tables: readTables,
    recordings: readRecordings,
    schedulers: async () => methodEntries((await import('../../core/schedulers/index.js')).schedulers),
    searchers: async () => methodEntries((await import('../../core/searchers/index.js')).searchers),
  }
  return Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, await read[kind]()] as const)))
}

async function readExperiments(): Promise<ExperimentEntry[]> {
  const { listExperiments, loadExperiment } = await import('../../run/catalogue.js')
  return Promise.all(
    listExperiments().map((found) =>
      entry<ExperimentEntry>(found, async () => {
        const { question, tables, methods, baseline } = await loadExperiment(found.path)
        const names = Object.keys(methods)
        return { ...found, question, tables, methods: names, baseline: baseline ?? names[0]! }
      }),
    ),
  )
}

async function readTables(): Promise<TableEntry[]> {
  const { listTables } = await import('../../run/catalogue.js')
  const { openTable } = await import('../../run/open-table.js')
  const { SurrogateTable } = await import('../../surrogates/table.js')
  return Promise.all(
    listTables().map((found) =>
      entry<TableEntry>(found, () => {
        const { rows, configurations, levels, instances, data } = new SurrogateTable(openTable(found.path))
        const { provenance, resource } = data.metadata
        const date = provenance.kind === 'recorded' ? provenance.to.slice(0, 10) : null
        return {
          ...found,
          rows,
          configurations,
          instanceTypes: instances?.size ?? 0,
          resource: resource.name,
          levels,
          provenance: provenance.kind,
          date,
        }
      }),
    ),
  )
}

async function readRecordings(): Promise<RecordingEntry[]> {
  const { listRecordings, loadRecording } = await import('../../run/catalogue.js')
  const { planRecording } = await import('../../record/plan.js')
  return Promise.all(
    listRecordings().map((found) =>
      entry<RecordingEntry>(found, async () => {
        const recording = await loadRecording(found.path)
        const { description = '' } = recording
        return { ...found, description, trainings: planRecording(recording).trainings.length }
      }),
    ),
  )
}

function methodEntries(registry: Readonly<Record<string, Omit<MethodEntry, 'name'>>>): MethodEntry[] {
  return Object.entries(registry).map(([name, { summary, reference }]) => ({ name, summary, reference }))
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

/** What there is to run, look at and record, as text. */
import { plural, wrap } from './format.js'
import { sizeText } from './table-size.js'

/** Entries that could not be loaded say why instead. */
type Entry<T> = { readonly name: string; readonly path: string } & (T | { readonly error: string })

export type ExperimentEntry = Entry<{
  readonly question: string
  readonly tables: readonly string[]
  readonly methods: readonly string[]
  readonly baseline: string
}>

export type TableEntry = Entry<{
  readonly rows: number
  /** Those of all modelled instance types, where the table has such. */
  readonly configurations: number
  /** Modelled instance types; 0 without. */
  readonly instanceTypes: number
  readonly resource: string
  readonly levels: number
  /** recorded, imported, modelled or synthetic */
  readonly provenance: string
  /** Of the last training; null where it is not known. */
  readonly date: string | null
}>

export type RecordingEntry = Entry<{ readonly description: string; readonly trainings: number }>

/** A scheduler or searcher, by the `type` that an experiment names it by. */
export interface MethodEntry {
  readonly name: string
  readonly summary: string
  /** The paper, or the system whose behaviour it is. */
  readonly reference: string
}

export interface Catalogue {
  readonly experiments: readonly ExperimentEntry[]
  readonly tables: readonly TableEntry[]
  readonly recordings: readonly RecordingEntry[]
  readonly schedulers: readonly MethodEntry[]
  readonly searchers: readonly MethodEntry[]
}

/** What is not in the catalogue gets no section. @param command what the command line is called */
export function catalogueText(catalogue: Partial<Catalogue>, command: string, width: number): string {
  const { experiments, tables, recordings, schedulers, searchers } = catalogue
  const sections = [
    experiments && section(`Experiments (${command} run NAME)`, experiments, width, describeExperiment),
    tables && section(`Tables (${command} show NAME)`, tables, width, describeTable),
    recordings && section(`Recordings (${command} record NAME --data DIR)`, recordings, width, describeRecording),
    schedulers && section("Schedulers (scheduler: { type: 'NAME' })", schedulers, width, describeMethod),
    searchers && section("Searchers (searcher: { type: 'NAME' })", searchers, width, describeMethod),
  ].filter((text) => text !== undefined)
  return `${sections.join('\n\n')}\n`
}

function section<E extends { readonly name: string }>(
  title: string,
  entries: readonly E[],
  width: number,
  describe: (entry: E) => readonly string[],
): string {
  const room = Math.max(0, ...entries.map(({ name }) => name.length))
  const indent = ' '.repeat(room + 4)
  const lines = entries.flatMap((entry) =>
    describe(entry).map(
      (text, i) =>
        `${i === 0 ? `  ${entry.name.padEnd(room)}  ` : indent}${wrap(text, width - room - 4).replaceAll('\n', `\n${indent}`)}`,
    ),
  )
  return [title, ...(lines.length === 0 ? ['  none'] : lines)].join('\n')
}

function describeExperiment(entry: ExperimentEntry): string[] {
  if ('error' in entry) return [`cannot be loaded: ${entry.error}`]
  const methods = entry.methods.map((method) => (method === entry.baseline ? `${method} (baseline)` : method))
  return [entry.question, `${methods.join(', ')} on ${entry.tables.join(', ')}`]
}

function describeTable(entry: TableEntry): string[] {
  if ('error' in entry) return [`cannot be read: ${entry.error}`]
  const { resource, levels, provenance, date } = entry
  return [`${sizeText(entry)}, ${levels} levels (${resource}); ${provenance}${date === null ? '' : ` ${date}`}`]
}

function describeMethod({ summary, reference }: MethodEntry): string[] {
  return [summary, reference]
}

function describeRecording(entry: RecordingEntry): string[] {
  if ('error' in entry) return [`cannot be loaded: ${entry.error}`]
  return [`${entry.description === '' ? '' : `${entry.description}; `}${plural(entry.trainings, 'training')}`]
}

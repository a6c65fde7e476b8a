/** What a verification says about a table: what it was recorded with, and how much its configurations differ. */
import { availableParallelism } from 'node:os'
import { hardwareText, thisMachine } from '../../record/machine.js'
import { dataDifference } from '../../record/record-journal.js'
import type { RecordingHeader } from '../../record/record-journal.js'
import { type Numbers, type VerifiedTable, orNull } from '../../store/verification.js'
import { eligibleConfigurations } from '../../surrogates/eligible.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { Cell } from '../cell.js'
import type { Population } from './population.js'
import type { SimulatedRun } from './simulated-run.js'

interface OfTable {
  readonly table: SurrogateTable
  /** Any cell on the table. */
  readonly cell: Cell
  readonly rungs: readonly number[]
  /** What the program and the data are now. */
  readonly header: RecordingHeader
  readonly workers: number
}

function verifiedTable({ table, cell, rungs, header, workers }: OfTable): VerifiedTable {
  const provenance = table.data.metadata.provenance as Readonly<Record<string, unknown>>
  const program = provenance['program'] as { readonly sha256?: string } | undefined
  const data = provenance['data'] as { readonly files?: Record<string, string> } | undefined
  const hardware = provenance['hardware'] as Parameters<typeof hardwareText>[0] | undefined
  const { metric, report } = cell.objectives[0]!
  return {
    name: table.name,
    steering: metric,
    reported: report,
    rungs,
    spread: Object.fromEntries(curvesOf(table, cell).map((name) => [name, spreadOf(table, cell, name)])),
    sameProgram: program?.sha256 === header.program,
    sameData: dataDifference(data?.files ?? {}, header.data) === undefined,
    recordedOn: hardware === undefined ? 'not known' : hardwareText(hardware, undefined),
    verifiedOn: hardwareText(thisMachine().hardware, undefined),
    recordedWorkers: recordedWorkers(table) ?? null,
    workers,
  }
}

/** The same for all tables of a run. */
export function tableFacts(
  { tables, cells }: Pick<SimulatedRun, 'tables' | 'cells'>,
  all: readonly Population[],
  headers: ReadonlyMap<string, RecordingHeader>,
  workersOf: (table: string) => number,
): VerifiedTable[] {
  return all.map(({ table: name, rungs }) =>
    verifiedTable({
      table: tables.get(name)!,
      cell: cells.find((cell) => cell.table === name)!,
      rungs,
      header: headers.get(name)!,
      workers: workersOf(name),
    }),
  )
}

/** How many trainings ran at a time when the table was recorded. */
export function recordedWorkers(table: SurrogateTable): number | undefined {
  const workers = (table.data.metadata.provenance as Readonly<Record<string, unknown>>)['workers']
  return typeof workers === 'number' && workers >= 1 ? workers : undefined
}

/** As many as when the table was recorded, so that times can be compared, as far as there are processors. */
export function usualWorkers(table: SurrogateTable): number {
  return Math.max(1, Math.min(recordedWorkers(table) ?? 1, availableParallelism()))
}

/** The learning curves among the metrics of an experiment. */
export function curvesOf(table: SurrogateTable, cell: Cell): string[] {
  return cell.metrics.filter((metric) => metric in table.data.curves)
}

/** Per level the standard deviation over configurations, each by the mean of its repetitions; null below two of them. */
function spreadOf(table: SurrogateTable, cell: Cell, metric: string): Numbers {
  const curve = table.curve(metric)
  const configurations = [...eligibleConfigurations(table, cell.fixed, cell.space)]
  return Array.from({ length: table.levels }, (_, level) => {
    const means = configurations.flatMap((configuration) => {
      const values: number[] = []
      for (let at = table.rowStart[configuration]!; at < table.rowStart[configuration + 1]!; at++)
        values.push(curve[table.rowOrder[at]! * table.levels + level]!)
      const finite = values.filter(Number.isFinite)
      return finite.length === 0 ? [] : [finite.reduce((sum, value) => sum + value, 0) / finite.length]
    })
    if (means.length < 2) return null
    const centre = means.reduce((sum, value) => sum + value, 0) / means.length
    return orNull(Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (means.length - 1)))
  })
}

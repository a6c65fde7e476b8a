/** A simulated run that is to be verified: its directory, its tables, and the programs that these were recorded with. */
import { BenchError, show } from '../../core/errors.js'
import type { Recording } from '../../record/recording.js'
import { RunDirectory } from '../../store/run-directory.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { Cell } from '../cell.js'
import { recordingsOf } from '../local/prepare.js'
import { storedCells, tablesOf } from './stored-cells.js'

export interface SimulatedRunOptions {
  /** The folder of the training data, if the programs need data. */
  readonly dataDir?: string
  /** Tables that do not ship, by path. */
  readonly tables?: readonly string[]
  /** What tables that do not ship were recorded with: paths of modules that default-export a recording. */
  readonly recordings?: readonly string[]
}

/** A run directory with everything that a verification needs of it. */
export interface SimulatedRun {
  readonly directory: RunDirectory
  readonly tables: ReadonlyMap<string, SurrogateTable>
  readonly cells: readonly Cell[]
  readonly recordings: ReadonlyMap<string, Recording>
}

/** @throws BenchError where the run cannot be verified: it is not simulated, or its programs are not known */
export async function openSimulatedRun(path: string, options: SimulatedRunOptions): Promise<SimulatedRun> {
  const directory = new RunDirectory(path)
  const { manifest } = directory
  const tables = tablesOf(manifest, options.tables ?? [])
  for (const { name, data } of tables.values()) {
    const { kind } = data.metadata.provenance
    if (kind !== 'recorded' && data.metadata.instances === undefined)
      throw new BenchError(`the table ${show(name)} is ${kind}, not recorded: there is nothing to verify it with`)
  }
  const modelled = [...tables.values()].find(({ instances }) => instances !== undefined)
  if (modelled !== undefined)
    throw new BenchError(`the table ${show(modelled.name)} has modelled instance types: no machine here is one of them`)
  const cells = storedCells(manifest, tables)
  if (cells[0]!.simulation.lookup !== 'exact')
    throw new BenchError(
      'the run answers configurations off its tables by the mean of recorded ones; only single trainings (lookup "exact") are trained again',
    )
  const recordings = await recordingsOf([...tables.values()], options.recordings ?? [])
  for (const [name, { program }] of recordings)
    if (program.dataArgument !== undefined && options.dataDir === undefined)
      throw new BenchError(`the program of ${name} needs its data; give --data DIR`)
  return { directory, tables, cells, recordings }
}

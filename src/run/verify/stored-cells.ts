/** From the manifest of a run back to the cells of its plan, so that it can be run again from its directory alone. */
import type { SimulationOptions } from '../../backends/simulated/options.js'
import { simulationSchema } from '../../backends/simulated/options.js'
import { BenchError, show } from '../../core/errors.js'
import { parseOr } from '../../core/zod-error.js'
import type { Value } from '../../core/space.js'
import type { Manifest } from '../../store/manifest.js'
import { SurrogateTable } from '../../surrogates/table.js'
import { listTables } from '../catalogue.js'
import type { Cell } from '../cell.js'
import { openTable } from '../open-table.js'
import { resolveBudget } from '../plan.js'
import { searchSpace } from '../table-context.js'

/** The tables of a run, opened again. @param paths of tables that do not ship */
export function tablesOf(manifest: Manifest, paths: readonly string[]): Map<string, SurrogateTable> {
  const given = paths.map((path) => new SurrogateTable(openTable(path)))
  return new Map(
    manifest.tables.map(({ name, sha256 }) => {
      const table = given.find((one) => one.name === name) ?? shipped(name)
      if (table.data.checksum !== sha256)
        throw new BenchError(
          `the table ${show(name)} is not the one that was replayed (sha256 ${table.data.checksum.slice(0, 12)}..., ` +
            `then ${sha256.slice(0, 12)}...); run the experiment again, or give the table with --tables`,
        )
      return [name, table]
    }),
  )
}

function shipped(name: string): SurrogateTable {
  if (!listTables().some((one) => one.name === name))
    throw new BenchError(`the run replayed the table ${show(name)}, which does not ship; give its path with --tables`)
  return new SurrogateTable(openTable(name))
}

/** The cells of a simulated run. @throws BenchError for what was given by value and is in no file */
export function storedCells(manifest: Manifest, tables: ReadonlyMap<string, SurrogateTable>): Cell[] {
  const simulation = parseOr(simulationSchema, manifest.simulation, 'manifest.simulation') as SimulationOptions
  return manifest.cells.map((cell, index): Cell => {
    const table = tables.get(cell.table)!
    const fixed = cell.fixed as Record<string, Value>
    const { ranges, regretScale, budget } = cell
    return {
      index,
      table: cell.table,
      method: cell.method,
      scheduler: cell.scheduler,
      searcher: cell.searcher,
      workers: cell.workers,
      budget,
      stop: resolveBudget(budget, cell.fullSeconds),
      objectives: cell.objectives,
      ranges: ranges === undefined ? undefined : [...ranges],
      regretScale,
      metrics: cell.metrics,
      space: cell.space ?? searchSpace({}, table, fixed),
      fixed,
      defaultConfig: { ...table.defaultConfig, ...fixed },
      fullSeconds: cell.fullSeconds,
      maxResource: table.levels,
      simulation,
      diverged: cell.diverged ?? 'stop',
      pricePerHour: cell.pricePerHour ?? table.data.metadata.pricePerHour,
      maxFailures: cell.maxFailures,
      ...(cell.assumptions !== undefined && { assumptions: cell.assumptions }),
      ...(cell.ranked === false && { ranked: false as const }),
    }
  })
}

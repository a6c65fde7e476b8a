/** What is written down of a plan before it is run: enough to repeat it and to report on it. */
import { createHash } from 'node:crypto'
import { packageVersion } from '../package.js'
import type { Manifest, TableAbout } from '../store/manifest.js'
import { describeShared } from '../surrogates/describe-devices.js'
import { leaveOneOutError } from '../surrogates/nearest.js'
import { tableSource } from '../surrogates/table-source.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Plan } from './plan.js'
import { searchSpace } from './table-context.js'

/** The manifest of a plan. */
export function manifestOf(plan: Plan, tables: readonly SurrogateTable[], backend: Manifest['backend']): Manifest {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const cells = plan.cells.map((cell) => {
    const exact = cell.simulation.lookup === 'exact' && backend === 'simulated'
    return {
      table: cell.table,
      method: cell.method,
      scheduler: { ...cell.scheduler, type: typeName(cell.scheduler.type) },
      searcher: { ...cell.searcher, type: typeName(cell.searcher.type) },
      workers: cell.workers,
      budget: cell.budget,
      ...(cell.stop.seconds !== undefined && { seconds: cell.stop.seconds }),
      objectives: cell.objectives,
      ...(cell.ranges !== undefined && { ranges: cell.ranges }),
      ...(cell.regretScale !== undefined && backend === 'simulated' && { regretScale: cell.regretScale }),
      metrics: cell.metrics,
      fixed: cell.fixed,
      ...unusual(cell, byName.get(cell.table)!),
      fullSeconds: cell.fullSeconds,
      // What is trained for real assumes nothing.
      ...(cell.assumptions !== undefined && backend === 'simulated' && { assumptions: cell.assumptions }),
      ...(cell.ranked === false && backend === 'simulated' && { ranked: false as const }),
      drawable: exact ? tableSource(byName.get(cell.table)!, cell.fixed, cell.space).size : null,
    }
  })
  const content = {
    formatVersion: 1 as const,
    experiment: plan.experiment,
    question: plan.question,
    baseline: plan.baseline,
    backend,
    cells,
    seeds: plan.seeds,
    simulation: { ...plan.cells[0]!.simulation },
    tables: tables.map((table) => ({
      name: table.name,
      sha256: table.data.checksum,
      provenance: table.data.metadata.provenance.kind,
      about: aboutTable(table),
      ...leaveOneOut(plan, table),
    })),
  }
  const version = packageVersion()
  const key = createHash('sha256')
    .update(JSON.stringify({ ...content, tables: content.tables.map(keyed), rungbench: version }))
    .digest('hex')
  return { ...content, versions: { rungbench: version, node: process.version }, key }
}

/** What the key is made of. What is said of instance types follows from the table's sha256, and earlier runs lack it. */
function keyed<T extends { readonly about: TableAbout }>(table: T): object {
  const { prices: _prices, speeds: _speeds, ...about } = table.about
  const { inputs: _inputs, ...provenance } = about.provenance
  return { ...table, about: { ...about, provenance } }
}

/** What a cell has that the table and the defaults do not say. */
function unusual(
  cell: Plan['cells'][number],
  table: SurrogateTable,
): Pick<Manifest['cells'][number], 'space' | 'diverged' | 'maxFailures' | 'pricePerHour'> {
  const { space, diverged, maxFailures, pricePerHour } = cell
  const usual = JSON.stringify(space) === JSON.stringify(searchSpace({}, table, cell.fixed))
  return {
    ...(!usual && { space }),
    ...(diverged === 'continue' && { diverged }),
    ...(maxFailures !== undefined && { maxFailures }),
    ...(pricePerHour !== undefined && pricePerHour !== table.data.metadata.pricePerHour && { pricePerHour }),
  }
}

function aboutTable({ data, configurations }: SurrogateTable): TableAbout {
  const { description, resource, metrics, instances, provenance, columnProvenance } = data.metadata
  const shared = describeShared(data)
  const units = Object.entries(metrics).map(([name, { unit }]) => [name, unit] as const)
  return {
    description,
    rows: data.rows,
    configurations,
    levels: resource.levels,
    resource: resource.name,
    units: Object.fromEntries(units),
    ...(instances && {
      prices: Object.fromEntries(instances.types.map(({ name, usdPerHour }) => [name, usdPerHour])),
      speeds: Object.fromEntries(instances.types.map(({ name, speed }) => [name, speed])),
    }),
    // Times that come from a pass alone are not those of a shared device.
    ...(shared !== undefined && shared.trainings > 0 && provenance['alone'] === undefined && { shared }),
    provenance,
    ...(columnProvenance !== undefined && { columnProvenance }),
  }
}

/** How well neighbours stand in for configurations off the table, where they do. */
function leaveOneOut(plan: Plan, table: SurrogateTable): Pick<Manifest['tables'][number], 'leaveOneOut'> {
  const cell = plan.cells.find((one) => one.table === table.name)
  if (cell === undefined || cell.simulation.lookup === 'exact') return {}
  const { nearest } = cell.simulation.lookup
  const { metric } = cell.objectives[0]!
  if (!(metric in table.data.curves)) return {}
  const fixed = table.instances?.without(cell.fixed) ?? cell.fixed
  return { leaveOneOut: { metric, nearest, error: leaveOneOutError(table.recorded, nearest, metric, fixed) } }
}

function typeName(type: unknown): string {
  return typeof type === 'string' ? type : '(given by value)'
}

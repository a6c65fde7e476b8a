/** The scheduler and searcher of a simulated run as they were when it began. */
import { SpaceSource } from '../../core/config-source.js'
import { limitTrials } from '../../core/limited-searcher.js'
import { RandomStreams } from '../../core/random.js'
import { TableSource } from '../../surrogates/table-source.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { Cell } from '../cell.js'
import { findScheduler, findSearcher } from '../components.js'
import type { FreshParts } from '../replay-events.js'

export async function freshParts(cell: Cell, table: SurrogateTable, seed: number): Promise<FreshParts> {
  const [schedulerKind, searcherKind] = await Promise.all([
    findScheduler(cell.scheduler.type),
    findSearcher(cell.searcher.type),
  ])
  const exact = cell.simulation.lookup === 'exact'
  const source = exact ? new TableSource(table, cell.fixed, cell.space) : new SpaceSource(cell.space)
  const { objectives, maxResource, diverged, defaultConfig } = cell
  const context = { source, objectives, maxResource, random: new RandomStreams(seed) }
  const unlimited = searcherKind.create(cell.searcher.options, { ...context, defaultConfig })
  const { trials } = cell.stop
  const searcher = trials === undefined ? unlimited : limitTrials(unlimited, trials)
  const scheduler = schedulerKind.create(cell.scheduler.options, {
    ...context,
    searcher,
    ...(trials !== undefined && { maxTrials: trials }),
  })
  return { scheduler, searcher, objectives, maxResource, diverged }
}

/** Instance types whose cost nobody knows, where cost is an objective. */
import { INSTANCE_TYPE_NAMES, instanceTypeOf } from '../core/instance-type.js'
import { type Config, contains } from '../core/space.js'
import type { Manifest, ManifestCell } from '../store/manifest.js'
import { listed } from './format.js'

/** As tables with modelled instance types call it. */
const COST = 'cost'

/** One sentence per table, without its full stop; none where all prices are known. */
export function unknownPrices({ tables, cells, backend }: Manifest): string[] {
  if (backend !== 'simulated') return []
  return tables.flatMap(({ name, about }) => {
    const weighed = cells.filter(
      ({ table, objectives }) => table === name && objectives.some(({ metric }) => metric === COST),
    )
    const unknown = Object.entries(about?.prices ?? {}).flatMap(([type, price]) =>
      price === null && weighed.some((cell) => mayDraw(cell, type)) ? [type] : [],
    )
    if (unknown.length === 0) return []
    const several = weighed.some(({ objectives }) => objectives.length > 1)
    const stopped = weighed.some(({ diverged }) => diverged === undefined)
    return [
      `${name}: no price is known of ${listed(unknown)}, so that the cost of a trial there is unknown: it ranks last` +
        `${several ? ', is in no Pareto set' : ''}${stopped ? ' and is stopped at its first report' : ''}; derive the table ` +
        'with --prices, or without such types',
    ]
  })
}

function mayDraw({ fixed, space }: ManifestCell, type: string): boolean {
  const held = instanceTypeOf(fixed as Config)
  if (held !== undefined) return held === type
  const domain = space?.[INSTANCE_TYPE_NAMES[0]] ?? space?.[INSTANCE_TYPE_NAMES[1]]
  return domain === undefined || contains(domain, type)
}

/** The hyperparameter that says on which machine a trial runs. */
import type { Config } from './space.js'

/** What it may be called, as here and as in Syne Tune. */
export const INSTANCE_TYPE_NAMES = ['instance_type', 'st_instance_type'] as const

/** The instance type of a configuration; undefined where it has none. */
export function instanceTypeOf(config: Config): string | undefined {
  const value = config[INSTANCE_TYPE_NAMES[0]] ?? config[INSTANCE_TYPE_NAMES[1]]
  return value === undefined ? undefined : String(value)
}

/** How many of these configurations are on each instance type; undefined where none has one. */
export function countInstanceTypes(configs: readonly Config[]): Record<string, number> | undefined {
  const counts = new Map<string, number>()
  for (const config of configs) {
    const type = instanceTypeOf(config)
    // The trials of a run have the same hyperparameters: where the first has no type, no other has one.
    if (type === undefined) break
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return counts.size === 0 ? undefined : Object.fromEntries(counts)
}

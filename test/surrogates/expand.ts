/** A table with modelled instance types as one would write it down: every row copied once per type, with its times. */
import { sharedFloat64, sharedInt32 } from '../../src/surrogates/shared.js'
import type { HyperparameterColumn, TableData } from '../../src/surrogates/table-data.js'

/** The copies of a row stand one after another, in the order of the types. */
export function expand(data: TableData): TableData {
  const { instances, ...metadata } = data.metadata
  const { hyperparameter, types, scaled } = instances!
  const rows = data.rows * types.length
  const slowness = (row: number): number => 1 / types[row % types.length]!.speed
  const copied = <A extends { readonly constructor: unknown; slice(): A; [i: number]: number; length: number }>(
    values: A,
    width = 1,
    change: (value: number, row: number) => number = (value) => value,
  ): A => {
    const out = new (values.constructor as new (length: number) => A)(values.length * types.length)
    for (let row = 0; row < rows; row++)
      for (let l = 0; l < width; l++)
        out[row * width + l] = change(values[Math.floor(row / types.length) * width + l]!, row)
    return out
  }
  const mapped = <A, B>(record: Readonly<Record<string, A>>, change: (value: A, name: string) => B) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
  const elapsed = copied(data.elapsed, data.levels, (seconds, row) => seconds * slowness(row))
  const cost = copied(data.elapsed, data.levels, (seconds, row) => {
    const { usdPerHour } = types[row % types.length]!
    return seconds * ((slowness(row) * usdPerHour!) / 3600)
  })
  const codes = sharedInt32(rows).map((_, row) => row % types.length)
  return {
    ...data,
    metadata: {
      ...metadata,
      provenance: { kind: 'synthetic', generator: 'expand', seed: 0 },
      space: { ...metadata.space, [hyperparameter]: { type: 'choice', values: types.map(({ name }) => name) } },
      defaultConfig: { ...metadata.defaultConfig, [hyperparameter]: types[0]!.name },
      metrics: { ...metadata.metrics, cost: { goal: 'min', unit: 'USD', split: 'none', kind: 'curve' } },
    },
    rows,
    hyperparameters: {
      ...mapped(data.hyperparameters, (column) => ({ ...column, values: copied(column.values as Float64Array) })),
      [hyperparameter]: { kind: 'text', values: codes, dictionary: types.map(({ name }) => name) },
    } as Record<string, HyperparameterColumn>,
    repetition: copied(data.repetition),
    reached: copied(data.reached),
    ended: copied(data.ended),
    elapsed,
    startup: sharedFloat64(rows).map(
      (_, row) =>
        types[row % types.length]!.startupSeconds ?? data.startup[Math.floor(row / types.length)]! * slowness(row),
    ),
    cpu: copied(data.cpu),
    curves: { ...mapped(data.curves, (curve) => copied(curve as Float64Array, data.levels)), cost },
    statics: mapped(data.statics, (values, name) =>
      copied(values, 1, (value, row) => (scaled.includes(name) ? value * slowness(row) : value)),
    ),
  }
}

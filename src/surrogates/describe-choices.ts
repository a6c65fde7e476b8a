/** The part of a table's description that compares the values of choice hyperparameters. */
import type { Value } from '../core/space.js'
import type { ConfigurationValue } from './describe-metrics.js'
import { orNull, quantile } from './spread.js'
import type { SurrogateTable } from './table.js'

/** The configurations with one value of a choice. */
export interface DescribedChoice {
  readonly value: Value
  readonly configurations: number
  /** Median over trainings, start-up not counted; null where none holds a level. */
  readonly secondsPerLevel: number | null
  /** Best value over the levels of the metric that steers, mean over repetitions; null where there is none. */
  readonly best: number | null
}

/** Of each choice hyperparameter its values, in the order of the domain. @param ranked configurations, best first */
export function describeChoices(
  table: SurrogateTable,
  ranked: readonly ConfigurationValue[],
): Record<string, DescribedChoice[]> {
  const choices = Object.entries(table.space).flatMap(([name, domain]) =>
    domain.type === 'choice' ? [[name, domain.values] as const] : [],
  )
  const valueOf = (index: number, name: string): Value => table.configuration(index)[name]!
  return Object.fromEntries(
    choices.map(([name, values]) => {
      const groups = new Map(values.map((value) => [value, { configurations: 0, seconds: [] as number[] }]))
      for (let i = 0; i < table.configurations; i++) {
        const group = groups.get(valueOf(i, name))!
        group.configurations++
        group.seconds.push(...paces(table, i))
      }
      const best = new Map<Value, number>()
      for (const { index, value } of ranked) if (!best.has(valueOf(index, name))) best.set(valueOf(index, name), value)
      return [
        name,
        [...groups].map(([value, { configurations, seconds }]) => ({
          value,
          configurations,
          secondsPerLevel: orNull(quantile(seconds, 0.5)),
          best: best.get(value) ?? null,
        })),
      ]
    }),
  )
}

/** Seconds per level of the trainings of a configuration that hold a level. */
function paces({ data, levels, rowStart, rowOrder }: SurrogateTable, i: number): number[] {
  const rows = [...rowOrder.subarray(rowStart[i]!, rowStart[i + 1]!)].filter((row) => data.reached[row]! > 0)
  return rows.map((row) => data.elapsed[row * levels + data.reached[row]! - 1]! / data.reached[row]!)
}

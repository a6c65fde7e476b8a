/** Lists of options are crossed: every combination is a method of its own. */
import type { z } from 'zod'
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { parseOr } from '../core/zod-error.js'

/** One combination: checked options, and what tells it from the others (empty where nothing was a list). */
export interface Combination {
  readonly options: Readonly<Record<string, unknown>>
  readonly label: string
}

/**
 * Checks the options of a scheduler or searcher and crosses those given as lists. A list that is itself a valid value of
 * its option (e.g. `initial`) is one value.
 *
 * @param name where the options stand, for messages, e.g. `methods.asha.scheduler`
 */
export function crossOptions(
  schema: z.ZodObject,
  given: Readonly<Record<string, unknown>>,
  name: string,
): Combination[] {
  let combinations: { options: Record<string, unknown>; labels: string[] }[] = [{ options: {}, labels: [] }]
  for (const [key, value] of Object.entries(given)) {
    const option = schema.shape[key] as z.ZodType | undefined
    if (option === undefined)
      throw new BenchError(`${name} has an unknown option ${show(key)}${suggestion(key, Object.keys(schema.shape))}`)
    const crossed = Array.isArray(value) && !option.safeParse(value).success
    if (crossed && value.length === 0) throw new BenchError(`${name}.${key} is an empty list; give at least one value`)
    const values: unknown[] = crossed ? value : [value]
    combinations = combinations.flatMap(({ options, labels }) =>
      values.map((one) => ({
        options: { ...options, [key]: one },
        labels: crossed ? [...labels, `${key}=${typeof one === 'object' ? JSON.stringify(one) : String(one)}`] : labels,
      })),
    )
  }
  return combinations.map(({ options, labels }) => ({
    options: parseOr(schema, options, name) as Record<string, unknown>,
    label: labels.join(','),
  }))
}

/** Whether the lists of a training are as long as they must be: nothing is cut or filled in silently. */
import { BenchError, show } from '../core/errors.js'
import type { FoundTraining } from './importer.js'

/**
 * How many values each list of a training has.
 *
 * @param lists by their names in the file
 * @param place the training, for messages
 * @throws BenchError with the length of every list where they differ
 */
export function commonLength(lists: Readonly<Record<string, ArrayLike<number>>>, place: string): number {
  const [first, ...others] = Object.values(lists)
  if (others.some(({ length }) => length !== first!.length)) {
    const lengths = Object.entries(lists).map(([name, { length }]) => `${name} ${length}`)
    throw new BenchError(
      `${place}: its lists must be equally long, got ${lengths.join(', ')} values; nothing is filled in or cut silently: ` +
        'mend the entry, or take it out of the file',
    )
  }
  return first?.length ?? 0
}

/**
 * The metrics and times of a training reach as far as it does: no value is missing, none stands past its end.
 *
 * @throws BenchError with the place of the first that does not fit
 */
export function checkReach({ levels, curves, elapsed, place }: FoundTraining, metrics: readonly string[]): void {
  const lists = metrics.map((name) => [`metric ${show(name)}`, curves[name] ?? []] as const)
  for (const [what, values] of elapsed === undefined ? lists : [...lists, ['the elapsed time', elapsed] as const]) {
    if (values.length < levels)
      throw new BenchError(
        `${place(1)}: ${what} must have a value for each of the ${levels} levels of the training, got ${values.length}; ` +
          'nothing is filled in silently: write NaN where it diverged, else leave the levels out of all metrics',
      )
    for (let l = levels; l < values.length; l++)
      if (!Number.isNaN(values[l]))
        throw new BenchError(
          `${place(l + 1)}: ${what} must have no value past the training's ${levels} levels, got ${values[l]}; ` +
            'nothing is cut silently: add what is missing of the other metrics and times, or take the value out',
        )
  }
}

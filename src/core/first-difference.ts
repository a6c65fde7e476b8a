/** Where two documents differ first, so that a message can name it. */
import { show } from './errors.js'

/**
 * `hyperparameters.lr was 0.1 and is 0.2 now`; undefined where they are the same. Lists count as whole values.
 *
 * @param was of JSON
 * @param is of JSON
 * @param leftOut entries of the first level that may differ
 */
export function firstDifference(was: unknown, is: unknown, leftOut: readonly string[] = []): string | undefined {
  return differenceAt('', was, is, leftOut)
}

function differenceAt(path: string, was: unknown, is: unknown, leftOut: readonly string[]): string | undefined {
  if (isObject(was) && isObject(is)) {
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      if (leftOut.includes(name)) continue
      const found = differenceAt(path === '' ? name : `${path}.${name}`, was[name], is[name], [])
      if (found !== undefined) return found
    }
    // The same entries in another order.
    return JSON.stringify(was) === JSON.stringify(is) || path === ''
      ? undefined
      : `the order of ${path} was another one`
  }
  return JSON.stringify(was) === JSON.stringify(is) ? undefined : `${path} was ${show(was)} and is ${show(is)} now`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The one name that a JavaScript object cannot hold as data: assigned, it is lost without a word. */
import { BenchError } from './errors.js'

const LOST = '__proto__'

/**
 * Refuses `__proto__` as the name of anything in a document: a hyperparameter of that name would be accepted and ignored.
 * Objects of classes are not looked into.
 *
 * @throws BenchError that names the place
 */
export function refuseLostKeys(value: unknown, name: string): void {
  visit(value, name, new Set())
}

/**
 * The same for an object as it is written in a module, where `{ __proto__: ... }` sets the prototype.
 *
 * @throws BenchError
 */
export function refusePrototype(value: object, name: string): void {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw lost(name)
}

function visit(value: unknown, name: string, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null) return
  if (Object.hasOwn(value, LOST)) throw lost(name)
  for (const [key, inner] of Object.entries(value)) visit(inner, `${name}.${key}`, seen)
}

function lost(name: string): BenchError {
  return new BenchError(`${name} has an entry "${LOST}", a name that JavaScript would lose; rename it`)
}

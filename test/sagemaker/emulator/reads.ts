/** Which members of requests the emulator looks at: what it never looks at, it ignores, and that is listed. */
import { type JsonService, MODELS } from './service-model.js'

/** What was read so far, as `Operation Member.Path`. */
export type Reads = Set<string>

const originals = new WeakMap<object, object>()

/** A request that notes every member that is read. */
export function noting(service: JsonService, operation: string, input: unknown, reads: Reads): unknown {
  const { inputs, shapes } = MODELS[service]
  const wrap = (shapeName: string, value: unknown, path: string): unknown => {
    const shape = shapes[shapeName]!
    if (Array.isArray(value)) return value.map((one) => wrap(shape.member!, one, path))
    if (shape.type !== 'structure' || typeof value !== 'object' || value === null) return value
    const wrapped = new Map<string, unknown>()
    const noted = new Proxy(value, {
      get: (target, name) => {
        const one = (target as Record<PropertyKey, unknown>)[name]
        const member = typeof name === 'string' ? shape.members?.[name] : undefined
        if (typeof name !== 'string' || member === undefined) return one
        const below = path === '' ? name : `${path}.${name}`
        if (isLeaf(service, member)) reads.add(`${operation} ${below}`)
        if (!wrapped.has(name)) wrapped.set(name, wrap(member, one, below))
        return wrapped.get(name)
      },
    })
    originals.set(noted, value)
    return noted
  }
  return wrap(inputs[operation]!, input, '')
}

/** The request itself, for what only says back what it was given. */
export function unnoted<T extends object>(value: T): T {
  return (originals.get(value) as T | undefined) ?? value
}

/** All members of an operation's request that are no structures, as `Operation Member.Path`. */
export function members(service: JsonService, operation: string): string[] {
  const { inputs, shapes } = MODELS[service]
  const list = (shapeName: string, path: string, above: readonly string[]): string[] => {
    const shape = shapes[shapeName]!
    if (above.includes(shapeName)) return []
    if (shape.type === 'list') return list(shape.member!, path, above)
    if (shape.type !== 'structure') return [`${operation} ${path}`]
    return Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
      list(member, path === '' ? name : `${path}.${name}`, [...above, shapeName]),
    )
  }
  return list(inputs[operation]!, '', [])
}

function isLeaf(service: JsonService, shapeName: string): boolean {
  const shape = MODELS[service].shapes[shapeName]!
  return shape.type === 'list' ? isLeaf(service, shape.member!) : shape.type !== 'structure'
}

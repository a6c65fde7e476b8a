/** Search spaces: what a hyperparameter may be, and how one is drawn. */
import { BenchError, invalid, show } from './errors.js'
import { refuseLostKeys, refusePrototype } from './lost-key.js'
import { suggestion } from './nearest-name.js'

/** A hyperparameter's value, in the user's units. */
export type Value = number | string | boolean
/** One value per hyperparameter. */
export type Config = Readonly<Record<string, Value>>

/** A real number in [low, high]; on the log scale its logarithm is uniform. */
export interface FloatDomain {
  readonly type: 'float'
  readonly low: number
  readonly high: number
  readonly scale: 'linear' | 'log'
}
/** A whole number in [low, high], both ends included and never halved: drawn from [low - 1/2, high + 1/2] and rounded. */
export interface IntDomain {
  readonly type: 'int'
  readonly low: number
  readonly high: number
  readonly scale: 'linear' | 'log'
}
/** One of several unordered values, all equally likely. */
export interface ChoiceDomain<V extends Value = Value> {
  readonly type: 'choice'
  readonly values: readonly V[]
}
/** One of several values whose order means something; neighbours are near each other. */
export interface OrdinalDomain<V extends Value = Value> {
  readonly type: 'ordinal'
  readonly values: readonly V[]
}
/** Always the same value; it reaches the training program like any other. */
export interface ConstantDomain<V extends Value = Value> {
  readonly type: 'constant'
  readonly value: V
}
export type Domain = FloatDomain | IntDomain | ChoiceDomain | OrdinalDomain | ConstantDomain
/** A domain per hyperparameter, in the order in which they are drawn and shown. */
export type Space = Readonly<Record<string, Domain>>

/** The values that a domain can take, as a type. */
export type ValueOf<D> = D extends { readonly type: 'float' | 'int' }
  ? number
  : D extends { readonly values: readonly (infer V)[] }
    ? V
    : D extends { readonly value: infer V }
      ? V
      : never
/** The configurations of a space, as a type: a wrong name or value does not compile. */
export type ConfigOf<S extends Space> = { readonly [K in keyof S]: ValueOf<S[K]> }

/** A real hyperparameter, e.g. `float(1e-6, 1e-4, { scale: 'log' })`. */
export function float(low: number, high: number, options: { readonly scale?: 'linear' | 'log' } = {}): FloatDomain {
  return { type: 'float', low, high, scale: options.scale ?? 'linear' }
}
/** A whole-number hyperparameter, e.g. `int(16, 48)`. */
export function int(low: number, high: number, options: { readonly scale?: 'linear' | 'log' } = {}): IntDomain {
  return { type: 'int', low, high, scale: options.scale ?? 'linear' }
}
/** An unordered choice, e.g. `choice(['bert', 'roberta'])`. */
export function choice<const V extends Value>(values: readonly V[]): ChoiceDomain<V> {
  return { type: 'choice', values }
}
/** An ordered choice, e.g. `ordinal([8, 16, 32])`. */
export function ordinal<const V extends Value>(values: readonly V[]): OrdinalDomain<V> {
  return { type: 'ordinal', values }
}
/** A hyperparameter that does not vary. */
export function constant<const V extends Value>(value: V): ConstantDomain<V> {
  return { type: 'constant', value }
}

/** Checks every domain of a space. @throws BenchError that names the hyperparameter and the rule. */
export function checkSpace(space: Space, name = 'space'): void {
  if (Object.keys(space).length === 0) throw new BenchError(`${name} has no hyperparameters; give at least one`)
  refuseLostKeys(space, name)
  refusePrototype(space, name)
  for (const [key, domain] of Object.entries(space)) checkDomain(domain, `${name}.${key}`)
}

function checkDomain(domain: Domain, name: string): void {
  switch (domain.type) {
    case 'float':
    case 'int': {
      const { low, high, scale } = domain
      if (!Number.isFinite(low) || !Number.isFinite(high) || low > high)
        throw invalid(name, [low, high], 'needs finite bounds with low <= high')
      if (domain.type === 'int' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
        throw invalid(name, [low, high], 'needs whole-number bounds')
      if (scale !== 'linear' && scale !== 'log') throw invalid(`${name}.scale`, scale, 'must be "linear" or "log"')
      const least = domain.type === 'int' ? 1 : Number.MIN_VALUE
      if (scale === 'log' && low < least)
        throw invalid(
          name,
          [low, high],
          'needs a positive lower bound on the log scale',
          'raise low or use scale "linear"',
        )
      return
    }
    case 'choice':
    case 'ordinal':
      if (domain.values.length === 0) throw invalid(name, domain.values, 'needs at least one value')
      if (new Set(domain.values).size !== domain.values.length)
        throw invalid(name, domain.values, 'lists a value twice')
      for (const value of domain.values) checkFinite(value, name)
      return
    case 'constant':
      checkFinite(domain.value, name)
      return
    default:
      throw invalid(
        `${name}.type`,
        (domain as { type?: unknown }).type,
        'must be float, int, choice, ordinal or constant',
      )
  }
}

function checkFinite(value: Value, name: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid(name, String(value), 'must be finite')
}

/** Whether a value lies in a domain. */
export function contains(domain: Domain, value: unknown): boolean {
  switch (domain.type) {
    case 'float':
      return typeof value === 'number' && value >= domain.low && value <= domain.high
    case 'int':
      return Number.isInteger(value) && (value as number) >= domain.low && (value as number) <= domain.high
    case 'constant':
      return value === domain.value
    default:
      return domain.values.includes(value as Value)
  }
}

/** A domain in words, for messages. */
export function describeDomain(domain: Domain): string {
  switch (domain.type) {
    case 'float':
    case 'int':
      return `${domain.type} in [${domain.low}, ${domain.high}]${domain.scale === 'log' ? ' on the log scale' : ''}`
    case 'constant':
      return `always ${show(domain.value)}`
    default:
      return `one of ${domain.values.map((value) => show(value)).join(', ')}`
  }
}

/** Checks that a configuration has exactly the space's hyperparameters, each in its domain. @throws BenchError */
export function checkConfig(space: Space, config: Config, name = 'configuration'): void {
  for (const key of Object.keys(config))
    if (!(key in space))
      throw new BenchError(`${name} has an unknown hyperparameter ${show(key)}${suggestion(key, Object.keys(space))}`)
  for (const [key, domain] of Object.entries(space)) {
    if (!(key in config))
      throw new BenchError(`${name} lacks the hyperparameter ${show(key)} (${describeDomain(domain)})`)
    if (!contains(domain, config[key]))
      throw invalid(`${name}.${key}`, config[key], `must be ${describeDomain(domain)}`)
  }
}

/** How many configurations a space has: finite unless a real hyperparameter varies. */
export function spaceSize(space: Space): number {
  let size = 1
  for (const domain of Object.values(space)) size *= domainSize(domain)
  return size
}

/** How many values a domain has; Infinity for a real hyperparameter that varies. */
export function domainSize(domain: Domain): number {
  switch (domain.type) {
    case 'float':
      return domain.low === domain.high ? 1 : Infinity
    case 'int':
      return domain.high - domain.low + 1
    case 'constant':
      return 1
    default:
      return domain.values.length
  }
}

/** The hyperparameters that vary, in order. */
export function varying(space: Space): string[] {
  return Object.keys(space).filter((name) => domainSize(space[name]!) > 1)
}

/** All configurations of a finite space, in a fixed order (the last hyperparameter varies fastest). @throws BenchError */
export function* enumerateSpace(space: Space): Generator<Config> {
  if (spaceSize(space) === Infinity) throw new BenchError('a space with a real hyperparameter cannot be enumerated')
  const names = Object.keys(space)
  const values = names.map((name) => domainValues(space[name]!))
  const digits = names.map(() => 0)
  for (;;) {
    yield Object.freeze(Object.fromEntries(names.map((name, i) => [name, values[i]![digits[i]!]!])))
    let i = names.length - 1
    while (i >= 0 && ++digits[i]! === values[i]!.length) digits[i--] = 0
    if (i < 0) return
  }
}

/** The values of a finite domain, in order. */
export function domainValues(domain: Domain): readonly Value[] {
  switch (domain.type) {
    case 'float':
      return [domain.low]
    case 'int':
      return Array.from({ length: domain.high - domain.low + 1 }, (_, i) => domain.low + i)
    case 'constant':
      return [domain.value]
    default:
      return domain.values
  }
}

/** The same text for the same configuration, whatever the order of its keys; distinct for distinct ones. */
export function configKey(config: Config): string {
  const names = Object.keys(config).sort()
  return JSON.stringify(names.map((name) => [name, Object.is(config[name], -0) ? 0 : config[name]]))
}

/** Search spaces as Syne Tune writes them to JSON: each hyperparameter a domain class, its arguments and its sampler. */
import { z } from 'zod'
import { BenchError, show } from '../core/errors.js'
import type { Domain, Space, Value } from '../core/space.js'
import { parseOr } from '../core/zod-error.js'

const value = z.union([z.number(), z.string(), z.boolean()])
const encoded = z.union([
  value,
  z.looseObject({
    domain_cls: z.string(),
    domain_kwargs: z.looseObject({
      lower: z.number().optional(),
      upper: z.number().optional(),
      categories: z.array(value).optional(),
      size: z.int().positive().optional(),
      log_scale: z.boolean().optional(),
      cast_int: z.boolean().optional(),
    }),
    sampler_cls: z.string().optional(),
  }),
])
type Encoded = z.infer<typeof encoded>

/**
 * A space of Syne Tune's in the domains of this package: reversed logarithms, which it stores like plain ones, become
 * plain ones; quantised ranges lose their steps; numbers at equal steps become an ordinal.
 *
 * @throws BenchError for a domain that is not known
 */
export function readSyneTuneSpace(json: unknown, place: string): Space {
  const entries = parseOr(z.record(z.string(), encoded), json, place)
  return Object.fromEntries(Object.entries(entries).map(([name, one]) => [name, domainOf(one, `${place}.${name}`)]))
}

function domainOf(one: Encoded, place: string): Domain {
  if (typeof one !== 'object') return { type: 'constant', value: one }
  const { domain_cls: name, domain_kwargs: given, sampler_cls: sampler = '' } = one
  const { lower, upper, categories, size } = given
  if ((name === 'Float' || name === 'Integer') && lower !== undefined && upper !== undefined)
    return {
      type: name === 'Float' ? 'float' : 'int',
      low: lower,
      high: upper,
      scale: /log/iu.test(sampler) && lower > 0 ? 'log' : 'linear',
    }
  if (name === 'Categorical' && categories !== undefined) return { type: 'choice', values: categories }
  if (name.startsWith('Ordinal') && categories !== undefined) return { type: 'ordinal', values: categories }
  if (name === 'FiniteRange' && lower !== undefined && upper !== undefined && size !== undefined)
    return { type: 'ordinal', values: finiteRange(lower, upper, size, given) }
  throw new BenchError(`${place}: has the domain ${show(name)}, which is not known; give another one in the mapping`)
}

function finiteRange(
  lower: number,
  upper: number,
  size: number,
  {
    log_scale: log = false,
    cast_int: whole = false,
  }: { readonly log_scale?: boolean | undefined; readonly cast_int?: boolean | undefined },
): number[] {
  const [from, to] = log ? [Math.log(lower), Math.log(upper)] : [lower, upper]
  const values = Array.from({ length: size }, (_, i) => {
    const x = from + (size > 1 ? (i * (to - from)) / (size - 1) : 0)
    const number = Math.min(upper, Math.max(lower, log ? Math.exp(x) : x))
    return whole ? Math.round(number) : number
  })
  return [...new Set(values)]
}

const BASE = { base: Math.E }

/**
 * A space as JSON that Syne Tune reads. A constant is a choice of one value, as tables of its want a domain for every
 * column. Python tells 0 from 0.0, and Syne Tune refuses a list of both kinds: beside a fraction whole numbers get a point.
 */
export function writeSyneTuneSpace(space: Space): string {
  const json = JSON.stringify(
    Object.fromEntries(Object.entries(space).map(([name, domain]) => [name, encode(domain)])),
    (_, value: unknown) =>
      Array.isArray(value) && value.some((one) => typeof one === 'number' && !Number.isInteger(one))
        ? value.map((one) => (Number.isInteger(one) ? `${WITH_POINT}${one}` : one))
        : value,
    1,
  )
  return json.replaceAll(MARKED, '$1.0$2')
}

/** No name or value begins with it, and JSON writes it as an escape. */
const WITH_POINT = '\0'
const MARKED = /"\\u0000(-?\d+)(e\+\d+)?"/g

function encode(domain: Domain): unknown {
  const uniform = { sampler_cls: 'Uniform', sampler_kwargs: {} }
  switch (domain.type) {
    case 'float':
    case 'int':
      return {
        domain_cls: domain.type === 'float' ? 'Float' : 'Integer',
        domain_kwargs: { lower: domain.low, upper: domain.high },
        ...(domain.scale === 'log' ? { sampler_cls: 'LogUniform', sampler_kwargs: BASE } : uniform),
      }
    case 'ordinal':
      return { domain_cls: 'Ordinal', domain_kwargs: { categories: domain.values }, ...uniform }
    default: {
      const categories: readonly Value[] = domain.type === 'constant' ? [domain.value] : domain.values
      return { domain_cls: 'Categorical', domain_kwargs: { categories }, ...uniform }
    }
  }
}

/**
 * Values of ordinals as they were recorded: numbers at equal steps, computed twice, may differ in the last digit.
 *
 * @param recorded the values of each hyperparameter that were tried
 */
export function snapped(space: Space, recorded: (name: string) => Iterable<Value>): Space {
  return Object.fromEntries(
    Object.entries(space).map(([name, domain]) => {
      if (domain.type !== 'ordinal' || typeof domain.values[0] !== 'number') return [name, domain]
      const tried = [...new Set(recorded(name))].filter((one) => typeof one === 'number')
      const near = (x: number): number => tried.find((one) => Math.abs(one - x) <= 1e-6 * Math.abs(x)) ?? x
      return [name, { ...domain, values: domain.values.map((one) => near(one as number)) }]
    }),
  )
}

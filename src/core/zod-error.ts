/** Turns a failed check of outside data into one line: where, what was got, what the rule is. */
import type { z } from 'zod'
import { BenchError, invalid, show } from './errors.js'
import { refuseLostKeys } from './lost-key.js'
import { suggestion } from './nearest-name.js'

/** Parses, or throws one line that names the path to the first fault. @param name what is parsed, e.g. `experiment` */
export function parseOr<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  // Records of zod leave it out.
  refuseLostKeys(value, name)
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = deepest(result.error.issues[0]!)
  const path = [name, ...issue.path.map(String)].join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path)
    throw new BenchError(`${path} has an unknown entry ${show(issue.keys[0])}${suggestion(issue.keys[0]!, known)}`)
  }
  if (issue.code === 'invalid_key') {
    const of = [name, ...issue.path.slice(0, -1).map(String)].join('.')
    throw new BenchError(
      `${of}, name of an entry: ${lower(issue.issues[0]?.message ?? issue.message)} (got ${show(issue.path.at(-1))})`,
    )
  }
  const got = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value)
  const rule = ruleOf(issue)
  if (rule !== undefined && got === undefined && issue.path.length > 0) throw invalid(path, got, rule, 'add this entry')
  // Rules of schemas are sentences already; those of zod are not.
  if (rule !== undefined && rule !== issue.message) throw invalid(path, got, rule, cureOf(issue, got))
  throw new BenchError(`${path}: ${lower(issue.message)} (got ${show(got)})`)
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
}

/** What something must be. undefined: the issue does not say it so that people know. */
function ruleOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.message.startsWith('must ')) return issue.message
  if (!/^(Invalid|Too) /.test(issue.message)) return undefined
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${show(issue.values[0])}`
        : `must be one of ${issue.values.map(show).join(', ')}`
    case 'invalid_type': {
      const kind = Object.hasOwn(KINDS, issue.expected) ? KINDS[issue.expected] : undefined
      return kind && `must be ${kind}`
    }
    case 'too_small':
      return limitRule(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'greater than' : 'at least')
    case 'too_big':
      return limitRule(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most')
    case 'invalid_union': {
      const rules = issue.errors.map((errors) => errors[0] && ruleOf(errors[0]))
      if (rules.length === 0 || rules.includes(undefined)) return undefined
      const [first, ...others] = [...new Set(rules as string[])]
      return [first, ...others.map((rule) => rule.replace(/^must (be )?/, ''))].join(' or ')
    }
    default:
      return undefined
  }
}

/** Of a number, or of how many entries or characters there are. */
function limitRule(origin: string, limit: number, words: string): string {
  const counted = { array: ['entry', 'entries'], set: ['entry', 'entries'], string: ['character', 'characters'] }[
    origin
  ]
  return counted === undefined
    ? `must be ${words} ${limit}`
    : `must have ${words} ${limit} ${limit === 1 ? counted[0] : counted[1]}`
}

/** What to do about it; undefined where the rule says all. */
function cureOf(issue: z.core.$ZodIssue, got: unknown): string | undefined {
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    if (issue.origin === 'array' || issue.origin === 'string')
      return issue.code === 'too_small' ? 'add what is missing' : 'shorten it'
    const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum)
    const whole = issue.origin === 'int'
    if (issue.inclusive !== false) return `write ${limit} or ${issue.code === 'too_small' ? 'more' : 'less'}`
    return `write ${whole ? 'a whole number' : 'a number'} ${issue.code === 'too_small' ? 'above' : 'below'} ${limit}`
  }
  if (issue.code !== 'invalid_type') return undefined
  if (typeof got === 'string' && got.trim() !== '' && ['number', 'int'].includes(issue.expected))
    return Number.isFinite(Number(got)) ? 'leave the quotes out' : 'write digits'
  return issue.expected === 'string' && typeof got !== 'object' ? 'put it in quotes' : undefined
}

/** The issue inside a union that got furthest, which is what the user most likely meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors.flatMap((issues) => issues.slice(0, 1))
  const best = inner.toSorted(
    (a, b) => b.path.length - a.path.length || Number(a.code === 'invalid_type') - Number(b.code === 'invalid_type'),
  )[0]
  return best === undefined || best.path.length === 0
    ? issue
    : deepest({ ...best, path: [...issue.path, ...best.path] })
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema
  for (const key of path) at = (at as { shape?: Record<PropertyKey, unknown> }).shape?.[key]
  const shape = (at as { shape?: object } | undefined)?.shape
  return shape === undefined ? [] : Object.keys(shape)
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}

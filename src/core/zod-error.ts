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
  const rule = got === undefined && issue.path.length > 0 ? ruleOf(issue) : undefined
  if (rule !== undefined) throw invalid(path, undefined, rule, 'add this entry')
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

/** What something that is missing must be. undefined: the issue does not say it so that people know. */
function ruleOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.message.startsWith('must ')) return issue.message
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(show).join(', ')}`
  const kind = issue.code === 'invalid_type' ? KINDS[issue.expected] : undefined
  return kind && `must be ${kind}`
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

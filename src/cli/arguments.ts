/** The values of options, checked: each function returns what was meant or throws one line that says what to write. */
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import type { StopRule } from '../core/stop-rule.js'

/** More seeds than this are a slip of the finger. */
export const MOST_SEEDS = 100_000
const LARGEST_SEED = 2 ** 31 - 1
const MOST_WORKERS = 100_000
const MOST_THREADS = 256

const SEEDS_RULE = 'must be a number of seeds, a range or a list'
const SEEDS_CURE = 'write --seeds 5 for seeds 0 to 4, --seeds 10-19, --seeds 7-7 or --seeds 1,2,3'

/**
 * `5`: the seeds 0 to 4. `3-7`: those from 3 to 7. `1,2,10-12`: those listed.
 *
 * @throws BenchError for no seed, a seed given twice, or too many
 */
export function parseSeeds(text: string): readonly number[] {
  if (/^\d+$/.test(text)) {
    const count = Number(text)
    if (count === 0) throw invalid('--seeds', text, 'must be at least 1', SEEDS_CURE)
    checkSeedCount(count, text)
    return Array.from({ length: count }, (_, seed) => seed)
  }
  const seeds: number[] = []
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
    if (match === null) throw invalid('--seeds', text, SEEDS_RULE, SEEDS_CURE)
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
    if (last < first) throw invalid('--seeds', text, 'has a range that runs backwards', `write ${last}-${first}`)
    if (last > LARGEST_SEED) throw invalid('--seeds', text, `must not hold seeds above ${LARGEST_SEED}`)
    checkSeedCount(seeds.length + last - first + 1, text)
    for (let seed = first; seed <= last; seed++) seeds.push(seed)
  }
  const seen = new Set<number>()
  for (const seed of seeds) {
    if (seen.has(seed)) throw invalid('--seeds', text, `holds seed ${seed} twice`, 'name every seed once')
    seen.add(seed)
  }
  return seeds
}

function checkSeedCount(count: number, text: string): void {
  if (count > MOST_SEEDS) throw invalid('--seeds', text, `must be at most ${MOST_SEEDS} seeds`)
}

/** A whole number within limits. */
export function parseCount(option: string, text: string, low: number, high: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= low && value <= high)) throw invalid(option, text, `must be a whole number from ${low} to ${high}`)
  return value
}

/** A number greater than 0. */
export function parseAmount(option: string, text: string): number {
  const value = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!(value > 0) || value === Infinity) throw invalid(option, text, 'must be a number greater than 0')
  return value
}

/** `1,4`: several numbers of workers, each given once. */
export function parseWorkers(text: string): readonly number[] {
  const workers = parseList('--workers', text).map((part) => parseCount('--workers', part, 1, MOST_WORKERS))
  const twice = workers.find((count, i) => workers.indexOf(count) < i)
  if (twice !== undefined) throw invalid('--workers', text, `holds ${twice} twice`, 'name every number once')
  return workers
}

export function parseThreads(text: string): number {
  return parseCount('--threads', text, 0, MOST_THREADS)
}

/** Names separated by commas, each given once. */
export function parseList(option: string, text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw invalid(option, text, 'must be names separated by commas', `write ${option} a,b`)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw invalid(option, text, `names ${show(twice)} twice`, 'name each once')
  return names
}

/** What budgets are counted in, and the stop rule that it makes. */
const BUDGET_UNITS: Readonly<Record<string, (amount: number) => StopRule>> = {
  evals: (amount) => ({ fullEvaluations: amount }),
  s: (amount) => ({ seconds: amount }),
  min: (amount) => ({ seconds: amount * 60 }),
  h: (amount) => ({ seconds: amount * 3600 }),
  reports: (amount) => ({ reports: amount }),
  trials: (amount) => ({ trials: amount }),
  usd: (amount) => ({ cost: amount }),
}
const COUNTED = ['reports', 'trials']
const BUDGET_CURE = 'write --budget 13evals, 1800s, 30min, 2h, 500reports, 40trials or 12usd'

/** `13evals`, `1800s`, `30min`, `2h`, `500reports`, `40trials` or `12usd`. */
export function parseBudget(text: string): StopRule {
  const match = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]+)$/i.exec(text.trim())
  if (match === null) throw invalid('--budget', text, 'must be an amount and a unit', BUDGET_CURE)
  const [amount, unit] = [Number(match[1]), match[2]!.toLowerCase()]
  const name = unit === 'eval' || unit === 'report' || unit === 'trial' ? `${unit}s` : unit
  const rule = Object.hasOwn(BUDGET_UNITS, name) ? BUDGET_UNITS[name] : undefined
  if (rule === undefined)
    throw new BenchError(`--budget has an unknown unit ${show(match[2])}${suggestion(unit, Object.keys(BUDGET_UNITS))}`)
  if (!(amount > 0) || !Number.isFinite(amount)) throw invalid('--budget', text, 'must be more than 0', BUDGET_CURE)
  if (COUNTED.includes(name) && !Number.isSafeInteger(amount))
    throw invalid('--budget', text, `must be a whole number of ${name}`)
  return rule(amount)
}

const DURATION_UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 }

const SIZE_UNITS = ['b', 'kb', 'mb', 'gb', 'tb', 'kib', 'mib', 'gib', 'tib']

/** `500MB`, `20GB` or `1TiB`: in bytes. */
export function parseBytes(option: string, text: string): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]+)$/i.exec(text.trim())
  const unit = SIZE_UNITS.indexOf(match?.[2]?.toLowerCase() ?? '')
  const bytes = Math.floor(Number(match?.[1]) * (unit > 4 ? 1024 ** (unit - 4) : 1000 ** unit))
  if (unit < 0 || !(bytes > 0) || !Number.isSafeInteger(bytes))
    throw invalid(option, text, 'must be an amount of memory', `write ${option} 500MB, 20GB or 1TB`)
  return bytes
}

/** `90s`, `30min` or `2h`: in seconds. */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z]+)$/i.exec(text.trim())
  const unit = DURATION_UNITS[match?.[2]?.toLowerCase() ?? '']
  const seconds = Number(match?.[1]) * (unit ?? Number.NaN)
  if (!(seconds > 0) || seconds === Infinity)
    throw invalid(option, text, 'must be an amount of time', `write ${option} 90s, 30min or 2h`)
  return seconds
}

const BACKENDS = ['simulated', 'local', 'sagemaker'] as const

export function parseBackend(text: string): (typeof BACKENDS)[number] {
  const backend = BACKENDS.find((name) => name === text)
  if (backend === undefined) throw new BenchError(`unknown backend ${show(text)}${suggestion(text, BACKENDS)}`)
  return backend
}

/** An argument as it can be typed into a shell. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`
}

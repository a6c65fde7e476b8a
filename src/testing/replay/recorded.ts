/** Recorded decisions of a scheduler, as they stand in a file: one JSON case a line, gzipped or not. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { BenchError, messageOf, show } from '../../core/errors.js'
import { parseOr } from '../../core/zod-error.js'

/** Of a trial or an item; large enough for any file, small enough for arrays. */
const id = z.int().min(0).max(1e7)
const level = z.number().positive().max(1e9)
const decision = z.enum(['C', 'S', 'P'])

/**
 * What the scheduler saw, in order.
 *
 * - `['s', trial]`: a new trial starts; `['s', new, resumed, until]`: a worker was free; `resumed` is the trial that goes
 *   on, or null if the trial `new` starts, and it runs up to the level `until`
 * - `['r', trial, level, value, decision]`: a report and its answer, C(ontinue), S(top) or P(ause); several objectives
 *   report a list
 * - `['e', trial]`: the trial failed; `['c', trial]`: it ended by itself
 */
const event = z.union([
  z.tuple([z.literal('s'), id]),
  z.tuple([z.literal('s'), id, id.nullable(), level]),
  z.tuple([z.literal('r'), id, level, z.union([z.number(), z.array(z.number())]), decision]),
  z.tuple([z.literal('e'), id]),
  z.tuple([z.literal('c'), id]),
])
const goal = z.enum(['min', 'max'])

const runCase = z.looseObject({
  id: z.string(),
  scheduler: z.string(),
  params: z.looseObject({
    mode: z.union([goal, z.array(goal).min(1)]),
    max_t: level,
    grace_period: level.optional(),
    reduction_factor: z.number().min(2).optional(),
    brackets: z.literal(1).optional(),
  }),
  /** Levels, or levels with the share that passes; compared where they are given. */
  rungs: z.array(z.union([z.number(), z.tuple([z.number(), z.number()])])).optional(),
  events: z.array(event),
})
/** A run of a scheduler with everything it saw and answered. */
export type RunCase = z.infer<typeof runCase>
export type RunEvent = z.infer<typeof event>

const points = z.array(z.array(z.number()))
const order = z.array(id)

const sortCase = z.looseObject({
  id: z.string(),
  points,
  layers: z.array(order),
  epsnet: z.array(z.object({ dim: id, rank: order, order })).min(1),
  sort: order,
  max_items: z.object({ k: id, sort: order }),
  priority: order,
  ranked: order,
})
/** Points with their non-dominated fronts and epsilon-net orders. */
export type SortCase = z.infer<typeof sortCase>

const volumeCase = z.looseObject({
  id: z.string(),
  points,
  ref: z.array(z.number()),
  exact: z.number(),
  cumulative_exact: z.array(z.number()).nullable(),
})
/** Points with their hypervolume. */
export type VolumeCase = z.infer<typeof volumeCase>

const levelsCase = z.looseObject({
  max_t: level,
  grace_period: level,
  reduction_factor: z.number().min(1.1),
  asha_levels: z.array(z.number()),
  asha_quantiles: z.array(z.number()),
  moasha_levels: z.array(z.number()),
})
/** The rung levels of a setting. */
export type LevelsCase = z.infer<typeof levelsCase>

const cutoffCase = z.looseObject({
  mode: goal,
  quantile: z.tuple([z.number(), z.number()]),
  values: z.array(z.number()),
  cutoff: z.number().nullable(),
  order,
})
/** A rung with its cut-off. */
export type CutoffCase = z.infer<typeof cutoffCase>

/** A case, and where it stands: the file and the line. */
export type RecordedCase = { readonly name: string } & (
  | { readonly kind: 'run'; readonly run: RunCase }
  | { readonly kind: 'sort'; readonly sort: SortCase }
  | { readonly kind: 'volume'; readonly volume: VolumeCase }
  | { readonly kind: 'levels'; readonly levels: LevelsCase }
  | { readonly kind: 'cutoff'; readonly cutoff: CutoffCase }
)

/** The cases of a file. @throws BenchError that names the file, the line and the fault */
export function* readRecorded(path: string): Generator<RecordedCase> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new BenchError(`${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  let text: string
  try {
    text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (error) {
    throw new BenchError(`${path} is damaged: ${messageOf(error)}`, { cause: error })
  }
  let number = 0
  for (const line of text.split('\n')) {
    number++
    if (line.trim() === '') continue
    const name = `${path} line ${number}`
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      throw new BenchError(`${name} is not JSON: ${messageOf(error)}`, { cause: error })
    }
    yield caseOf(value, name)
  }
  if (text.trim() === '') throw new BenchError(`${path} is empty; it needs one JSON case a line`)
}

/** What a line holds is told by its entries. */
function caseOf(value: unknown, name: string): RecordedCase {
  const has = (key: string): boolean => typeof value === 'object' && value !== null && key in value
  if (has('events')) return { name, kind: 'run', run: parseOr(runCase, value, name) }
  if (has('layers')) return { name, kind: 'sort', sort: parseOr(sortCase, value, name) }
  if (has('ref')) return { name, kind: 'volume', volume: parseOr(volumeCase, value, name) }
  if (has('asha_levels')) return { name, kind: 'levels', levels: parseOr(levelsCase, value, name) }
  if (has('quantile')) return { name, kind: 'cutoff', cutoff: parseOr(cutoffCase, value, name) }
  throw new BenchError(
    `${name} is of no known kind: ${show(value)}; it needs "events", "layers", "ref", "asha_levels" or "quantile"`,
  )
}

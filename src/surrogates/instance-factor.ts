/**
 * Modelled instance types: a hyperparameter that no column holds. Every recorded training answers for each type, its
 * times divided by the type's speed, and rows are not copied.
 */
import { z } from 'zod'
import type { Config, Domain } from '../core/space.js'

/** The price of a training so far, on every table that has a price; a column of the same name goes first. */
export const COST = 'cost'

export const instanceTypesSchema = z.strictObject({
  /** What the hyperparameter is called. */
  hyperparameter: z.string().min(1),
  /** The first is the default. */
  types: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** How many times as fast as the recorded hardware: times are divided by it. */
        speed: z.number().positive().finite(),
        /** US dollars per hour; null where it is not known. */
        usdPerHour: z.number().positive().finite().nullable(),
        /** Seconds before training begins, instead of the recorded ones divided by the speed. */
        startupSeconds: z.number().min(0).finite().optional(),
      }),
    )
    .min(1)
    .refine((types) => new Set(types.map(({ name }) => name)).size === types.length, 'lists a type twice'),
  /** Static metrics that are times as well and are divided by the speed, e.g. `latency_ms`. */
  scaled: z.array(z.string()),
})
/** What a table's metadata say about modelled instance types. */
export type InstanceTypes = z.infer<typeof instanceTypesSchema>

/** The instance types of a table as numbers: K types, by their positions 0..K-1. */
export class InstanceFactor {
  readonly hyperparameter: string
  readonly names: readonly string[]
  /** K */
  readonly size: number
  /** (K) what recorded times are multiplied with: 1 / speed */
  readonly slowness: Float64Array
  /** (K) US dollars per hour, NaN where not known */
  readonly usdPerHour: Float64Array
  /** (K) seconds before training begins; NaN: the recorded ones times the slowness */
  readonly startup: Float64Array
  readonly scaled: ReadonlySet<string>
  readonly #positions: ReadonlyMap<unknown, number>

  constructor({ hyperparameter, types, scaled }: InstanceTypes) {
    this.hyperparameter = hyperparameter
    this.names = types.map(({ name }) => name)
    this.size = types.length
    this.slowness = Float64Array.from(types, ({ speed }) => 1 / speed)
    this.usdPerHour = Float64Array.from(types, ({ usdPerHour }) => usdPerHour ?? Number.NaN)
    this.startup = Float64Array.from(types, ({ startupSeconds }) => startupSeconds ?? Number.NaN)
    this.scaled = new Set(scaled)
    this.#positions = new Map(this.names.map((name, i) => [name, i]))
  }

  get domain(): Domain {
    return { type: 'choice', values: this.names }
  }

  /** The position of a configuration's type, or -1. */
  positionIn(config: Partial<Config>): number {
    return this.#positions.get(config[this.hyperparameter]) ?? -1
  }

  /** A configuration without its instance type. */
  without(config: Partial<Config>): Config {
    const { [this.hyperparameter]: _type, ...rest } = config
    return rest as Config
  }

  /** (K) US dollars per second of recorded training time. */
  get usdPerRecordedSecond(): Float64Array {
    return this.slowness.map((slowness, k) => (slowness * this.usdPerHour[k]!) / 3600)
  }
}

/** Experiments: a question, and the methods, tables, budgets and seeds that answer it. Plain data. */
import { z } from 'zod'
import { nameOrPathSchema, nameSchema, sentenceSchema } from './names.js'
import type { Accumulation, Goal } from './objective.js'
import { type SchedulerDefinition, schedulers } from './schedulers/index.js'
import { type SearcherDefinition, searchers } from './searchers/index.js'
import type { Config, ConfigOf, Space, Value } from './space.js'
import { type StopRule, stopRuleSchema } from './stop-rule.js'

/** An option, or a list of them: every element is another method (or another cell of the experiment). */
export type OneOrMany<T> = T | readonly T[]

/** A configuration of which some hyperparameters are given; of an unknown space any names are allowed. */
type PartialConfig<S extends Space> = Space extends S ? Readonly<Record<string, Value>> : Partial<ConfigOf<S>>

type OptionsOf<D> = D extends { readonly options: infer O extends z.ZodObject } ? NoneIfEmpty<z.input<O>> : never
/** zod types an object without keys as one whose every key is never; that would forbid `type` beside it. */
type NoneIfEmpty<O> = string extends keyof O ? unknown : O
type Crossed<O> = { readonly [K in keyof O]: O[K] | readonly Exclude<O[K], undefined>[] }
/** Options whose values are configurations get the hyperparameter names of the space. */
type Typed<O, S extends Space> = {
  readonly [K in keyof O]: K extends 'initial'
    ? readonly ('default' | PartialConfig<S>)[]
    : K extends 'config'
      ? PartialConfig<S>
      : Crossed<O>[K]
}
type Named<R, S extends Space> = { [K in keyof R & string]: { readonly type: K } & Typed<OptionsOf<R[K]>, S> }[keyof R &
  string]
/** A definition of one's own: by value (runs on the calling thread) or by module path (its default export; any thread). */
type Own<D> = { readonly type: D | `./${string}` | `/${string}` | `file:${string}`; readonly [option: string]: unknown }

/** A scheduler with its options. */
export type SchedulerSpec<S extends Space = Space> = Named<typeof schedulers, S> | Own<SchedulerDefinition>
/** A searcher with its options. */
export type SearcherSpec<S extends Space = Space> = Named<typeof searchers, S> | Own<SearcherDefinition>

/** An objective as an experiment gives it; see {@link Experiment.objectives}. */
export interface ObjectiveSpec {
  readonly metric: string
  readonly report?: string
  readonly goal?: Goal
  readonly accumulates?: Accumulation
}

/** A method: a scheduler and, by default, the random searcher. */
export interface MethodSpec<S extends Space = Space> {
  readonly scheduler: SchedulerSpec<S>
  readonly searcher?: SearcherSpec<S>
  /** Hyperparameters that this method holds at one value, beside the experiment's. Budgets are not affected. */
  readonly fixed?: PartialConfig<S>
}

export interface Experiment<S extends Space = Space> {
  readonly name: string
  /** What the experiment is to answer, as a question. */
  readonly question: string
  /** Names of shipped tables, or paths. */
  readonly tables: readonly string[]
  /**
   * Tables that do not ship because others own their numbers: by name in `tables`, the command that makes the file
   * `NAME.arrow`. It is looked for in the current directory.
   */
  readonly imports?: Readonly<Record<string, string>>
  /** The search space, if it is not the table's; it must have the same hyperparameters. */
  readonly space?: S
  /** Hyperparameters held at one value. */
  readonly fixed?: PartialConfig<S>
  /**
   * What is optimised. `metric` is measured on validation data and steers; `report` (default: the same) is what is
   * reported for the chosen trial; `goal` is the table's unless it is given. Every table has the metrics `elapsed_time`
   * (seconds of training so far) and, where a price is known, `cost` (US dollars so far). They grow with training, so
   * that a stopped trial looks cheap: with `accumulates`, methods see them `per-level` (value / level) or `projected` to
   * the full training (value / level x maximum level). What is recorded stays as it was reported.
   */
  readonly objectives: readonly ObjectiveSpec[]
  /** By name; the first is the baseline unless `baseline` names another. */
  readonly methods: Readonly<Record<string, MethodSpec<S>>>
  readonly baseline?: string
  /** Default 1. */
  readonly workers?: OneOrMany<number>
  /** When a run ends. */
  readonly budget: OneOrMany<StopRule>
  /** Budgets of tables that differ from `budget`. */
  readonly budgetByTable?: Readonly<Record<string, OneOrMany<StopRule>>>
  /** How many seeds by default: 5. */
  readonly seeds?: number
  /** Assumptions about the machinery; see `simulationSchema` of the simulated backend. */
  readonly simulation?: Readonly<Record<string, unknown>>
  /** What becomes of a trial whose objective is not a finite number. Default `stop`. */
  readonly diverged?: 'stop' | 'continue'
  /** US dollars per worker and hour, if it is not the table's; instance types of a table have prices of their own. */
  readonly pricePerHour?: number
  /** After more failed trials than this a run is given up. */
  readonly maxFailures?: number
}

/** Types an experiment: with `space`, a wrong hyperparameter name, value or option does not compile. */
export function defineExperiment<const S extends Space = Space>(experiment: Experiment<S>): Experiment<S> {
  return experiment
}

const spec = z.looseObject({ type: z.union([z.string(), z.looseObject({ create: z.function() })]) })
const values = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
const stopRules = z.union([stopRuleSchema, z.array(stopRuleSchema).min(1)])

/** The shape of an experiment; the options of schedulers and searchers are checked when it is planned. */
export const experimentSchema = z.strictObject({
  name: nameSchema.regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be letters, digits, dots, dashes and underscores'),
  question: sentenceSchema,
  tables: z.array(nameOrPathSchema).min(1),
  imports: z.record(nameSchema, z.string()).optional(),
  space: z.record(z.string(), z.looseObject({ type: z.string() })).optional(),
  fixed: values.optional(),
  objectives: z
    .array(
      z.strictObject({
        metric: nameSchema,
        report: nameSchema.optional(),
        goal: z.enum(['min', 'max']).optional(),
        accumulates: z.enum(['per-level', 'projected']).optional(),
      }),
    )
    .min(1),
  methods: z
    .record(nameSchema, z.strictObject({ scheduler: spec, searcher: spec.optional(), fixed: values.optional() }))
    .refine((methods) => Object.keys(methods).length > 0, 'needs at least one method'),
  baseline: z.string().optional(),
  workers: z.union([z.int().positive(), z.array(z.int().positive()).min(1)]).optional(),
  budget: stopRules,
  budgetByTable: z.record(z.string(), stopRules).optional(),
  seeds: z.int().positive().optional(),
  simulation: z.record(z.string(), z.unknown()).optional(),
  diverged: z.enum(['stop', 'continue']).optional(),
  pricePerHour: z.number().positive().optional(),
  maxFailures: z.int().min(0).optional(),
})

export type { Config }

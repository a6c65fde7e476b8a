/** What is said of a table: who describes tables and who shows them agree on it. */
import type { Goal } from './objective.js'
import type { Config, Value } from './space.js'

/** A configuration at its best level, by the metric that steers. */
export interface DescribedConfiguration {
  readonly config: Config
  /** How many trainings of it there are; the figures below are their means. */
  readonly repetitions: number
  /** Best value over the levels, and the level where it was reached in the first repetition. */
  readonly value: number
  readonly level: number
  /** Standard deviation of the final value over repetitions; null for a single one. */
  readonly spread: number | null
  /** What tests gave at that level, by metric. */
  readonly test?: Readonly<Record<string, number | null>>
}

/** A table in figures, as far as they are shown as text. Where not said otherwise they are about the metric that steers: the first on validation data. */
export interface TableDescription {
  readonly name: string
  readonly description: string
  /** sha256 of the file. */
  readonly checksum: string
  readonly rows: number
  /** Those of all modelled instance types, where the table has such. */
  readonly configurations: number
  /** e.g. `epoch` */
  readonly resource: string
  readonly levels: number
  readonly hyperparameters: readonly {
    readonly name: string
    /** Its domain in words. */
    readonly domain: string
    /** How many different values occur. */
    readonly values: number
  }[]
  readonly metrics: readonly {
    readonly name: string
    readonly goal: Goal | 'none'
    readonly unit: string
    readonly split: string
    readonly kind: 'curve' | 'static'
  }[]
  readonly provenance: Readonly<Record<string, unknown>> & { readonly kind: string }
  /** Of columns whose numbers come from elsewhere than the rest. */
  readonly columnProvenance?: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly kind: string }>>
  readonly metric: string
  readonly goal: Goal | 'none'
  /** undefined where the table has no such configuration. */
  readonly best: DescribedConfiguration | undefined
  readonly default: DescribedConfiguration | undefined
  /** Median over configurations of the standard deviation of the final value over repetitions; null without repetitions. */
  readonly spreadOverRepetitions: number | null
  /** How trainings ended: how many of each. */
  readonly ended: Readonly<Record<'completed' | 'stopped' | 'diverged' | 'failed', number>>
  /** Seconds per level: over configurations the median, the least and the greatest, and by how much levels of one training vary. */
  readonly secondsPerLevel: {
    readonly median: number
    readonly least: number
    readonly greatest: number
    /** Median over trainings of the standard deviation over levels as a share of the mean; null for one level. */
    readonly variation: number | null
  }
  /** Seconds before training began, median over trainings. */
  readonly startupSeconds?: { readonly median: number }
  /** A full training of the default configuration; null where none completed. */
  readonly fullTrainingSeconds?: {
    readonly repetitions: number
    readonly mean: number
    readonly sd: number | null
  } | null
  /** Of each choice hyperparameter, its values: how many configurations have it, how fast and how good they are. */
  readonly choices?: Readonly<
    Record<
      string,
      readonly {
        readonly value: Value
        readonly configurations: number
        readonly secondsPerLevel: number | null
        readonly best: number | null
      }[]
    >
  >
  /** Modelled instance types: one more hyperparameter. */
  readonly instances?: {
    readonly hyperparameter: string
    readonly types: readonly {
      readonly name: string
      /** 1 is the recorded machine. */
      readonly speed: number
      /** US dollars; null where no price is known. */
      readonly usdPerHour: number | null
      /** Of the default configuration, start-up not counted; null where there is none. */
      readonly fullTrainingSeconds: number | null
      readonly fullTrainingUsd: number | null
    }[]
  }
  /** How many trainings shared their device with others, most others beside one; absent: not known. */
  readonly shared?: { readonly known: number; readonly trainings: number; readonly most: number }
  /** What trainings ran on, where that differs. */
  readonly hardware?: readonly {
    readonly name: string
    readonly trainings: number
    readonly secondsPerLevel: number | null
  }[]
  /** Curves of some configurations, level 1 first: best, median, worst, default. */
  readonly curves: readonly { readonly label: string; readonly values: readonly number[] }[]
}

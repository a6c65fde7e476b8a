/**
 * What a format's importer is: it says what a user's files hold. Everything else (the space where the files do not give
 * it, times, repetitions, the table itself) is the same for every format and lives in `import-table.ts`.
 */
import type { Config, Space } from '../core/space.js'
import type { Metric } from '../surrogates/metadata.js'
import type { Ended } from '../surrogates/table-data.js'
import type { Mapping } from './mapping.js'

/** One training as a file holds it. */
export interface FoundTraining {
  /** The same hyperparameters in every training of a table. */
  readonly config: Config
  /** Tells trainings of one configuration apart, e.g. a seed; tables number them 0, 1, 2, ... in this order. */
  readonly repetition: number
  /** How many levels it holds, from level 1 on. */
  readonly levels: number
  /** By metric, the value at levels 1, 2, ...; NaN from where the training diverged. */
  readonly curves: Readonly<Record<string, ArrayLike<number>>>
  /** By metric, what has one value per training. */
  readonly statics?: Readonly<Record<string, number>>
  /** Seconds of training up to levels 1, 2, ...; without it a rule of the user's must stand in. */
  readonly elapsed?: ArrayLike<number> | undefined
  /** Default: diverged where a curve has NaN, else stopped with fewer levels than other trainings, else completed. */
  readonly ended?: Ended | undefined
  /** Seconds before training began; default 0. */
  readonly startup?: number | undefined
  /** Processor seconds; default not known. */
  readonly cpu?: number | undefined
  /** Where a level stands in the files, for messages: `curves.csv, line 3`. */
  readonly place: (level: number) => string
}

/** What is known of a metric; the mapping adds to it. */
export type FoundMetric = { readonly [K in keyof Metric]?: Metric[K] | undefined }

/** What files hold. What is left out must come from the mapping or the options. */
export interface FoundTable {
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** What a level is called. */
  readonly resource?: string | undefined
  readonly metrics: Readonly<Record<string, FoundMetric>>
  /** Domains as they were published; of hyperparameters without one they are inferred from the values. */
  readonly space?: Space | undefined
  readonly defaultConfig?: Config | undefined
  readonly source?: string | undefined
  readonly licence?: string | undefined
  /** Where the times in the files are by a rule: the seconds that every level takes. */
  readonly secondsPerLevel?: number | undefined
  /** Of every file that was read, by its name, hexadecimal. */
  readonly sha256: Readonly<Record<string, string>>
  /** What else a reader should know; further entries of the provenance. */
  readonly notes?: Readonly<Record<string, unknown>>
  /** What reports must repeat, one sentence each. */
  readonly warnings?: readonly string[]
  readonly trainings: readonly FoundTraining[]
}

/** What the user says beside the files. */
export interface ImportOptions {
  /** The name of the table; default: what the mapping says, else what the files say. */
  readonly name?: string | undefined
  /** Where the numbers come from: a paper, an address, a person. */
  readonly source?: string | undefined
  /** Under which licence they may be used. */
  readonly licence?: string | undefined
  /** Which of several tasks (data sets) in the files. */
  readonly task?: string | undefined
  /** A rule in place of measured times: level l is reached after l times so many seconds. */
  readonly secondsPerLevel?: number | undefined
  /** The path of a mapping (JSON): what the files do not say, or what is to be otherwise. */
  readonly map?: string | undefined
}

/** What an importer is told. */
export interface ImportRequest {
  readonly options: ImportOptions
  /** The mapping of {@link ImportOptions.map}, checked; empty where none is given. */
  readonly mapping: Mapping
}

/** A format that tables are made of. */
export interface Importer {
  /** What the files are, in one line. */
  readonly summary: string
  /** How many files one table is made of. */
  readonly files: 'one' | 'several'
  /** Whether the files may hold several tasks, of which `--task` takes one. */
  readonly tasks?: boolean
  /** Whether nothing can be read without a mapping. */
  readonly needsMapping?: boolean
  /** @throws BenchError, one line with the place in the file */
  read(files: readonly string[], request: ImportRequest): Promise<FoundTable>
}

/** Types an importer of one's own. */
export function defineImporter(importer: Importer): Importer {
  return importer
}

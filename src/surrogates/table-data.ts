/**
 * A surrogate table in memory: typed columns over one shared buffer. It can be posted to worker threads without a copy,
 * and holds exactly what the Arrow file holds.
 */
import type { TableMetadata } from './metadata.js'

/** How a recorded training ended, in the order of the codes in {@link TableData.ended}. */
export const ENDED = ['completed', 'stopped', 'diverged', 'failed'] as const
export type Ended = (typeof ENDED)[number]

/** One hyperparameter of all rows. */
export type HyperparameterColumn =
  | { readonly kind: 'float'; readonly values: Float64Array }
  | { readonly kind: 'int'; readonly values: Int32Array }
  /** 0 or 1 */
  | { readonly kind: 'bool'; readonly values: Uint8Array }
  /** `values[i]` is a position in `dictionary` */
  | { readonly kind: 'text'; readonly values: Int32Array; readonly dictionary: readonly string[] }

/** Texts of all rows; `values[i]` is a position in `dictionary`. */
export interface TextColumn {
  readonly values: Int32Array
  readonly dictionary: readonly string[]
}

/** What stands in {@link TableData.shared} where it is not known. */
export const SHARED_UNKNOWN = -1

/** The columns of a table; N rows (trainings), R levels. Curves are row-major: level l (1..R) of row i is at i*R + l-1. */
export interface TableData {
  readonly metadata: TableMetadata
  /** sha256 of the file's bytes, hexadecimal; of the columns for a table that was never a file. */
  readonly checksum: string
  /** N */
  readonly rows: number
  /** R */
  readonly levels: number
  readonly hyperparameters: Readonly<Record<string, HyperparameterColumn>>
  /** (N) which training seed: 0, 1, ... within a configuration */
  readonly repetition: Int32Array
  /** (N) how many of the R levels a row holds */
  readonly reached: Int32Array
  /** (N) code into {@link ENDED} */
  readonly ended: Uint8Array
  /** (N * R) seconds of training up to each level; strictly increasing within `reached`, NaN past it */
  readonly elapsed: Float64Array
  /** (N) seconds before training began */
  readonly startup: Float64Array
  /** (N) processor seconds of the whole training */
  readonly cpu: Float64Array
  /**
   * (N) most other trainings that ran on the same device at any moment of the training: with 1 or more its times are those
   * of a device that was shared. {@link SHARED_UNKNOWN} where it is not known; undefined: not known of any row.
   */
  readonly shared?: Int32Array | undefined
  /** (N) what each training ran on, where that differs; undefined: what the provenance says. */
  readonly hardware?: TextColumn | undefined
  /** (N * R) each; NaN past `reached`, and where a training diverged */
  readonly curves: Readonly<Record<string, Float32Array | Float64Array>>
  /** (N) each */
  readonly statics: Readonly<Record<string, Float64Array>>
}

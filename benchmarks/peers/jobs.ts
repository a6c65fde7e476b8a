/** What both systems are asked to run, and what they answer. */
import type { Experiment, MethodSpec } from '../../src/core/experiment.js'
import type { Config } from '../../src/core/space.js'
import type { StopRule } from '../../src/core/stop-rule.js'

export const WORKERS = 4
/** Seconds between two looks of Syne Tune's tuner at its trials, as by default. */
export const POLL_INTERVAL = 5

const halving = { gracePeriod: 1, reductionFactor: 3, brackets: 1 }
/** As Syne Tune draws under MO-ASHA; under the others neither system gives a configuration twice. */
const again = { type: 'random', draws: 'with-replacement' } as const

/** The methods by name; `syne_tune_runs.py` has the same. */
export const METHODS = {
  random: { scheduler: { type: 'fifo' } },
  'asha-stopping': { scheduler: { type: 'asha-stopping', ...halving } },
  'asha-promotion': { scheduler: { type: 'asha-promotion', ...halving } },
  'mo-asha': { scheduler: { type: 'mo-asha-stopping', ...halving }, searcher: again },
} as const satisfies Record<string, MethodSpec>
export type Method = keyof typeof METHODS

/** One objective, for MO-ASHA two. */
export function objectivesOf(method: Method): string[] {
  return method === 'mo-asha' ? ['validation_error', 'latency_ms'] : ['validation_error']
}

export interface Job {
  readonly method: Method
  readonly objectives: readonly string[]
  readonly workers: number
  readonly pollInterval: number
  /** The table as an .arrow file and as a folder of Syne Tune's. */
  readonly table: string
  readonly folder: string
  /** Where results are stored: a folder that is thrown away. */
  readonly out: string
  /** Syne Tune without what moves its clock beside the polls, see `idealise`. */
  readonly ideal?: boolean
  readonly runs: readonly {
    readonly seed: number
    /** When the run ends: after so many reports (Syne Tune: about), or so many simulated seconds. */
    readonly reports?: number
    readonly seconds?: number
    /** What is tried first. */
    readonly configurations?: readonly Config[]
  }[]
}

/** A report: simulated seconds, trial, level and value of the first objective. */
export type Row = readonly [time: number, trial: number, level: number, value: number]

export interface Answer {
  /** Reports that the scheduler was given, and trials started; the reports in their order where a run ends by seconds. */
  readonly runs: readonly { readonly reports: number; readonly trials: number; readonly rows?: readonly Row[] }[]
  /** Processor seconds of the runs: from the first decision until the results are stored. */
  readonly seconds: number
  /** Processor seconds of the whole process. */
  readonly processSeconds: number
  /** Peak of its resident memory. */
  readonly peakMiB: number
}

/** A method as an experiment of one's own. */
export function experimentOf(
  method: Method,
  table: string,
  budget: StopRule,
  spec: MethodSpec = METHODS[method],
): Experiment {
  return {
    name: 'peers',
    question: 'How do two systems do the same?',
    tables: [table],
    objectives: objectivesOf(method).map((metric) => ({ metric })),
    methods: { [method]: spec },
    workers: WORKERS,
    budget,
  }
}

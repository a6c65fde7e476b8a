/** `verify/verify.json`: what real trainings showed about a simulated run. Written by `bench verify`, read by reports. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../core/space.js'
import { writeWhole } from './write-whole.js'
import type { RunFailure, RunSummary } from './run-set.js'

/** The folder in a run directory that holds everything about its verification. */
export const VERIFY_FOLDER = 'verify'
const FILE = 'verify.json'

/** JSON has no NaN: a value that is not finite is null. */
export type Numbers = readonly (number | null)[]

/** A number of the table and what came out for real. */
export interface Pair {
  readonly table: number | null
  readonly real: number | null
}

/** The same, one per level 1, 2, ... */
export interface PairedCurve {
  readonly table: Numbers
  readonly real: Numbers
}

/** One recorded training that the simulation replayed, trained again. */
export interface VerifiedTraining {
  readonly table: string
  readonly row: number
  readonly config: Config
  readonly repetition: number
  /** What the program got as its seed: that of the recorded training. */
  readonly seed: number
  /** The highest rung that a simulated trial reached with it; 0: none. */
  readonly stratum: number
  /** Drawn, or trained because a run ended with it. */
  readonly chosen: 'sample' | 'incumbent'
  /** Why it came to nothing; empty otherwise. */
  readonly failure: string
  /** Its levels, as many as in the simulation unless it failed: the curves below hold so many numbers. */
  readonly reached: number
  /** Seconds before training began, and of training up to each level. */
  readonly startup: Pair
  readonly elapsed: PairedCurve
  /** By metric: those that the experiment uses. */
  readonly curves: Readonly<Record<string, PairedCurve>>
  /** By metric, whatever the experiment uses: one value per training. */
  readonly statics: Readonly<Record<string, Pair>>
}

/** Trainings of one table that reached the same highest rung in the simulation. */
export interface Stratum {
  readonly table: string
  readonly level: number
  /** Different trainings that the simulation replayed up to there. */
  readonly trainings: number
  readonly drawn: number
}

/** What a table was recorded with, and what it was verified with. */
export interface VerifiedTable {
  readonly name: string
  /** The steering and the reported metric of the first objective. */
  readonly steering: string
  readonly reported: string
  /** Levels at which the simulation stopped or paused trials, and the maximum. */
  readonly rungs: readonly number[]
  /** By metric and level: the standard deviation over the recorded configurations that the experiment allows. */
  readonly spread: Readonly<Record<string, Numbers>>
  /** Whether program and data are, byte for byte, those of the recording. */
  readonly sameProgram: boolean
  readonly sameData: boolean
  /** In words: the machine that the table was recorded on, and this one; the same text for the same machine. */
  readonly recordedOn: string
  readonly verifiedOn: string
  /** Trainings at a time. */
  readonly recordedWorkers: number | null
  readonly workers: number
}

/** What the scheduler of one method would have decided at the same events, had the reports been the real ones. */
export interface DecisionAgreement {
  readonly table: string
  readonly method: string
  readonly workers: number
  readonly runs: number
  /** Reports whose values were replaced by real ones. */
  readonly replaced: number
  /** Decisions and jobs, and among them those that stop or pause a trial in either. */
  readonly agree: number
  readonly disagree: number
  /** After a trial was decided otherwise its later reports say nothing, nor does anything after another job. */
  readonly undecidable: number
  readonly endsAgree: number
  readonly endsDisagree: number
  /** The first one that differs, for people. */
  readonly first: string | null
}

/** A sample of the simulation's trainings, trained again. */
export interface SampleVerification {
  readonly mode: 'sample'
  readonly strata: readonly Stratum[]
  readonly trainings: readonly VerifiedTraining[]
  /** Planned but not trained: the budget was used up, or it was interrupted. */
  readonly skipped: number
  readonly decisions: readonly DecisionAgreement[]
  /** Methods whose decisions could not be replayed, and why. */
  readonly notReplayed: readonly string[]
  /** The simulated runs with real values in the place of simulated ones wherever there are any. */
  readonly runs: readonly RunSummary[]
  /** Per run of `runs`: whether the report that its result is read off is a real one. */
  readonly resultsTrained: readonly boolean[]
}

/** The experiment itself, run for real. */
export interface WholeVerification {
  readonly mode: 'whole'
  /** Of the simulated and of the real runs those that were made both ways, in the same order. */
  readonly simulated: readonly RunSummary[]
  readonly real: readonly RunSummary[]
  /** When each real run's incumbents changed. */
  readonly incumbents: readonly (readonly (readonly [time: number, value: number | null])[])[]
  readonly simulatedIncumbents: readonly (readonly (readonly [time: number, value: number | null])[])[]
  readonly seeds: readonly number[]
  /** Budgets in seconds were multiplied by this for the real runs. */
  readonly stretch: number
  /** Runs that the budget left no time for. */
  readonly skipped: number
  readonly failures: readonly RunFailure[]
  /** Per real run: decisions in its journal, and where a fresh scheduler decides otherwise. */
  readonly replays: readonly { readonly decisions: number; readonly difference: string | null }[]
}

/** What a verification found. */
export interface Verification {
  readonly formatVersion: 1
  /** Of the manifest of the simulated run. */
  readonly key: string
  /** ISO 8601, UTC */
  readonly at: string
  /** Seconds that real trainings took, over all sessions. */
  readonly realSeconds: number
  readonly tables: readonly VerifiedTable[]
  readonly sample?: SampleVerification
  readonly whole?: WholeVerification
}

/** @throws BenchError where it cannot be written */
export function writeVerification(directory: string, verification: Verification): void {
  const path = join(directory, VERIFY_FOLDER, FILE)
  writeWhole(path, `${JSON.stringify(verification, null, 1)}\n`, 'what was trained is kept; make room and run it again')
}

/** @returns undefined where there is none, or it belongs to another run or cannot be read */
export function readVerification(directory: string, key: string): Verification | undefined {
  const path = join(directory, VERIFY_FOLDER, FILE)
  if (!existsSync(path)) return undefined
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Verification
    return read.formatVersion === 1 && read.key === key ? read : undefined
  } catch {
    return undefined
  }
}

/** A number for JSON. */
export function orNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

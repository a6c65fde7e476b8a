/** What a sample of real trainings says about the simulated run that replayed their recordings. */
import {
  type DecisionAgreement,
  type PairedCurve,
  type SampleVerification,
  type Stratum,
  type VerifiedTraining,
  orNull,
} from '../../store/verification.js'
import type { RunSummary } from '../../store/run-set.js'
import { BenchError } from '../../core/errors.js'
import { type Agreement, NO_AGREEMENT, addAgreement, agreementOf } from './agreement.js'
import { freshParts } from './fresh-parts.js'
import type { Chosen } from './population.js'
import { realise, realisedResult, runEvents } from './substitute.js'
import { curvesOf } from './table-facts.js'
import { trainingOf } from './train-chosen.js'
import type { RealTraining } from './verify-journal.js'
import type { SimulatedRun } from './simulated-run.js'

interface Trained {
  readonly strata: readonly Stratum[]
  readonly chosen: readonly Chosen[]
  readonly made: ReadonlyMap<string, RealTraining>
  readonly keyOf: (one: Chosen) => string
}

export async function compareSample(run: SimulatedRun, trained: Trained): Promise<SampleVerification> {
  const { strata, chosen, made, keyOf } = trained
  const trainings = chosen.flatMap((one) => {
    const real = made.get(keyOf(one))
    return real === undefined ? [] : [compareTraining(run, one, real)]
  })
  const byTable = new Map<string, Map<number, VerifiedTraining>>()
  for (const training of trainings) {
    const rows = byTable.get(training.table) ?? new Map<number, VerifiedTraining>()
    byTable.set(training.table, rows.set(training.row, training))
  }
  const agreements = run.directory.manifest.cells.map((): Agreement => NO_AGREEMENT)
  const notReplayed = new Set<string>()
  const runs: RunSummary[] = []
  const resultsTrained: boolean[] = []
  for (const summary of run.directory.set.runs) {
    const cell = run.cells[summary.cell]!
    const real = realise(run.directory.events(summary), byTable.get(summary.table) ?? new Map())
    const result = realisedResult(real, summary, cell)
    runs.push(result.summary)
    resultsTrained.push(result.trained)
    const replaced = real.replaced.reduce((sum, one) => sum + one, 0)
    if (replaced === 0) continue
    try {
      const parts = await freshParts(cell, run.tables.get(cell.table)!, summary.seed)
      agreements[cell.index] = addAgreement(agreements[cell.index]!, agreementOf(runEvents(real), replaced, parts))
    } catch (error) {
      // Given by value, so that it is in no file; or it cannot go on from what was decided otherwise.
      if (!(error instanceof BenchError)) throw error
      notReplayed.add(cell.method)
    }
  }
  return {
    mode: 'sample',
    strata,
    trainings,
    skipped: chosen.length - trainings.length,
    decisions: agreements.flatMap((one, i): DecisionAgreement[] => {
      const { table, method, workers } = run.cells[i]!
      return one.runs === 0 ? [] : [{ table, method, workers, ...one }]
    }),
    notReplayed: [...notReplayed],
    runs,
    resultsTrained,
  }
}

function compareTraining(
  { tables, recordings, cells }: SimulatedRun,
  one: Chosen,
  real: RealTraining,
): VerifiedTraining {
  const table = tables.get(one.table)!
  const { data, levels } = table
  const { row, until, stratum, chosen } = one
  const cell = cells.find((each) => each.table === one.table)!
  const { config, repetition, seed } = trainingOf(table, recordings.get(one.table)!, row)
  const reached = Math.min(real.reached, until)
  const curve = (column: ArrayLike<number>, now: readonly number[]): PairedCurve => ({
    table: Array.from({ length: reached }, (_, level) => orNull(column[row * levels + level])),
    // In the precision of the table, so that equal values are equal.
    real: now.slice(0, reached).map((value) => orNull(column instanceof Float32Array ? Math.fround(value) : value)),
  })
  return {
    table: one.table,
    row,
    config,
    repetition,
    seed,
    stratum,
    chosen,
    failure: real.failure,
    reached,
    startup: { table: orNull(data.startup[row]), real: orNull(real.startup) },
    elapsed: curve(data.elapsed, real.elapsed),
    curves: Object.fromEntries(
      curvesOf(table, cell).map((metric) => [metric, curve(data.curves[metric]!, real.curves[metric] ?? [])]),
    ),
    statics: Object.fromEntries(
      Object.entries(data.statics).map(([metric, column]) => [
        metric,
        { table: orNull(column[row]), real: orNull(real.statics[metric]) },
      ]),
    ),
  }
}

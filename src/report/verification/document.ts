/** The document that `bench verify --json` prints: what was found, without what the trainings reported at every level. */
import type { Manifest } from '../../store/manifest.js'
import type { RunSet } from '../../store/run-set.js'
import type { Verification } from '../../store/verification.js'
import { wholeConclusions } from './whole.js'
import { type ComparedConclusion, type Standing, overall } from './conclusion.js'
import { type VerificationReport, sampleConclusions } from './page.js'

type Conclusions = readonly ComparedConclusion[]

export function verificationDocument(
  manifest: Manifest,
  simulated: RunSet,
  { sample, whole, at, realSeconds, tables, key }: Verification,
  { answer, measures, warnings }: VerificationReport,
) {
  const judged = (conclusions: Conclusions): { standing: Standing; comparisons: Conclusions } => ({
    standing: overall(conclusions),
    comparisons: conclusions,
  })
  return {
    experiment: manifest.experiment,
    key,
    at,
    answer,
    warnings,
    realSeconds,
    tables,
    sample:
      sample === undefined
        ? null
        : {
            strata: sample.strata,
            skipped: sample.skipped,
            measures: measures.map(({ about, trainings, failed, ...rest }) => ({
              table: about.name,
              trainings: trainings.length,
              failed: failed.map(({ row, failure }) => ({ row, failure })),
              ...rest,
            })),
            decisions: sample.decisions,
            notReplayed: sample.notReplayed,
            conclusion: judged(sampleConclusions(manifest, simulated, sample)),
            trainings: sample.trainings.map(({ curves: _curves, elapsed: _elapsed, ...one }) => one),
          },
    whole:
      whole === undefined
        ? null
        : {
            seeds: whole.seeds,
            stretch: whole.stretch,
            skipped: whole.skipped,
            failures: whole.failures,
            replays: whole.replays,
            simulated: whole.simulated,
            real: whole.real,
            conclusion: judged(wholeConclusions(manifest, whole)),
          },
  }
}

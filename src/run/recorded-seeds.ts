/** The training seeds that the trials of a simulated run stand for: those of the recorded trainings that it replays. */
import { TableLookup } from '../backends/simulated/table-lookup.js'
import type { Config } from '../core/space.js'
import type { TrialId } from '../core/trial.js'
import { trainingSeed } from '../record/plan.js'
import type { Recording } from '../record/recording.js'
import type { SurrogateTable } from '../surrogates/table.js'

/** @param configs of the trials so far, in the order of their start: a configuration's next use takes another repetition */
export function recordedSeeds(
  table: SurrogateTable,
  recording: Recording,
  run: { readonly seed: number; readonly fixed: Partial<Config> },
  configs: () => readonly Config[],
): (trial: TrialId) => number {
  const lookup = new TableLookup(table, run.seed, 'exact', run.fixed)
  const row = new Int32Array(1)
  const seeds: number[] = []
  return (trial) => {
    while (seeds.length <= trial) {
      lookup.find(configs()[seeds.length]!, row, 0)
      seeds.push(trainingSeed(recording.plan.seed, table.data.repetition[row[0]!]!))
    }
    return seeds[trial]!
  }
}

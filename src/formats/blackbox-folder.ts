/**
 * The layout of a table in Syne Tune's blackbox repository: one folder with the hyperparameters of C configurations, the
 * levels, and one array (T tasks, C, S seeds, L levels, O objectives) of all values.
 */
import { z } from 'zod'

export const BLACKBOX_FILES = {
  space: 'configspace.json',
  levels: 'fidelityspace.json',
  metadata: 'metadata.json',
  configurations: 'hyperparameters.parquet',
  levelValues: 'fidelities_values.npy',
  values: 'objectives_evaluations.npy',
} as const

/** What metadata.json holds. `rungbench` is ours: what the layout has no place for; Syne Tune passes over it. */
export const blackboxMetadataSchema = z.looseObject({
  objectives_names: z.array(z.string()).min(1),
  task_names: z.array(z.string()).min(1),
  metric_elapsed_time: z.string().optional(),
  rungbench: z.looseObject({}).optional(),
})

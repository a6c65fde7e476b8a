/** Where the jobs of a run belong: their names and their folder on S3. */
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { experimentPrefix, runPrefix } from '../../backends/sagemaker/job-name.js'
import type { RunPlace } from '../../backends/sagemaker/job-request.js'
import { type PackedSource, sourceUri } from '../../backends/sagemaker/source.js'
import type { Cell } from '../cell.js'

/** What the jobs of an experiment have in common. */
export interface ExperimentPlace {
  /** Unique; a tag of every job, and part of its name. */
  readonly id: string
  /** What the names of all jobs begin with. */
  readonly prefix: string
}

/** Stands for the id that an experiment gets when it begins. */
const SOME_ID = '0000000000'

/** Where the jobs of an experiment would belong that has not begun. */
export function somePlace(experiment: string): ExperimentPlace {
  return { id: SOME_ID, prefix: experimentPrefix(experiment, SOME_ID) }
}

/** Where the jobs of one run belong. */
export function placeOf(
  cell: Cell,
  seed: number,
  { s3 }: Pick<SageMakerConfig, 's3'>,
  { id, prefix }: ExperimentPlace,
  source: Pick<PackedSource, 'sha256'>,
): RunPlace {
  return {
    prefix: runPrefix(prefix, cell.index, seed),
    id,
    s3: `${s3}/${id}/c${cell.index}-s${seed}`,
    sourceUri: sourceUri(s3, source),
    checkpoints: cell.simulation.checkpoints,
  }
}

import { accuracy, f1, matthews, pearson, spearman } from './metrics.js'

/** A metric of outputs (logits, or predicted scores) against gold values. */
export type Metric = (outputs: ArrayLike<number>, gold: ArrayLike<number>) => number

/** One GLUE task: where its columns are, what is learnt, how it is scored. */
export interface Task {
  /** Folder of the task inside the data directory. */
  readonly folder: string
  /** Where label and texts stand: names in the header line, or positions from 0 where there is no header. */
  readonly columns: {
    readonly header: boolean
    readonly label: string | number
    readonly texts: readonly (string | number)[]
  }
  /** Binary cross entropy of a logit, or squared error of a predicted score. */
  readonly loss: 'cross-entropy' | 'squared-error'
  /** Checks a label as written and turns it into the gold value (class 0 or 1, or score in [0, 1]); NaN: not allowed. */
  readonly gold: (label: string) => number
  /** Metrics by the name they are reported under; the first one is the primary metric, and 1 minus it the error. */
  readonly metrics: readonly (readonly [name: string, metric: Metric])[]
}

const binary = (label: string): number => (label === '0' ? 0 : label === '1' ? 1 : Number.NaN)

const outOfFive = (label: string): number => {
  const score = label.trim() === '' ? Number.NaN : Number(label)
  return score >= 0 && score <= 5 ? score / 5 : Number.NaN
}

/** The tasks, by the value of `--task`. */
export const TASKS: Readonly<Record<string, Task>> = {
  mrpc: {
    folder: 'MRPC',
    columns: { header: true, label: 'Quality', texts: ['#1 String', '#2 String'] },
    loss: 'cross-entropy',
    gold: binary,
    metrics: [
      ['accuracy', accuracy],
      ['f1', f1],
    ],
  },
  cola: {
    folder: 'CoLA',
    columns: { header: false, label: 1, texts: [3] },
    loss: 'cross-entropy',
    gold: binary,
    metrics: [['matthews', matthews]],
  },
  stsb: {
    folder: 'STS-B',
    columns: { header: true, label: 'score', texts: ['sentence1', 'sentence2'] },
    loss: 'squared-error',
    gold: outOfFive,
    metrics: [
      ['spearman', spearman],
      ['pearson', pearson],
    ],
  },
}

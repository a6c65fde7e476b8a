/** What happened in a run that a person wants to know. */
import type { TrialId } from '../../core/trial.js'
import type { Config } from '../../core/space.js'
import { formatNumber } from '../format.js'
import { printable } from '../../core/printable.js'

/** Times in seconds since the run began; `value` is of the first objective, as it was reported. */
export type Happening = { readonly time: number; readonly trial: TrialId } & (
  | { readonly kind: 'started'; readonly config: Config }
  | { readonly kind: 'resumed'; readonly level: number }
  | { readonly kind: 'restarted'; readonly level: number; readonly reason: string }
  | { readonly kind: 'passed' | 'paused' | 'stopped' | 'diverged'; readonly level: number; readonly value: number }
  | { readonly kind: 'completed'; readonly level: number; readonly value: number }
  | { readonly kind: 'failed'; readonly level: number; readonly reason: string }
  | {
      readonly kind: 'incumbent'
      readonly level: number
      readonly metric: string
      readonly value: number
      /** The metric that is reported for it, and its value. */
      readonly report: string
      readonly reported: number
    }
)

/** Words for a happening: one line of printable text. */
export interface Words {
  /** Of one level, e.g. `epoch`. */
  readonly resource: string
  /** The metric that steers. */
  readonly metric: string
}

/** `trial 12 stopped at epoch 3, validation_error 0.31` */
export function happeningText(happening: Happening, { resource, metric }: Words): string {
  const trial = `trial ${happening.trial}`
  const at = (level: number): string => `at ${printable(resource)} ${level}`
  const withValue = (value: number): string => `${printable(metric)} ${formatNumber(value)}`
  switch (happening.kind) {
    case 'started':
      return `${trial} starts: ${configText(happening.config)}`
    case 'resumed':
      return `${trial} is promoted, goes on from ${printable(resource)} ${happening.level}`
    case 'restarted':
      return `${trial} starts again from ${printable(resource)} ${happening.level}: ${printable(happening.reason)}`
    case 'passed':
      return `${trial} passes ${printable(resource)} ${happening.level}, ${withValue(happening.value)}`
    case 'failed':
      return `${trial} failed after ${printable(resource)} ${happening.level}: ${printable(happening.reason)}`
    case 'incumbent': {
      const { metric: name, value, report, reported } = happening
      const test = report === name ? '' : `, ${printable(report)} ${formatNumber(reported)}`
      return `new best ${printable(name)} ${formatNumber(value)}${test} by ${trial} ${at(happening.level)}`
    }
    default:
      return `${trial} ${happening.kind} ${at(happening.level)}, ${withValue(happening.value)}`
  }
}

/** `learning_rate=0.003 model=words` */
export function configText(config: Config): string {
  const text = (value: unknown): string =>
    typeof value === 'number'
      ? formatNumber(value)
      : printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  return Object.entries(config)
    .map(([name, value]) => `${printable(name)}=${text(value)}`)
    .join(' ')
}

/** As many reports of the same method in a process of each system, in turns: times and memory. */
import { BenchError } from '../../src/core/errors.js'
import { median } from '../figures.js'
import { type Child, type Timed, ask } from './children.js'
import type { Job, Method } from './jobs.js'

/** What one system took: medians over the rounds, the peak of all. */
export interface Cost {
  /** Per processor second of the runs themselves, results stored. */
  readonly reportsPerSecond: number
  /** Of the whole process: its start, reading the table, the runs. */
  readonly processSeconds: number
  readonly wallSeconds: number
  readonly peakMiB: number
  /** Trials started, by round. */
  readonly trials: readonly number[]
}

export interface Speed {
  readonly method: Method
  /** Of all runs of a round together, the same in both systems. */
  readonly reports: readonly number[]
  readonly syneTune: Cost
  readonly rungbench: Cost
}

export interface Sizes {
  /** Asked of Syne Tune for each run. */
  readonly reports: number
  /** One after another in a process. */
  readonly runs: number
  readonly rounds: number
}

/**
 * Syne Tune ends a run at about a number of reports, so it goes first in each round, and Rungbench makes as many.
 *
 * @throws BenchError unless both made as many
 */
export function speedOf(job: Omit<Job, 'runs'>, { reports, runs, rounds }: Sizes, peer: Child, own: Child): Speed {
  const theirs: Timed[] = []
  const ours: Timed[] = []
  for (let round = 0; round < rounds; round++) {
    const seeds = Array.from({ length: runs }, (_, i) => round * runs + i)
    const asked = ask(peer, { ...job, runs: seeds.map((seed) => ({ seed, reports })) })
    const total = reportsOf(asked)
    const each = Math.floor(total / runs)
    const answered = ask(own, {
      ...job,
      runs: seeds.map((seed, i) => ({ seed, reports: each + (i < total % runs ? 1 : 0) })),
    })
    if (reportsOf(answered) !== total || total < runs)
      throw new BenchError(`${job.method}: Syne Tune made ${total} reports and Rungbench ${reportsOf(answered)}`, {
        exitCode: 1,
      })
    theirs.push(asked)
    ours.push(answered)
  }
  return { method: job.method, reports: theirs.map(reportsOf), syneTune: costOf(theirs), rungbench: costOf(ours) }
}

function reportsOf({ runs }: Timed): number {
  return runs.reduce((sum, { reports }) => sum + reports, 0)
}

function costOf(rounds: readonly Timed[]): Cost {
  const middle = (of: (round: Timed) => number): number => median(rounds.map(of))
  return {
    reportsPerSecond: middle((round) => reportsOf(round) / round.seconds),
    processSeconds: middle(({ processSeconds }) => processSeconds),
    wallSeconds: middle(({ wallSeconds }) => wallSeconds),
    peakMiB: Math.max(...rounds.map(({ peakMiB }) => peakMiB)),
    trials: rounds.map(({ runs }) => runs.reduce((sum, run) => sum + run.trials, 0)),
  }
}

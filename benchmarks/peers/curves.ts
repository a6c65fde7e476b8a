/**
 * Incumbents over simulated time: Syne Tune's own beside Rungbench's, with polls emulated and without. Both systems try
 * the same configurations in the same order, seed by seed, so that nothing but their clocks and rules can differ.
 */
import type { Experiment } from '../../src/core/experiment.js'
import { mix, mixedUniform } from '../../src/core/random.js'
import type { Config } from '../../src/core/space.js'
import { planExperiment } from '../../src/run/plan.js'
import { simulate } from '../../src/run/simulate.js'
import { isReport } from '../../src/store/run-log.js'
import type { SurrogateTable } from '../../src/surrogates/table.js'
import { type Child, ask } from './children.js'
import { type Job, METHODS, type Method, POLL_INTERVAL, type Row, experimentOf } from './jobs.js'

/** Decides as Syne Tune's MO-ASHA does by mistake, see `SyneTuneRanking`: only under one rule can curves be compared. */
const mistaken = { scale: 'none', compat: 'syne-tune', skipped: 'late', refileLast: true } as const

export interface Curves {
  readonly method: Method
  readonly seeds: number
  /** Standard deviation between Syne Tune's seeds, of the metric; the mean over the times compared. */
  readonly spread: number
  /** How far the mean curves of two sets of other seeds would be apart by chance: spread x sqrt(2 / seeds) x sqrt(2 / pi). */
  readonly chance: number
  /** Distance of the mean curve of Rungbench with emulated polls from Syne Tune's. */
  readonly polls: number
  /** The same with its own, event-driven clock. */
  readonly exact: number
  /** Reports a run up to the end, on average: Syne Tune's, with emulated polls, with the exact clock. */
  readonly reports: readonly [syneTune: number, polls: number, exact: number]
  /** Seeds in which emulated polls give every report that Syne Tune gives without what else moves its clock, in order. */
  readonly equalSeeds: number
}

/** @param seconds simulated, a multiple of the poll interval */
export async function curvesOf(
  job: Omit<Job, 'runs'>,
  table: SurrogateTable,
  seeds: number,
  seconds: number,
  peer: Child,
): Promise<Curves> {
  const { method } = job
  // More than can be started: a level takes half a second or more.
  const lists = Array.from({ length: seeds }, (_, seed) => shuffled(table, seed).slice(0, 2 * job.workers * seconds))
  const theirs = (ideal: boolean): Row[][] => {
    const runs = lists.map((configurations, seed) => ({ seed, seconds, configurations }))
    // A run ends with a report that comes too late.
    return ask(peer, { ...job, ideal, runs }).runs.map(({ rows }) => rows!.filter(([time]) => time <= seconds))
  }
  const { scheduler } = METHODS[method]
  const ruled = scheduler.type === 'mo-asha-stopping' ? { ...scheduler, ...mistaken } : scheduler
  const ours = (pollInterval: number): Promise<Row[][]> =>
    Promise.all(
      lists.map((initial, seed) => {
        const spec = { scheduler: ruled, searcher: { type: 'random', initial } } as const
        const experiment = { ...experimentOf(method, table.name, { seconds }, spec), simulation: { pollInterval } }
        return rowsOf(table, seed, experiment)
      }),
    )
  const [asItIs, ideal, polls, exact] = [theirs(false), theirs(true), await ours(POLL_INTERVAL), await ours(0)]

  const times = Array.from({ length: seconds / POLL_INTERVAL }, (_, i) => POLL_INTERVAL * (i + 1))
  const [a, b, c] = [asItIs, polls, exact].map((runs) => runs.map((rows) => incumbents(rows, times))) as [
    number[][],
    number[][],
    number[][],
  ]
  // From when every run has an incumbent.
  const from = Math.max(...[...a, ...b, ...c].map((curve) => curve.findIndex((value) => value < Infinity)))
  const meanOver = (of: (at: number) => number): number => mean(times.slice(from).map((_, i) => of(from + i)))
  const distance = (one: number[][], other: number[][]): number =>
    meanOver((at) => Math.abs(mean(one.map((curve) => curve[at]!)) - mean(other.map((curve) => curve[at]!))))
  const spread = meanOver((at) => deviation(a.map((curve) => curve[at]!)))
  return {
    method,
    seeds,
    spread,
    chance: spread * Math.sqrt(2 / seeds) * Math.sqrt(2 / Math.PI),
    polls: distance(a, b),
    exact: distance(a, c),
    reports: [perRun(asItIs), perRun(polls), perRun(exact)],
    equalSeeds: ideal.filter((rows, seed) => sameReports(rows, polls[seed]!)).length,
  }
}

async function rowsOf(table: SurrogateTable, seed: number, experiment: Experiment): Promise<Row[]> {
  const plan = await planExperiment(experiment, [table], [seed], '.')
  const { kind, time, trial, resource, values } = (await simulate(plan.cells[0]!, table, [seed])).events
  const rows: Row[] = []
  for (let i = 0; i < time.length; i++)
    if (isReport(kind[i]!)) rows.push([time[i]!, trial[i]!, resource[i]!, values[0]![i]!])
  return rows
}

/** All configurations of the table, in an order of the seed's own. */
function shuffled(table: SurrogateTable, seed: number): Config[] {
  const order = Array.from({ length: table.configurations }, (_, i) => table.configuration(i))
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(mixedUniform(mix(seed, 17), i) * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}

/** The best value reported up to each of the times. */
function incumbents(rows: readonly Row[], times: readonly number[]): number[] {
  const sorted = rows.toSorted((a, b) => a[0] - b[0])
  let [at, best] = [0, Infinity]
  return times.map((time) => {
    while (at < sorted.length && sorted[at]![0] <= time) best = Math.min(best, sorted[at++]![3])
    return best
  })
}

/** Whether the same reports were made in the same order, each seen at the same poll. */
function sameReports(theirs: readonly Row[], ours: readonly Row[]): boolean {
  return (
    theirs.length === ours.length &&
    theirs.every(([time, ...report], i) => {
      const [seen, ...own] = ours[i]!
      return Math.ceil(time / POLL_INTERVAL) * POLL_INTERVAL === seen && report.every((value, j) => value === own[j])
    })
  )
}

function perRun(runs: readonly (readonly Row[])[]): number {
  return mean(runs.map((rows) => rows.length))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

/** What real runs of an experiment show beside the simulated ones. Pure. */
import type { IncumbentSteps } from '../../store/incumbent-steps.js'
import type { Manifest } from '../../store/manifest.js'
import type { RunSet, RunSummary } from '../../store/run-set.js'
import type { WholeVerification } from '../../store/verification.js'
import { compareRuns } from '../comparison.js'
import type { Cell, DataTable } from '../data-table.js'
import { formatCount, formatDuration, formatNumber, plural } from '../format.js'
import type { Fact } from '../sections.js'
import { summarise } from '../statistics/student.js'
import { type ComparedConclusion, compareConclusions, setOf } from './conclusion.js'
import { intervalText } from './tables.js'

type Steps = WholeVerification['incumbents']

function detailsOf(steps: Steps): NonNullable<RunSet['details']> {
  const offsets = new Uint32Array(steps.length + 1)
  for (const [i, run] of steps.entries()) offsets[i + 1] = offsets[i]! + run.length
  const all = steps.flat()
  const incumbents: IncumbentSteps = {
    offsets,
    time: Float64Array.from(all, ([time]) => time),
    value: Float64Array.from(all, ([, value]) => value ?? Number.NaN),
  }
  return { incumbents, rowsUsed: {} }
}

/** Both kinds of runs as sets, over the seeds that were run both ways. */
function setsOf(manifest: Manifest, whole: WholeVerification) {
  const { seeds, stretch } = whole
  const cells = manifest.cells.map((cell) => ({
    ...cell,
    fullSeconds: cell.fullSeconds * stretch,
    ...(cell.seconds !== undefined && { seconds: cell.seconds * stretch }),
  }))
  return {
    about: { ...manifest, seeds },
    aboutReal: { ...manifest, seeds, cells },
    simulated: setOf(whole.simulated, detailsOf(whole.simulatedIncumbents)),
    real: setOf(whole.real, detailsOf(whole.incumbents)),
  }
}

const cache = new WeakMap<WholeVerification, ReturnType<typeof setsOf>>()

function sets(manifest: Manifest, whole: WholeVerification): ReturnType<typeof setsOf> {
  const known = cache.get(whole) ?? setsOf(manifest, whole)
  cache.set(whole, known)
  return known
}

export function wholeConclusions(manifest: Manifest, whole: WholeVerification): ComparedConclusion[] {
  const { about, aboutReal, simulated, real } = sets(manifest, whole)
  return compareConclusions({ simulated: about, real: aboutReal }, simulated, real)
}

export function wholeFacts({ real, replays }: WholeVerification): Fact[] {
  const decisions = replays.reduce((sum, one) => sum + one.decisions, 0)
  const different = replays.filter(({ difference }) => difference !== null)
  const text =
    different.length === 0
      ? `every one of ${plural(decisions, 'decision')} is made again`
      : `${plural(different.length, 'run')} of ${real.length} decide otherwise, the first: ${different[0]!.difference!}`
  return [['Journals of the real runs, replayed', `${text}.`]]
}

export function wholeTables(manifest: Manifest, whole: WholeVerification): DataTable[] {
  return [finalTable(manifest, whole), effortTable(manifest, whole)]
}

/** What runs of one seed ended with, simulated and real. */
function finalTable(manifest: Manifest, { simulated, real }: WholeVerification): DataTable {
  const rows = manifest.cells.flatMap((cell, index): Cell[][] => {
    const pairs = real.flatMap((run, i): (readonly [number, number])[] => {
      const [was, now] = [simulated[i]!.best?.test, run.best?.test]
      return run.cell !== index || was === undefined || now === undefined ? [] : [[was, now]]
    })
    if (pairs.length === 0) return []
    const [before, after, change] = [
      summarise(pairs.map(([was]) => was))!,
      summarise(pairs.map(([, now]) => now))!,
      summarise(pairs.map(([was, now]) => now - was))!,
    ]
    return [[cell.table, cell.method, pairs.length, before.mean, after.mean, change.mean, intervalText(change.ci95)]]
  })
  const { report } = manifest.cells[0]!.objectives[0]!
  return {
    id: 'verify-final',
    title: `What runs of the same seeds ended with: ${report}`,
    columns: [
      { name: 'table' },
      { name: 'method' },
      { name: 'seeds', format: formatCount },
      { name: 'simulated', format: formatNumber },
      { name: 'real', format: formatNumber },
      { name: 'real - simulated', format: formatNumber },
      { name: '95 %' },
    ],
    rows,
  }
}

/** How far the budget went, and when the target was reached, simulated and real. */
function effortTable(manifest: Manifest, whole: WholeVerification): DataTable {
  const { about, aboutReal, simulated, real } = sets(manifest, whole)
  const after = compareRuns(aboutReal, real)
  const mean = (runs: readonly RunSummary[], of: (run: RunSummary) => number): number | null =>
    summarise(runs.map(of))?.mean ?? null
  const rows = compareRuns(about, simulated).flatMap(({ table, workers, budget, methods }) =>
    methods.map((method): Cell[] => {
      const other = after
        .find((one) => one.table === table && one.workers === workers && sameBudget(one.budget, budget))
        ?.methods.find((one) => one.method === method.method)
      const mine = (runs: readonly RunSummary[]): RunSummary[] =>
        runs.filter((run) => {
          const cell = manifest.cells[run.cell]!
          const same = cell.table === table && cell.workers === workers && sameBudget(cell.budget, budget)
          return same && cell.method === method.method
        })
      const [was, now] = [mine(whole.simulated), mine(whole.real)]
      const target = (one: typeof method | undefined): Cell => {
        const found = one?.timeToTarget
        if (found == null) return '-'
        const time = formatDuration(found.restrictedMean.seconds)
        return `${time} (${found.reached} of ${found.runs})`
      }
      return [
        table,
        method.method,
        mean(was, ({ trials }) => trials),
        mean(now, ({ trials }) => trials),
        mean(was, ({ reports }) => reports),
        mean(now, ({ reports }) => reports),
        target(method),
        target(other),
      ]
    }),
  )
  const number = { format: formatNumber }
  return {
    id: 'verify-effort',
    title: 'How far the budget went, and the mean time to what the baseline ends with (runs that got there)',
    columns: [
      { name: 'table' },
      { name: 'method' },
      { name: 'trials, simulated', ...number },
      { name: 'trials, real', ...number },
      { name: 'reports, simulated', ...number },
      { name: 'reports, real', ...number },
      { name: 'time to target, simulated' },
      { name: 'time to target, real' },
    ],
    rows,
  }
}

function sameBudget(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

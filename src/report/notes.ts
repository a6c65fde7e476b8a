/** What a reader must know beside the numbers: warnings, notes, and where the numbers come from. */
import type { Manifest } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'
import type { ComparisonGroup } from './comparison.js'
import { formatNumber, formatSize, listed, plural } from './format.js'
import { groupLabel } from './answer.js'
import { unknownPrices } from './unknown-prices.js'

/** A run that uses a larger share of the configurations it may draw says more about the table than about the method. */
export const LARGE_SHARE = 0.25

/** Warnings, one sentence each; none in the good case. @param groups of these runs */
export function warningsOf(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): string[] {
  const warnings: string[] = []
  for (const failure of set.failures)
    warnings.push(
      `${failure.method} on ${failure.table} failed for ${seedsOf(failure.seeds)}: ${oneLine(failure.message)}`,
    )
  warnings.push(...unknownPrices(manifest), ...cutRuns(set))
  for (const group of groups) {
    const about = [
      ...allTheSame(group, manifest),
      ...largeShares(group),
      ...withoutResult(group),
      ...leftOutSeeds(group),
      ...failedTrials(group),
    ]
    const label = groupLabel(group, groups)
    warnings.push(...about.map((text) => `${label}: ${text}`))
  }
  return warnings
}

/** Where different trainings all come to the same value. */
function allTheSame(group: ComparisonGroup, { cells }: Manifest): string[] {
  const same = sameForAll(group)
  if (same === undefined) return []
  const several = cells.some(({ table, objectives }) => table === group.table && objectives.length > 1)
  const runs = group.methods.some((method) => method.withoutResult > 0) ? 'run that has a result' : 'run'
  return [
    `every ${runs} of every method ends with ${group.metric} ${formatNumber(same)}, whatever it trained; ` +
      `${several ? `by ${group.metric} ` : ''}this table cannot tell methods apart`,
  ]
}

function largeShares({ methods }: ComparisonGroup): string[] {
  const large = methods.filter(({ largestShare }) => (largestShare ?? 0) > LARGE_SHARE)
  if (large.length === 0) return []
  const shares = large.map(({ method, largestShare }) => `${method} used ${formatSize(largestShare!)}`)
  return [`a run of ${listed(shares)} of the configurations it may draw; so small a table flatters search`]
}

/** Runs that ended without a finite value. */
function withoutResult({ methods, metric }: ComparisonGroup): string[] {
  const some = methods.filter((method) => method.withoutResult > 0)
  if (some.length === 0) return []
  const counts = some.map(
    ({ method, seeds, withoutResult: none }) => `${none} of ${plural(none + seeds, 'run')} of ${method}`,
  )
  return [`${listed(counts)} ended without a finite ${metric}`]
}

/** Seeds that comparisons are made without, one sentence for all methods of which it is the same number. */
function leftOutSeeds({ comparisons, baseline, metric }: ComparisonGroup): string[] {
  const compared = comparisons.filter(({ seeds }) => seeds > 0)
  const counts = new Set(compared.map(({ leftOut }) => leftOut.withoutResult).filter((count) => count > 0))
  const zero = compared.filter(({ leftOut }) => leftOut.baselineZero > 0)
  const most = Math.max(0, ...zero.map(({ leftOut }) => leftOut.baselineZero))
  const without = [...counts].map((count) => {
    const some = compared.filter(({ leftOut }) => leftOut.withoutResult === count)
    const names = listed(some.map(({ method }) => method))
    const seeds = `${plural(count, 'seed')} that ${count === 1 ? 'lacks' : 'lack'} a result`
    return `${names} ${some.length === 1 ? 'is' : 'are'} compared without ${seeds}`
  })
  if (most === 0) return without
  return [
    ...without,
    `${baseline}'s ${metric} is 0 in ${plural(most, 'seed')}, so that no improvement relative to it is defined for ` +
      listed(zero.map(({ method }) => method)),
  ]
}

function failedTrials({ methods }: ComparisonGroup): string[] {
  return methods
    .filter(({ failures }) => failures > 0)
    .map(({ method, failures }) => `${plural(failures, 'trial')} of ${method} failed`)
}

/** Runs that `--max-cost` ended before their own budget did. */
function cutRuns({ runs }: RunSet): string[] {
  const cut = new Map<string, { readonly run: RunSummary; readonly seeds: number[] }>()
  for (const run of runs) {
    if (run.maxCost === undefined) continue
    const key = JSON.stringify([run.cell, run.maxCost])
    const same = cut.get(key)
    if (same === undefined) cut.set(key, { run, seeds: [run.seed] })
    else same.seeds.push(run.seed)
  }
  return Array.from(
    cut.values(),
    ({ run: { method, table, maxCost }, seeds }) =>
      `${method} on ${table} was ended early by --max-cost ${maxCost} for ${seedsOf(seeds)}: what it found is of a smaller ` +
      'budget and is left out of means and comparisons; --resume with a higher --max-cost goes on with it',
  )
}

/** What all runs end with where different trainings all come to the same value; undefined where they do not. */
function sameForAll({ methods }: ComparisonGroup): number | undefined {
  const values = methods.flatMap(({ value }) => (value === null ? [] : [value]))
  const one = values[0]?.mean
  if (values.length < 2 || methods.every(({ distinctTrainings }) => distinctTrainings < 2)) return undefined
  return values.every(({ mean, std }) => mean === one && std === 0) ? one : undefined
}

/** Runs of the plan that are not there, e.g. of a run that was interrupted; those that failed are told apart. */
export function missingRuns({ cells, seeds }: Manifest, { runs, failures }: RunSet): string[] {
  const failed = failures.reduce((sum, failure) => sum + failure.seeds.length, 0)
  const planned = cells.reduce((sum, cell) => sum + (cell.seeds ?? seeds).length, 0)
  const missing = planned - runs.length - failed
  if (missing <= 0) return []
  return [
    `${plural(missing, 'run')} of ${planned} ${missing === 1 ? 'is' : 'are'} missing; the same command with --resume ` +
      `finishes ${missing === 1 ? 'it' : 'them'}`,
  ]
}

/** What to bear in mind, one sentence each. */
export function notesOf(groups: readonly ComparisonGroup[]): string[] {
  const claimed = groups
    .flatMap(({ comparisons }) => comparisons)
    .filter(({ relativeImprovement }) => relativeImprovement.ci95 !== null)
  if (claimed.every(({ distinctTrainings, seeds }) => distinctTrainings >= seeds)) return []
  return [
    'where a mean rests on fewer distinct trainings than seeds, its intervals hold for draws from this table and are ' +
      'too narrow for new trainings',
  ]
}

/** What simulated results of some methods rest on that nobody measured, one sentence per assumption. */
export function assumptionsOf({ cells }: Manifest): string[] {
  const methods = new Map<string, Set<string>>()
  for (const { assumptions, method } of cells)
    if (assumptions !== undefined) methods.set(assumptions, (methods.get(assumptions) ?? new Set()).add(method))
  return Array.from(methods, ([assumptions, names]) => `${listed([...names])}: ${assumptions}`)
}

function seedsOf(seeds: readonly number[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]!}` : plural(seeds.length, 'seed')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

/** `recorded (ngram-mrpc, ngram-cola), synthetic (toy)` */
export function provenanceOf(tables: Manifest['tables']): string {
  const kinds = new Map<string, string[]>()
  for (const { name, provenance } of tables) kinds.set(provenance, [...(kinds.get(provenance) ?? []), name])
  return Array.from(kinds, ([kind, names]) => `${kind} (${names.join(', ')})`).join(', ')
}

/** How configurations off the tables were answered, with the error of that; undefined where all were on them. */
export function lookupOf(tables: Manifest['tables']): string | undefined {
  const answered = tables.flatMap(({ name, leaveOneOut }) =>
    leaveOneOut === undefined ? [] : [{ name, ...leaveOneOut }],
  )
  if (answered.length === 0) return undefined
  const errors = answered.map(({ name, metric, error }) => `${name} ${formatNumber(error)} in ${metric}`)
  return (
    `Configurations off the tables: the mean of the ${answered[0]!.nearest} nearest recorded ones; ` +
    `leave-one-out error: ${errors.join(', ')}.`
  )
}

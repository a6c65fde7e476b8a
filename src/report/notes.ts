/** What a reader must know beside the numbers: warnings, notes, and where the numbers come from. */
import type { Manifest } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'
import type { ComparisonGroup } from './comparison.js'
import { formatNumber, formatSize, listed, plural } from './format.js'
import { groupLabel } from './answer.js'

/** A run that uses a larger share of the configurations it may draw says more about the table than about the method. */
export const LARGE_SHARE = 0.25

/** Warnings, one sentence each; none in the good case. */
export function warningsOf(groups: readonly ComparisonGroup[], set: RunSet): string[] {
  const warnings: string[] = []
  for (const failure of set.failures)
    warnings.push(
      `${failure.method} on ${failure.table} failed for ${seedsOf(failure.seeds)}: ${oneLine(failure.message)}`,
    )
  warnings.push(...cutRuns(set))
  for (const group of groups) {
    const label = groupLabel(group, groups)
    const same = sameForAll(group)
    if (same !== undefined)
      warnings.push(
        `${label}: every run of every method ends with ${group.metric} ${formatNumber(same)}, whatever it trained; ` +
          'this table cannot tell methods apart',
      )
    const large = group.methods.filter(({ largestShare }) => (largestShare ?? 0) > LARGE_SHARE)
    if (large.length > 0)
      warnings.push(
        `${label}: a run of ${listed(large.map(({ method, largestShare }) => `${method} used ${formatSize(largestShare!)}`))} ` +
          'of the configurations it may draw; so small a table flatters search',
      )
    for (const { method, seeds, leftOut } of group.comparisons) {
      if (leftOut.withoutResult > 0 && seeds > 0)
        warnings.push(
          `${label}: ${method} is compared without ${plural(leftOut.withoutResult, 'seed')} that lack a result`,
        )
      if (leftOut.baselineZero > 0)
        warnings.push(
          `${label}: ${plural(leftOut.baselineZero, 'seed')} left out, ${group.baseline}'s ${group.metric} is 0 there`,
        )
    }
    for (const { method, failures } of group.methods)
      if (failures > 0) warnings.push(`${label}: ${plural(failures, 'trial')} of ${method} failed`)
  }
  return warnings
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
  const missing = cells.length * seeds.length - runs.length - failed
  if (missing <= 0) return []
  return [
    `${plural(missing, 'run')} of ${cells.length * seeds.length} are missing; the same command with --resume finishes them`,
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

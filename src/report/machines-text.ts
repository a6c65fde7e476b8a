/** Instance types as text: which a method ended with, in a sentence, and a table for a terminal. */
import CliTable from 'cli-table3'
import { groupLabel } from './answer.js'
import { formatCount, formatNumber, listed, plural, wrap } from './format.js'
import { type Colors, RULES, WIDTH, brokenName, fitted, formatMean, groupHeading, shorten } from './layout.js'
import type { MachineGroup, MachineMethod, MachineResult } from './machines.js'

/** So many types are named in a sentence; of the others their number is said. */
const MOST_NAMED = 6
/** So many rows per method, and so many groups, has a table in a terminal: reports have all. */
const MOST_ROWS = 12
const MOST_GROUPS = 4
/** With more groups than this, sentences would be a page: the table says it. */
const MOST_SENTENCES = 12

/** The sentence of the only group; empty where there are several, which are answered one by one, or none. */
export function machinesHeadline(groups: readonly MachineGroup[]): string {
  return groups.length === 1 ? sentenceOf(groups[0]!) : ''
}

/** A sentence per group, where there are several and not many. */
export function machinesFacts(groups: readonly MachineGroup[]): (readonly [label: string, text: string])[] {
  if (groups.length < 2 || groups.length > MOST_SENTENCES) return []
  return groups.map((group) => [`${groupLabel(group, groups)}, instance types`, sentenceOf(group)] as const)
}

/**
 * `Instance types (modelled) in the Pareto sets of asha over 30 seeds: a and b in all 30, c in 22, d in 1; tried and in
 * none: e.` Of the method that is compared first.
 */
function sentenceOf({ methods, compared, pareto, modelled }: MachineGroup): string {
  const { method, seeds, types } = methods.find((one) => one.method === compared)!
  const what = pareto ? `in the Pareto sets of ${method}` : `of the best configurations of ${method}`
  return (
    `Instance types${modelled ? ' (modelled)' : ''} ${what} over ${plural(seeds, 'seed')}: ` +
    `${foundText(types, seeds)}${neverText(types, pareto)}.`
  )
}

/** By the number of seeds, most first. */
function foundText(types: readonly MachineResult[], seeds: number): string {
  const found = types.filter((one) => one.seeds > 0)
  if (found.length === 0) return 'none'
  const named = found.slice(0, MOST_NAMED)
  const counts = [...new Set(named.map((one) => one.seeds))]
  const clauses = counts.map((count) => {
    const names = named.filter((one) => one.seeds === count).map(({ type }) => type)
    if (count === seeds && seeds > 2) return `${listed(names)} in all ${formatCount(seeds)}`
    return `${listed(names)} in ${formatCount(count)}${names.length > 1 ? ' each' : ''}`
  })
  const more = found.length - named.length
  return `${clauses.join(', ')}${more === 0 ? '' : `, and ${plural(more, 'more type')}`}`
}

function neverText(types: readonly MachineResult[], pareto: boolean): string {
  const never = types.filter((one) => one.seeds === 0).map(({ type }) => type)
  if (never.length === 0) return ''
  const more = never.length - MOST_NAMED
  const names = more > 0 ? [...never.slice(0, MOST_NAMED), `${formatCount(more)} more`] : never
  return `; tried, but ${pareto ? 'in none' : 'never best'}: ${listed(names)}`
}

/** The table, and a sentence per group below it; empty without instance types. */
export function machinesText(groups: readonly MachineGroup[], colors: Colors): string {
  if (groups.length === 0) return ''
  const shown = groups.slice(0, MOST_GROUPS)
  const facts =
    groups.length === 1
      ? [wrap(machinesHeadline(groups), WIDTH, '  ')]
      : machinesFacts(groups).map(([label, text]) => wrap(`${label}: ${text}`, WIDTH, '  '))
  const left = groups.length - shown.length
  const more = left === 0 ? [] : [colors.dim(`The report has ${plural(left, 'more such table')}.`)]
  return `${fitted((longest) => tableWith(shown, colors, longest))}\n\n${[...more, ...facts].join('\n')}`
}

/** Which columns there is something for. */
interface Columns {
  readonly trials: boolean
  /** Of Pareto sets. */
  readonly sets: boolean
  /** Most objectives of a group. */
  readonly bests: number
}

function tableWith(groups: readonly MachineGroup[], colors: Colors, longest: number): CliTable.Table {
  const columns: Columns = {
    trials: groups.some(({ methods }) => methods.some(({ types }) => types.some(({ trials }) => trials !== null))),
    sets: groups.some(({ pareto }) => pareto),
    bests: Math.max(...groups.map(({ objectives }) => objectives.length)),
  }
  const head = [
    `instance type${groups.some(({ modelled }) => modelled) ? '\n(modelled)' : ''}`,
    'USD per\nhour',
    ...(columns.trials ? ['trials'] : []),
    columns.sets ? 'seeds\nwith it' : 'best in\nseeds',
    ...(columns.sets ? ['in the\nset', 'in set of\nall seeds'] : []),
    ...Array.from({ length: columns.bests }, (_, j) => bestHead(groups, j, Math.max(8, longest - 4))),
  ]
  const table = new CliTable({
    head,
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
    chars: RULES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
  })
  const across = (content: string): void => {
    table.push([{ content, colSpan: head.length }])
  }
  for (const [i, group] of groups.entries()) {
    if (i > 0) across('')
    across(colors.bold(groupHeading(group)))
    for (const method of group.methods) {
      across(shorten(method.method, WIDTH))
      for (const result of method.types.slice(0, MOST_ROWS))
        table.push([brokenName(result.type, Math.max(18, longest)), ...cells(result, method, group, columns)])
      const left = method.types.length - MOST_ROWS
      if (left > 0) across(colors.dim(`and ${plural(left, 'type')} more, in the report`))
    }
  }
  return table
}

function cells(
  { usdPerHour, trials, seeds, members, overall, best }: MachineResult,
  method: MachineMethod,
  { pareto }: MachineGroup,
  columns: Columns,
): string[] {
  return [
    usdPerHour === null ? '-' : formatNumber(usdPerHour),
    ...(columns.trials ? [trials === null ? '-' : formatMean(trials)] : []),
    `${seeds} of ${method.seeds}`,
    ...(columns.sets ? [pareto ? formatMean(members) : '-', overall === null ? '-' : formatCount(overall)] : []),
    ...Array.from({ length: columns.bests }, (_, j) => (best[j] == null ? '-' : formatNumber(best[j]))),
  ]
}

/** The best of an objective; where groups differ in it, of each its own. */
function bestHead(groups: readonly MachineGroup[], j: number, length: number): string {
  const found = groups.flatMap(({ objectives }) => objectives[j] ?? [])
  const [first] = found
  const units = [...new Set(groups.map((group) => group.units[j] ?? ''))]
  if (found.some(({ report, goal }) => report !== first!.report || goal !== first!.goal))
    return `best of\nobjective ${j + 1}`
  const unit = units.length === 1 && units[0] !== '' ? `\n(${shorten(units[0]!, length)})` : ''
  return `${first!.goal === 'min' ? 'lowest' : 'highest'}\n${shorten(first!.report, length)}${unit}`
}

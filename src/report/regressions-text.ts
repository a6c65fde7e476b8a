/** Run directory B against A as text. */
import CliTable from 'cli-table3'
import { printable, printableTexts } from '../core/printable.js'
import { groupLabel } from './answer.js'
import { formatCount, formatNumber, formatPercent, plural, wrap } from './format.js'
import { type Colors, RULES, WIDTH, brokenName, fitted } from './layout.js'
import type { Change, FailCondition, Regressions } from './regressions.js'

export function regressionsText(found: Regressions, conditions: readonly FailCondition[], colors: Colors): string {
  const { a, b, onlyA, onlyB, notes, changes, failures } = printableTexts(found, printable)
  const seeds = Math.max(0, ...changes.map((change) => change.seeds))
  const blocks = [
    `A  ${a}\nB  ${b}\n${colors.dim(`B against A, paired by seed; ${plural(seeds, 'seed')}`)}`,
    fitted((longest) => tableWith(changes, colors, longest)),
    [
      wrap(
        'regret: how much worse the reported value is, as a share of A; hypervolume: by how much it changed. ' +
          "Intervals: Student's t over seeds, one comparison at a time, conditional on the tables.",
        WIDTH,
      ),
      ...notes.map((note) => wrap(`Note: ${note}.`, WIDTH, '  ')),
      ...(onlyA + onlyB > 0 ? [wrap(`Not compared: ${notCompared(onlyA, onlyB)}.`, WIDTH, '  ')] : []),
    ]
      .map((text) => colors.dim(text))
      .join('\n'),
    verdict(conditions, failures, changes, colors),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function notCompared(onlyA: number, onlyB: number): string {
  const parts = [
    onlyA > 0 ? `${plural(onlyA, 'run')} planned in A only` : '',
    onlyB > 0 ? `${plural(onlyB, 'run')} planned in B only` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function tableWith(changes: readonly Change[], colors: Colors, longestName: number): CliTable.Table {
  const table = new CliTable({
    head: ['method', 'A', 'B', 'change', '95 % interval', 'seeds'],
    colAligns: ['left', 'right', 'right', 'right', 'left', 'right'],
    chars: RULES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
  })
  let heading = ''
  for (const change of changes.toSorted((x, y) => order(x, changes) - order(y, changes))) {
    const own = headingOf(change, changes)
    if (own !== heading && heading !== '') table.push([{ content: '', colSpan: 6 }])
    if (own !== heading) table.push([{ content: colors.bold(own), colSpan: 6 }])
    heading = own
    const { method, a, b, ci95, seeds, lost } = change
    table.push([
      brokenName(method, longestName),
      a === null ? '-' : fourDigits(a),
      b === null ? '-' : fourDigits(b),
      change.change === null ? '-' : shown(change.change),
      ci95 === null ? 'none' : `[${ci95.map((end) => formatPercent(end)).join(', ')}]`,
      lost > 0 ? `${seeds}, ${formatCount(lost)} lost` : String(seeds),
    ])
  }
  return table
}

function headingOf(change: Change, changes: readonly Change[]): string {
  return `${groupLabel(change, changes)}: ${change.measure === 'regret' ? `regret, by ${change.metric}` : 'hypervolume'}`
}

/** By table and measure, in the order of first appearance. */
function order(change: Change, changes: readonly Change[]): number {
  const heading = headingOf(change, changes)
  return changes.findIndex((other) => headingOf(other, changes) === heading)
}

/** Four significant digits, zeros at the end included, so that a column lines up. */
function fourDigits(value: number): string {
  const size = Math.abs(value)
  return size >= 1e-3 && size < 1e4 ? value.toPrecision(4) : formatNumber(value)
}

function shown(change: number): string {
  return Number.isFinite(change) ? formatPercent(change) : change > 0 ? 'from 0 up' : 'from 0 down'
}

function verdict(
  conditions: readonly FailCondition[],
  failures: Regressions['failures'],
  changes: readonly Change[],
  colors: Colors,
): string {
  if (conditions.length === 0) return ''
  if (failures.length === 0)
    return colors.green(`Passed: ${conditions.map(({ text }) => text).join(', ')} (judged on the mean).`)
  const lines = failures.map(({ condition, change }) => {
    const { method, a, b, ci95, lost, metric, measure } = change
    const what = measure === 'regret' ? metric : 'hypervolume'
    const interval =
      ci95 === null ? 'no interval' : `95 % interval ${ci95.map((end) => formatPercent(end)).join(' to ')}`
    const why =
      lost > 0
        ? `B lacks the ${what} of ${plural(lost, 'seed')} that A has`
        : `${what} ${fourDigits(a!)} became ${fourDigits(b!)}, ${shown(change.change!)} (${interval})`
    return wrap(`Failed ${condition}: ${groupLabel(change, changes)}, ${method}: ${why}.`, WIDTH, '  ')
  })
  return colors.red([...lines, 'Conditions are judged on the mean, not on the interval.'].join('\n'))
}

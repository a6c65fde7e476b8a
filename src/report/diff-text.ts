/** The differences of two run directories as text. */
import type { DifferentRun, DirectoryDiff, Outcome } from './directory-diff.js'
import { groupLabel } from './answer.js'
import { formatNumber, listed, plural, wrap } from './format.js'
import { WIDTH } from './layout.js'
import type { Divergence } from './run-diff.js'

/** Of so many methods the first different run is shown; --json lists all. */
const SHOWN = 8

export function diffText(diff: DirectoryDiff): string {
  const { a, b, common, equal, differentTables, onlyA, onlyB, different, outcomes } = diff
  const lines = [`A  ${a}`, `B  ${b}`, '']
  const runs = plural(common, 'run')
  lines.push(
    different.length === 0
      ? `${runs} in common, all equal: every event, time, value and configuration.`
      : `${runs} in common: ${equal} equal, ${plural(different.length, 'run')} different.`,
  )
  if (differentTables.length > 0)
    lines.push(
      `${listed(differentTables)}: A and B replayed different ${differentTables.length === 1 ? 'tables of this name' : 'tables of these names'}.`,
    )
  for (const [name, count] of [
    ['A', onlyA],
    ['B', onlyB],
  ] as const)
    if (count > 0) lines.push(`${plural(count, 'run')} planned in ${name} only, not compared.`)
  const first = firstOfCells(different)
  for (const run of first.slice(0, SHOWN)) lines.push('', ...differentRun(run, outcomes))
  const more = different.length - Math.min(first.length, SHOWN)
  if (more > 0) lines.push('', `... and ${plural(more, 'different run')} more; --json lists all.`)
  if (outcomes.length > 0) lines.push('', 'What it did to the outcome (B minus A, by seed, equal runs included):')
  for (const outcome of outcomes) lines.push(indented('  ', outcomeText(outcome, outcomes)))
  return `${lines.join('\n')}\n`
}

function differentRun(run: DifferentRun, cells: readonly Outcome[]): string[] {
  const label = `${groupLabel(run, cells)}, ${run.method}, seed ${run.seed}`
  if (run.divergence === null) return [`${label}: ${run.missingIn} has no such run`]
  const { position, events } = run.divergence
  const { a, b } = run.outcome
  const shown = (value: number | null): string => (value === null ? 'none' : formatNumber(value))
  return [
    `${label}: event ${position + 1} differs in ${namesOf(run.divergence)} (A has ${events.a} events, B ${events.b})`,
    indented('  A  ', eventText(run.divergence, 'a')),
    indented('  B  ', eventText(run.divergence, 'b')),
    `  reported in the end: A ${shown(a)}, B ${shown(b)}`,
  ]
}

function namesOf({ differs, a, b }: Divergence): string {
  const decisions = a?.values !== undefined && b?.values !== undefined
  const names: Readonly<Record<string, string>> = {
    event: decisions ? 'decision' : 'kind',
    resource: 'level',
    config: 'configuration',
    end: 'being there',
  }
  return differs.map((name) => names[name] ?? name).join(', ')
}

/** A paragraph behind a label, its further lines below its text. */
function indented(label: string, text: string): string {
  return `${label}${wrap(text, WIDTH - label.length).replaceAll('\n', `\n${' '.repeat(label.length)}`)}`
}

/** The first of each table, method and setting. */
function firstOfCells(different: readonly DifferentRun[]): DifferentRun[] {
  const seen = new Set<string>()
  return different.filter(({ table, method, workers, budget }) => {
    const key = JSON.stringify([table, method, workers, budget])
    return !seen.has(key) && seen.add(key)
  })
}

/** `2.31 s: trial 4, level 9, validation_error 0.3012: stop` */
function eventText(divergence: Divergence, side: 'a' | 'b'): string {
  const [event, other] = side === 'a' ? [divergence.a, divergence.b] : [divergence.b, divergence.a]
  if (event === null) return 'ends before'
  const { time, trial, resource, values = {}, config } = event
  const parts = [`trial ${trial}`]
  if (resource > 0) parts.push(`level ${resource}`)
  for (const [name, value] of Object.entries(values)) parts.push(`${name} ${told(value, other?.values?.[name])}`)
  if (config !== undefined)
    for (const [name, value] of Object.entries(config)) parts.push(`${name} ${told(value, other?.config?.[name])}`)
  return `${told(time, other?.time)} s: ${parts.join(', ')}: ${event.event}`
}

/** A value as it can be told from that of the other side: short where short ones differ, or are the same. */
function told(value: unknown, other: unknown): string {
  if (value === null) return 'not finite'
  if (typeof value !== 'number') return String(value)
  const short = formatNumber(value)
  return typeof other === 'number' && other !== value && formatNumber(other) === short ? String(value) : short
}

function outcomeText(outcome: Outcome, cells: readonly Outcome[]): string {
  const { method, metric, runs, different, a, b, difference } = outcome
  const label = `${groupLabel(outcome, cells)}, ${method}: ${different} of ${plural(runs, 'run')} different; `
  if (metric === null) return `${label}the two report different metrics`
  if (difference === null) return `${label}no seed has a result of both`
  const { mean, ci95 } = difference
  const interval =
    ci95 === null
      ? 'no interval: one pair, or all the same two trainings'
      : `95 % interval ${ci95.map((end) => formatNumber(end)).join(' to ')}`
  return `${label}mean ${metric} ${formatNumber(a!)} became ${formatNumber(b!)}, difference ${formatNumber(mean)} (${interval})`
}

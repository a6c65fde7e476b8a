/** The text of a trace. Columns have fixed widths, so that no line depends on another. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { simulationOptions } from '../backends/simulated/options.js'
import type { Objective } from '../core/objective.js'
import type { Config } from '../core/space.js'
import type { Component } from '../run/cell.js'
import type { RunSummary } from '../store/run-set.js'
import type { TraceSetup, TraceStep } from './trace-step.js'

/** Room for `0.1234567890123456` and two spaces. */
const VALUE_WIDTH = 20

/** What was run, as comments. Options are named where they differ from their defaults. */
export function headerLines(setup: TraceSetup): string[] {
  const { cell, table, seed, until } = setup
  const { workers, stop, simulation, fixed, diverged } = cell
  const goals = cell.objectives.map(({ metric, goal }) => `${metric} (${goal})`).join(', ')
  return [
    `# scheduler   ${componentText(cell.scheduler, setup.scheduler)}`,
    `# searcher    ${componentText(cell.searcher, setup.searcher)}`,
    `# objectives  ${goals}`,
    `# table       ${table.name}: ${table.configurations} configurations, ${table.rows} trainings, ` +
      `${table.levels} levels, sha256 ${contentChecksum(setup)}`,
    `# seed        ${seed}`,
    `# workers     ${workers}`,
    ...optional('budget', stop),
    ...optional('fixed', fixed),
    ...optional('simulation', changes(simulation, simulationOptions())),
    ...optional('diverged', diverged === 'stop' ? {} : { diverged }),
    ...optional('until', until === undefined ? {} : { seconds: until }),
  ]
}

/** 12 hexadecimal digits that stand for the numbers a run depends on; not for the file, whose format may change. */
function contentChecksum({ cell, table }: TraceSetup): string {
  const { elapsed, startup } = table.data
  const hash = createHash('sha256')
  for (const { metric } of cell.objectives) {
    const { values, factors } = table.column(metric, cell.pricePerHour)
    hash.update(values)
    if (factors !== undefined) hash.update(factors)
  }
  return hash.update(elapsed).update(startup).digest('hex').slice(0, 12)
}

/** The names of the columns. */
export function columnLine(objectives: readonly Objective[]): string {
  const names = objectives.map(({ metric }) => metric.padEnd(VALUE_WIDTH)).join('')
  return `${'# time'.padEnd(20)}${'trial'.padEnd(7)}${'level'.padEnd(7)}${names}decision`
}

/** `12.5  3  9  0.25  stop`; `-` where an event has no level or value. Numbers are the shortest that read back the same. */
export function stepLine({ time, trial, kind, level, values, config }: TraceStep, objectives: number): string {
  const cells = Array.from({ length: objectives }, (_, i) =>
    cell(values[i] === undefined ? '-' : String(values[i]), VALUE_WIDTH),
  )
  const where = cell(String(time), 20) + cell(String(trial), 7) + cell(level === 0 ? '-' : String(level), 7)
  return `${where}${cells.join('')}${kind}${config === undefined ? '' : `  ${configText(config)}`}`
}

/** How the run ended. */
export function endLine({ reason, simulatedSeconds, trials, reports }: RunSummary): string {
  const why =
    reason === 'exhausted' ? 'nothing left to run' : reason === 'target' ? 'target reached' : `limit in ${reason}`
  return `# end         ${why} at ${simulatedSeconds} s: ${trials} trials, ${reports} reports`
}

function cell(text: string, width: number): string {
  return `${text} `.padEnd(width)
}

function configText(config: Config): string {
  return Object.entries(config)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`)
    .join(' ')
}

/** `asha-stopping {"reductionFactor":4}` */
function componentText<D extends { readonly options: { safeParse(value: unknown): { data?: unknown } } }>(
  { type, options }: Component<D>,
  definition: D,
): string {
  const name = typeof type === 'string' ? type.replace(/^file:.*\//, './') : '(given by value)'
  const defaults = (definition.options.safeParse({}).data ?? {}) as Readonly<Record<string, unknown>>
  return `${name}${objectText(changes(options, defaults))}`
}

function changes(
  given: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key, value]) => !isDeepStrictEqual(value, defaults[key])))
}

function optional(name: string, content: object): string[] {
  const text = objectText(content)
  return text === '' ? [] : [`# ${name.padEnd(11)}${text}`]
}

function objectText(content: object): string {
  return Object.values(content).every((value) => value === undefined) ? '' : ` ${JSON.stringify(content)}`
}

/** What a table holds, as text for a terminal. */
import pc from 'picocolors'
import { printableTexts } from '../core/printable.js'
import type { DescribedConfiguration, TableDescription } from '../core/table-description.js'
import { formatCount, formatDuration, formatNumber, formatSize, plural, wrap } from './format.js'
import { besideOthers, columnFacts, provenanceFacts } from './provenance.js'
import { sizeText } from './table-size.js'
import { textChart } from './text-chart.js'

type Colors = ReturnType<typeof pc.createColors>

/** @param options.width columns of the terminal */
export function tableText(
  described: TableDescription,
  options: { readonly colors: boolean; readonly width: number },
): string {
  const colors = pc.createColors(options.colors)
  const { width } = options
  const table = printableTexts(described)
  const blocks = [
    heading(table, colors, width),
    facts(
      'Provenance',
      [...provenanceFacts(table.provenance), ...sharedFacts(table), ...columnFacts(table.columnProvenance)],
      colors,
      width,
    ),
    facts(
      'Search space',
      table.hyperparameters.map(({ name, domain, values }) => [name, `${domain}; ${plural(values, 'value')}`]),
      colors,
      width,
    ),
    table.instances === undefined
      ? ''
      : facts(`Modelled: ${table.instances.hyperparameter}`, instanceTypes(table.instances.types), colors, width),
    facts(
      'Metrics',
      table.metrics.map((metric) => [metric.name, describeMetric(metric)]),
      colors,
      width,
    ),
    facts(`By ${table.metric}`, figures(table), colors, width),
    ...Object.entries(table.choices ?? {}).map(([name, values]) =>
      facts(`By ${name}`, choices(values, table.resource), colors, width),
    ),
    table.hardware === undefined
      ? ''
      : facts('By hardware', hardwareFacts(table.hardware, table.resource), colors, width),
    chart(table, colors, width),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function heading(
  { name, description, rows, configurations, instances, levels, resource, checksum }: TableDescription,
  colors: Colors,
  width: number,
): string {
  const trainings = sizeText({ rows, configurations, instanceTypes: instances?.types.length ?? 0 })
  const size = `${trainings}, ${plural(levels, 'level')} (${resource})`
  const title = wrap(`${name}${description === '' ? '' : `: ${description}`}`, width)
  const sum = `sha256 ${checksum.slice(0, 16)}`
  const facts = wrap(`${size}; ${sum}`, width)
  return `${colors.bold(name)}${title.slice(name.length)}\n${facts.replace(sum, colors.dim(sum))}`
}

/** A title and lines `name  text`. */
function facts(
  title: string,
  entries: readonly (readonly [name: string, text: string])[],
  colors: Colors,
  width: number,
): string {
  if (entries.length === 0) return ''
  const room = Math.max(...entries.map(([name]) => name.length))
  const indent = ' '.repeat(room + 4)
  const lines = entries.map(
    ([name, text]) => `  ${name.padEnd(room)}  ${wrap(text, width - room - 4).replaceAll('\n', `\n${indent}`)}`,
  )
  return [colors.bold(title), ...lines].join('\n')
}

function sharedFacts({ shared, rows }: TableDescription): [string, string][] {
  if (shared === undefined) return []
  if (shared.known === 0) return [['device', 'not known beside how many others trainings ran']]
  const unknown = shared.known < rows ? `; not known of ${plural(rows - shared.known, 'training')}` : ''
  return [['device', `${besideOthers(shared)}${unknown}`]]
}

function describeMetric({ goal, unit, split, kind }: TableDescription['metrics'][number]): string {
  const parts = [goal === 'none' ? 'no goal' : goal === 'min' ? 'small is good' : 'large is good']
  if (unit !== '') parts.push(`in ${unit}`)
  if (split !== 'none') parts.push(`${split} data`)
  if (kind === 'static') parts.push('one value per training')
  return parts.join(', ')
}

function figures(table: TableDescription): [string, string][] {
  const { best, ended, rows, secondsPerLevel: seconds, resource, spreadOverRepetitions: spread } = table
  const entries: [string, string][] = []
  if (best !== undefined) entries.push(['best', configuration(best, table)])
  entries.push(['default', table.default === undefined ? 'was not recorded' : configuration(table.default, table)])
  if (spread !== null)
    entries.push([
      'repetitions',
      `standard deviation of the final value ${formatNumber(spread)} (median over configurations)`,
    ])
  const others = (['stopped', 'diverged', 'failed'] as const).filter((how) => ended[how] > 0)
  entries.push([
    'trainings',
    [
      `${formatCount(ended.completed)} completed`,
      ...others.map((how) => `${formatCount(ended[how])} ${how} (${formatSize(ended[how] / rows)})`),
    ].join(', '),
  ])
  const varying = seconds.variation === null ? '' : `; within a training it varies by ${formatSize(seconds.variation)}`
  entries.push([
    `time/${resource}`,
    `${formatDuration(seconds.median)} (${formatDuration(seconds.least)} to ${formatDuration(seconds.greatest)})${varying}`,
  ])
  const full = table.fullTrainingSeconds ?? null
  if (full !== null) {
    const over = full.sd === null ? '' : ` ± ${formatDuration(full.sd)} over ${plural(full.repetitions, 'training')}`
    const startup =
      table.startupSeconds === undefined ? '' : `; start-up ${formatDuration(table.startupSeconds.median)}`
    entries.push(['default takes', `${formatDuration(full.mean)}${over}${startup}`])
  }
  return entries
}

/** How many trainings each machine or device did, and how fast. */
function hardwareFacts(hardware: NonNullable<TableDescription['hardware']>, resource: string): [string, string][] {
  return hardware.map(({ name, trainings, secondsPerLevel: seconds }) => [
    name,
    `${plural(trainings, 'training')}${seconds === null ? '' : `, ${formatDuration(seconds)} per ${resource}`}`,
  ])
}

/** What a modelled instance type costs, and what the default configuration takes on it. */
function instanceTypes(types: NonNullable<TableDescription['instances']>['types']): [string, string][] {
  return types.map(({ name, speed, usdPerHour, fullTrainingSeconds: seconds, fullTrainingUsd: usd }) => {
    const parts = [
      `${formatNumber(speed)} times the recorded speed`,
      usdPerHour === null ? 'price unknown' : `${formatNumber(usdPerHour)} US dollars per hour`,
    ]
    if (seconds !== null)
      parts.push(`default takes ${formatDuration(seconds)}${usd === null ? '' : ` (${formatNumber(usd)} US dollars)`}`)
    return [name, parts.join(', ')]
  })
}

/** What the values of a choice cost and reach. */
function choices(values: NonNullable<TableDescription['choices']>[string], resource: string): [string, string][] {
  return values.map(({ value, configurations, secondsPerLevel, best }) => {
    const parts = [plural(configurations, 'configuration')]
    if (secondsPerLevel !== null) parts.push(`${formatDuration(secondsPerLevel)} per ${resource}`)
    if (best !== null) parts.push(`best value ${formatNumber(best)}`)
    return [String(value), parts.join(', ')]
  })
}

function configuration(
  { config, repetitions, value, level, spread, test }: DescribedConfiguration,
  { resource, metric }: TableDescription,
): string {
  const settings = Object.entries(config).map(
    ([name, one]) => `${name} ${typeof one === 'number' ? formatNumber(one) : String(one)}`,
  )
  const over =
    repetitions === 1
      ? '1 training'
      : `${repetitions} trainings${spread === null ? '' : `, final value ± ${formatNumber(spread)}`}`
  const counterpart = metric.replace('validation', 'test')
  const tested = test?.[counterpart] ?? null
  const there = tested === null ? '' : `, ${counterpart} ${formatNumber(tested)}`
  return `${formatNumber(value)} at ${resource} ${level}${there} (${over}): ${settings.join(', ')}`
}

function chart({ curves, resource, metric }: TableDescription, colors: Colors, width: number): string {
  const paints: Readonly<Record<string, (text: string) => string>> = {
    best: colors.green,
    worst: colors.red,
    default: colors.cyan,
  }
  const series = curves.map(({ label, values }) => {
    const paint = paints[label]
    const points = values.map((value, i) => [i + 1, value] as const)
    return { label, points, ...(paint !== undefined && { paint }) }
  })
  return textChart(series, { width: Math.min(width, 90), height: 13, xLabel: resource, yLabel: metric })
}

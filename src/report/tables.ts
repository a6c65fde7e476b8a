/** The answer of an experiment as text for a terminal, at most 100 columns wide. */
import CliTable from 'cli-table3'
import pc from 'picocolors'
import { MAX_HYPERVOLUME_OBJECTIVES } from '../core/pareto/hypervolume.js'
import { printable, printableTexts } from '../core/printable.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { answerOf, groupLabel, namesOf } from './answer.js'
import { type Comparison, type ComparisonGroup, type MethodResult, compareRuns, verdictOf } from './comparison.js'
import {
  columnFormat,
  columnOf,
  formatCount,
  formatDuration,
  formatPercent,
  listed,
  plural,
  withSpread,
  wrap,
} from './format.js'
import { hypervolumeAnswers, hypervolumeCharts, hypervolumeNotes, hypervolumeTable } from './hypervolume-text.js'
import { compareHypervolumes } from './hypervolumes.js'
import { intervalChart } from './interval-chart.js'
import { jobsText } from './jobs-text.js'
import { type Colors, RULES, WIDTH, brokenName, fitted, formatMean, groupHeading, shorten } from './layout.js'
import { leadersOf } from './leaders.js'
import { machineText } from './machine-text.js'
import { compareMachines } from './machines.js'
import { machinesText } from './machines-text.js'
import { modelledNotes } from './modelled.js'
import { assumptionsOf, lookupOf, notesOf, provenanceOf, warningsOf } from './notes.js'
import { hasManyMethods, hasManySettings, overviewOf } from './overview.js'
import { averageRanks } from './ranks.js'
import { ranksNotes, ranksText } from './ranks-text.js'
import { testsSentence } from './tests-text.js'
import { verdictTable } from './verdict-table.js'
import { verdictsText } from './verdicts-text.js'

/** What a report shows beside the runs. */
export interface ReportFrame {
  /** Where the result lies. */
  readonly directory: string | undefined
  /** Wall time. */
  readonly elapsedSeconds: number
  /** A command that gives the same result. */
  readonly repeat: string
  readonly colors: boolean
}

/** The whole report, ending in a newline. Its texts from outside are printable. */
export function renderReport(plan: Manifest, runs: RunSet, shown: ReportFrame): string {
  const [manifest, frame] = [printableTexts(plan, printable), printableTexts(shown)]
  const set = { ...runs, failures: printableTexts(runs.failures, printable) }
  const colors = pc.createColors(frame.colors)
  const groups = compareRuns(manifest, set)
  const fronts = compareHypervolumes(manifest, set)
  const ranks = averageRanks(manifest, set)
  const several = fronts.length > 0
  const verdicts = several ? undefined : verdictTable(groups)
  const inShort = verdicts && verdictsText(verdicts, colors)
  const notes = [
    ...modelledNotes(manifest),
    ...assumptionsOf(manifest),
    ...(several ? hypervolumeNotes(fronts) : notesOf(groups)),
    ...tooManyObjectives(manifest),
    ...(ranks ? ranksNotes(ranks) : []),
  ]
  const blocks = [
    heading(manifest, colors),
    ...(several ? [hypervolumeTable(fronts, colors), hypervolumeAnswers(fronts, colors)] : []),
    inShort ?? (several ? '' : fitted((longest) => tableWith(groups, colors, longest))),
    several || !(hasManyMethods(groups) || hasManySettings(groups))
      ? ''
      : wrap(overviewOf(groups, leadersOf(manifest, set, groups)), WIDTH),
    machinesText(compareMachines(manifest, set), colors),
    inShort === undefined ? answers(groups, several, colors) : '',
    several ? hypervolumeCharts(fronts, colors) : intervalChart(groups, colors),
    ranks ? ranksText(ranks, colors) : '',
    [
      ...warningsOf(manifest, set, groups).map((warning) => colors.yellow(wrap(`Warning: ${warning}.`, WIDTH, '  '))),
      ...notes.map((note) => wrap(`Note: ${note}.`, WIDTH, '  ')),
    ].join('\n'),
    footer(manifest, set, groups, frame, colors),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function tooManyObjectives({ cells }: Manifest): string[] {
  const { length } = cells[0]!.objectives
  return length <= MAX_HYPERVOLUME_OBJECTIVES
    ? []
    : [
        `of ${length} objectives only the first is reported on; hypervolume is measured for at most ${MAX_HYPERVOLUME_OBJECTIVES}`,
      ]
}

function heading({ experiment, question, seeds }: Manifest, colors: Colors): string {
  const text = wrap(`${experiment}: ${question}`, WIDTH)
  const over =
    seeds.length === 1 ? `seed ${seeds[0]!}` : `mean ± standard deviation over ${plural(seeds.length, 'seed')}`
  return `${colors.bold(text)}\n${colors.dim(over)}`
}

const COLUMNS = 7

function tableWith(groups: readonly ComparisonGroup[], colors: Colors, longestName: number): CliTable.Table {
  const baseline = namesOf(groups, 'baseline')
  const table = new CliTable({
    head: [
      'method',
      namesOf(groups, 'metric'),
      `improvement\nover${baseline.length > 9 ? '\n' : ' '}${shorten(baseline, 18)}`,
      '95 % interval',
      'full\nevals',
      'trials',
      'distinct\ntrainings',
    ],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'right'],
    chars: RULES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
  })
  for (const [i, group] of groups.entries()) {
    if (i > 0) table.push([{ content: '', colSpan: COLUMNS }])
    table.push([{ content: colors.bold(groupHeading(group)), colSpan: COLUMNS }])
    const show = columnOf(group.methods.map(({ value }) => value))
    for (const method of group.methods) {
      const comparison = group.comparisons.find((one) => one.method === method.method)
      const [name, ...cells] = resultRow(method, comparison, group.baseline, show, colors)
      table.push([brokenName(name!, longestName), ...cells])
    }
  }
  return table
}

function resultRow(
  result: MethodResult,
  comparison: Comparison | undefined,
  baseline: string,
  show: (value: number) => string,
  colors: Colors,
): string[] {
  const { value, trials, fullEvaluations, distinctTrainings } = result
  const [gain, interval] = comparison === undefined ? [] : improvementCells(comparison, colors)
  return [
    result.method,
    value === null ? 'no result' : withSpread(value, show),
    gain ?? colors.dim(result.method === baseline ? 'baseline' : '-'),
    interval ?? '',
    fullEvaluations === null ? '-' : columnFormat(1, [])(fullEvaluations),
    trials === null ? '-' : formatMean(trials),
    formatCount(distinctTrainings),
  ]
}

function improvementCells(comparison: Comparison, colors: Colors): [string, string] {
  const { mean, std, ci95 } = comparison.relativeImprovement
  if (mean === null) return ['-', '']
  const verdict = verdictOf(comparison)
  const paint = verdict === 'better' ? colors.green : verdict === 'worse' ? colors.red : (text: string) => text
  const spread = std === null ? '' : ` ± ${formatPercent(std).replace('+', '')}`
  return [
    paint(`${formatPercent(mean)}${spread}`),
    ci95 === null ? colors.dim('none') : paint(`[${ci95.map((end) => formatPercent(end)).join(', ')}]`),
  ]
}

/** @param several whether there are other objectives beside the one that these answers are about */
function answers(groups: readonly ComparisonGroup[], several: boolean, colors: Colors): string {
  return groups
    .map((group) => {
      const label = `${groupLabel(group, groups)}${several ? `, ${group.metric} alone` : ''}`
      const text = wrap(`${label}: ${answerOf(group)}`, WIDTH, '  ')
      return colors.bold(text.slice(0, label.length + 1)) + text.slice(label.length + 1)
    })
    .join('\n')
}

function footer(
  manifest: Manifest,
  set: RunSet,
  groups: readonly ComparisonGroup[],
  frame: ReportFrame,
  colors: Colors,
): string {
  const simulated = manifest.backend === 'simulated'
  const lines = [
    `${simulated ? 'Simulated' : 'Trained for'} ${formatDuration(set.simulatedSeconds)} in ` +
      `${formatDuration(frame.elapsedSeconds)} of wall time: ${plural(set.reports, 'report')} in ${plural(set.runs.length, 'run')}.`,
    simulated
      ? `Tables: ${provenanceOf(manifest.tables)}.`
      : manifest.backend === 'local'
        ? `Trained here, with the programs of ${listed(manifest.tables.map(({ name }) => name))}.`
        : `Trained on SageMaker, in the search spaces of ${listed(manifest.tables.map(({ name }) => name))}.`,
  ]
  const jobs = jobsText(set)
  if (jobs !== undefined) lines.push(`Used: ${jobs}.`)
  const machine = machineText(set)
  if (machine !== undefined) lines.push(`Used: ${machine}.`)
  const lookup = lookupOf(manifest.tables)
  if (simulated && lookup !== undefined) lines.push(lookup)
  if (
    groups.some(({ comparisons }) => comparisons.some(({ relativeImprovement }) => relativeImprovement.ci95 !== null))
  )
    lines.push(
      "Intervals: Student's t over seeds paired by seed, one comparison at a time, conditional on the " +
        (simulated ? 'tables: other recordings would give others.' : 'machines and the data.'),
    )
  const tests = testsSentence(groups, compareHypervolumes(manifest, set))
  if (tests !== undefined) lines.push(tests)
  lines.push(`Digest: ${set.digest.slice(0, 16)}`)
  if (frame.directory !== undefined) lines.push(`Result: ${frame.directory}`)
  const wrapped = lines.map((line) => wrap(line, WIDTH, '  '))
  // Not wrapped: it is there to be copied.
  return [...wrapped, `Repeat: ${frame.repeat}`].map((text) => colors.dim(text)).join('\n')
}

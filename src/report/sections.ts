/** What a report holds, whatever it is written as: HTML and Markdown are made from this. Pure. */
import type { Manifest, ManifestTable } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { answerOf, groupLabel } from './answer.js'
import { type Chart } from './charts/chart.js'
import { chartsOf } from './charts-of.js'
import { type ComparisonGroup, compareRuns } from './comparison.js'
import type { DataTable } from './data-table.js'
import { formatBudget, formatCount, formatDuration, formatNumber, formatPercent, listed, plural } from './format.js'
import { headlineOf } from './headline.js'
import { hypervolumeData } from './hypervolume-table.js'
import { hypervolumeStatistics } from './hypervolume-statistics.js'
import { hypervolumeFacts, hypervolumeHeadline, hypervolumeNotes } from './hypervolume-text.js'
import { type HypervolumeGroup, compareHypervolumes } from './hypervolumes.js'
import { jobsTable, jobsText } from './jobs-text.js'
import { type Leader, leadersOf } from './leaders.js'
import { compareMachines } from './machines.js'
import { machinesTable } from './machines-table.js'
import { machinesFacts, machinesHeadline } from './machines-text.js'
import { modelledFacts } from './modelled-facts.js'
import { modelledNotes, tablesSaying } from './modelled.js'
import { machineText } from './machine-text.js'
import { sizeText } from './table-size.js'
import { assumptionsOf, lookupOf, missingRuns, notesOf, provenanceOf, warningsOf } from './notes.js'
import { besideOthers, columnFacts, provenanceFacts } from './provenance.js'
import { methodTable, resultTable } from './result-tables.js'
import { averageRanks } from './ranks.js'
import { simulationText } from './simulation-text.js'
import { ranksNotes } from './ranks-text.js'
import { statisticsTable, targetTable } from './statistics-tables.js'
import { testsSentence } from './tests-text.js'
import { verdictTable } from './verdict-table.js'

/** What a report says beside the runs; undefined where it is not known any more. */
export interface PageFrame {
  /** A command that gives the same result. */
  readonly repeat: string | undefined
  /** Wall time. */
  readonly elapsedSeconds: number | undefined
  /** What real trainings showed about the run, if it was verified. */
  readonly verified?: VerifiedSection | undefined
}

/** A section about a verification. */
export interface VerifiedSection {
  readonly answer: string
  readonly facts: readonly Fact[]
  /** The page with all of it, relative to the report; undefined where the report lies elsewhere. */
  readonly page?: string | undefined
}

/** A name and what stands for it. */
export type Fact = readonly [name: string, text: string]

export interface Report {
  readonly title: string
  readonly question: string
  /** One sentence; of runs with several objectives and with one, put together, one each. */
  readonly answer: string
  /** One per table, where there are several; not of those in {@link verdicts}. */
  readonly answers: readonly Fact[]
  /** All comparisons in short, where there are too many for a sentence each. */
  readonly verdicts?: DataTable | undefined
  readonly warnings: readonly string[]
  readonly notes: readonly string[]
  readonly charts: readonly Chart[]
  readonly tables: readonly DataTable[]
  readonly how: readonly Fact[]
  readonly repeat: string | undefined
  /** The plan as data, for the reader who has nothing but the page; undefined of real runs, whose plan names accounts. */
  readonly manifest?: string | undefined
  readonly verified?: VerifiedSection | undefined
  /** Per table, where its numbers come from. */
  readonly provenance: readonly { readonly table: string; readonly facts: readonly Fact[] }[]
  readonly assumptions: readonly string[]
}

export function reportOf(manifest: Manifest, set: RunSet, frame: PageFrame): Report {
  const groups = compareRuns(manifest, set)
  const fronts = compareHypervolumes(manifest, set)
  const several = fronts.length > 0
  // Ranks are shown as a chart, which needs more than those at the end.
  const ranks = averageRanks(manifest, set)
  const charted = ranks !== undefined && (ranks.shares.length > 1 || ranks.test !== undefined)
  // Runs that were put together may have several objectives here and one there.
  const withFronts = new Set(fronts.map(keyOf))
  const single = groups.filter((group) => !withFronts.has(keyOf(group)))
  const answers = groups.map((group): Fact => {
    const alone = withFronts.has(keyOf(group)) ? `, ${group.metric} alone` : ''
    return [`${groupLabel(group, groups)}${alone}`, answerOf(group)]
  })
  const verdicts = several ? undefined : verdictTable(groups)
  const notes = [
    ...modelledNotes(manifest),
    ...(several ? hypervolumeNotes(fronts) : []),
    ...notesOf(single),
    ...(charted ? ranksNotes(ranks) : []),
  ]
  const jobs = jobsTable(manifest, set)
  const machines = compareMachines(manifest, set)
  const types = machinesTable(machines)
  return {
    title: manifest.experiment,
    question: manifest.question,
    answer: [headline(groups, leadersOf(manifest, set, groups), fronts), machinesHeadline(machines)].join(' ').trim(),
    answers: [
      ...(several
        ? [...hypervolumeFacts(fronts), ...answers]
        : groups.length < 2 || verdicts !== undefined
          ? []
          : answers),
      ...machinesFacts(machines),
    ],
    verdicts: verdicts && tablesSaying([verdicts], manifest)[0],
    warnings: [...missingRuns(manifest, set), ...warningsOf(manifest, set, groups)].map(sentence),
    notes: notes.map(sentence),
    charts: chartsOf(manifest, set, groups),
    tables: [
      ...tablesSaying(
        [
          ...(several ? [hypervolumeData(fronts)] : []),
          ...(types === undefined ? [] : [types]),
          resultTable(groups),
          ...(several ? [hypervolumeStatistics(fronts)] : []),
          statisticsTable(groups),
          targetTable(groups),
        ],
        manifest,
      ),
      methodTable(manifest),
      ...(jobs === undefined ? [] : [jobs]),
    ],
    how: howFacts(manifest, set, frame),
    repeat: frame.repeat,
    manifest: manifest.backend === 'simulated' ? JSON.stringify(manifest, null, 1) : undefined,
    verified: frame.verified,
    provenance: manifest.tables.map((table) => ({ table: table.name, facts: tableFacts(table, set, manifest) })),
    assumptions: allAssumptions(manifest, groups, fronts),
  }
}

/** One sentence; where some groups have several objectives and some have one, a sentence each. */
function headline(
  groups: readonly ComparisonGroup[],
  leaders: readonly (Leader | undefined)[],
  fronts: readonly HypervolumeGroup[],
): string {
  if (!fronts.some(({ comparisons }) => comparisons.length > 0)) return headlineOf(groups, leaders)
  const withFronts = new Set(fronts.map(keyOf))
  const isSingle = groups.map((group) => !withFronts.has(keyOf(group)))
  const single = groups.filter((_, i) => isSingle[i])
  const alone = single.some(({ comparisons }) => comparisons.length > 0)
    ? [
        headlineOf(
          single,
          leaders.filter((_, i) => isSingle[i]),
        ),
      ]
    : []
  return [...alone, hypervolumeHeadline(fronts)].join(' ')
}

function keyOf({ table, workers, budget }: Pick<ComparisonGroup, 'table' | 'workers' | 'budget'>): string {
  return JSON.stringify([table, workers, budget])
}

function sentence(text: string): string {
  return `${text}.`
}

const REAL = {
  local: 'trained on a machine, not replayed',
  sagemaker: 'trained on SageMaker, not replayed',
} as const

function howFacts(manifest: Manifest, set: RunSet, { elapsedSeconds }: PageFrame): Fact[] {
  const { seeds, versions, backend } = manifest
  const simulated = backend === 'simulated'
  const lookup = simulated ? lookupOf(manifest.tables) : undefined
  const machine = machineText(set)
  const jobs = jobsText(set)
  const budgets = [...new Set(manifest.cells.map(({ budget }) => formatBudget(budget)))]
  const wall = elapsedSeconds === undefined ? '' : ` in ${formatDuration(elapsedSeconds)} of wall time`
  return [
    [
      'seeds',
      seeds.length > 12 ? `${plural(seeds.length, 'seed')}, ${seeds[0]!} to ${seeds.at(-1)!}` : seeds.join(', '),
    ],
    ['budgets', listed(budgets)],
    ['workers', listed([...new Set(manifest.cells.map(({ workers }) => formatCount(workers)))])],
    ['runs', `${plural(set.runs.length, 'run')}, ${plural(set.reports, 'report')}`],
    ['time', `${simulated ? 'simulated' : 'trained for'} ${formatDuration(set.simulatedSeconds)}${wall}`],
    ['tables', simulated ? provenanceOf(manifest.tables) : REAL[backend]],
    ...(jobs === undefined ? [] : [['used of SageMaker', jobs] satisfies Fact]),
    ...(machine === undefined ? [] : [['used of the machine', machine] satisfies Fact]),
    ...(lookup === undefined ? [] : [['off the tables', lookup] satisfies Fact]),
    ['versions', `rungbench ${versions.rungbench}, Node ${versions.node}`],
    ['digest', set.digest],
    ['key of the manifest', manifest.key],
  ]
}

function tableFacts(
  { name, sha256, provenance, about, leaveOneOut }: ManifestTable,
  set: RunSet,
  { backend }: Manifest,
): Fact[] {
  const used = set.details?.rowsUsed[name]
  const facts: Fact[] = about === undefined ? [['kind', provenance]] : provenanceFacts(about.provenance)
  if (about !== undefined) {
    if (about.description !== '') facts.unshift(['holds', about.description])
    const { rows, configurations, levels, resource } = about
    facts.push([
      'size',
      `${sizeText({ rows, configurations, instanceTypes: Object.keys(about.prices ?? {}).length })}, ${plural(levels, 'level')} (${resource})`,
    ])
    facts.push(...modelledFacts(about))
    facts.push(...columnFacts(about.columnProvenance))
    if (about.shared !== undefined && backend === 'simulated')
      facts.push([
        'warning: times',
        `${besideOthers(about.shared)} while it was recorded; replayed times are those of a shared device`,
      ])
    if (used !== undefined && used > 0)
      facts.push([
        'used here',
        `${formatCount(used)} of ${plural(rows, 'training')} (${formatPercent(used / rows).replace('+', '')})`,
      ])
  }
  if (leaveOneOut !== undefined)
    facts.push([
      'off-table error',
      `${formatNumber(leaveOneOut.error)} in ${leaveOneOut.metric}, leave-one-out, mean of the ${leaveOneOut.nearest} nearest`,
    ])
  facts.push(['sha256', sha256])
  return facts
}

function allAssumptions(
  manifest: Manifest,
  groups: readonly ComparisonGroup[],
  fronts: readonly HypervolumeGroup[],
): string[] {
  const { backend, simulation } = manifest
  const tests = testsSentence(groups, fronts)
  const always = [
    'The incumbent is chosen by its validation value; what is reported is its test value.',
    'Comparisons are paired by seed. Intervals are Student’s t over seeds, one comparison at a time.',
    ...(tests === undefined
      ? []
      : [
          'Bootstrap intervals are percentiles of the mean improvement over 2,000 seeded resamples; with few seeds they are too narrow.',
          tests,
        ]),
    'The target is what the baseline ends with, mean over seeds. A run that has not reached it is not left out: it counts as ' +
      'longer (Kaplan-Meier) and, in the restricted mean, as the whole budget.',
    ...assumptionsOf(manifest).map(sentence),
  ]
  if (backend !== 'simulated') return always
  const regret =
    'Normalised regret is 0 at the best reported value of any recorded training and level that the experiment allows, chosen ' +
    'with hindsight, and 1 at what the default configuration comes to, mean over its recorded trainings.'
  return [
    ...always,
    ...(groups.some(({ regretScale }) => regretScale !== null) ? [regret] : []),
    'Intervals are conditional on the tables: more seeds cannot make up for few distinct trainings.',
    'Time is event-driven, without delays of the machinery except those below; the recorded start-up of each training counts.',
    'Seeds take the default configuration’s repetitions without replacement.',
    `Of the simulation: ${simulationText(simulation)}.`,
  ]
}

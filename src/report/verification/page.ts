/** What a verification says, as a report of its own. Pure. */
import type { Manifest } from '../../store/manifest.js'
import type { RunSet } from '../../store/run-set.js'
import type { SampleVerification, Verification } from '../../store/verification.js'
import type { Comparison } from '../comparison.js'
import { formatCount, formatDuration, formatNumber, formatPercent, listed, plural } from '../format.js'
import type { Fact, Report } from '../sections.js'
import { FEWEST_PAIRS } from '../statistics/correlation.js'
import { verificationCharts } from './charts.js'
import { type ComparedConclusion, compareConclusions, overall, setOf } from './conclusion.js'
import { type Ratio, type TableMeasure, measureSample } from './measure.js'
import { conclusionTable, decisionTable, errorTable, rungTable, strataTable, timeTable } from './tables.js'
import { wholeConclusions, wholeFacts, wholeTables } from './whole.js'

/** Everything that the page and the terminal show. */
export interface VerificationReport extends Report {
  readonly measures: readonly TableMeasure[]
}

/** @param repeat the command that made it */
export function verificationReport(
  manifest: Manifest,
  simulated: RunSet,
  verification: Verification,
  repeat?: string,
): VerificationReport {
  const { sample, whole, tables } = verification
  const measures = sample === undefined ? [] : measureSample(tables, sample)
  const sampled = sample === undefined ? [] : sampleConclusions(manifest, simulated, sample)
  const ran = whole === undefined ? [] : wholeConclusions(manifest, whole)
  const resource = (table: string): string =>
    manifest.tables.find(({ name }) => name === table)?.about?.resource ?? 'level'
  return {
    measures,
    title: `${manifest.experiment}, verified`,
    question: `Does the simulation of ${manifest.experiment} tell the truth?`,
    answer: answerOf(measures, sample, sampled, ran),
    answers: [
      ...measures.map(tableFact),
      ...(sample === undefined ? [] : [decisionFact(sample)]),
      ...(sample === undefined ? [] : [conclusionFact('With the real values in their place', sampled)]),
      ...(whole === undefined ? [] : [conclusionFact('The experiment run for real', ran), ...wholeFacts(whole)]),
    ],
    warnings: warningsOf(verification, measures),
    notes: notesOf(sample),
    charts: verificationCharts(measures, resource),
    tables: [
      ...(whole === undefined
        ? []
        : [
            conclusionTable(ran, 'verify-whole', 'Conclusions, simulated and of the real runs'),
            ...wholeTables(manifest, whole),
          ]),
      ...(sample === undefined
        ? []
        : [
            errorTable(measures),
            timeTable(measures),
            rungTable(measures),
            decisionTable(sample),
            conclusionTable(
              sampled,
              'verify-conclusions',
              'Conclusions, as simulated and with real values in their place',
            ),
            strataTable(sample),
          ]),
    ],
    how: howFacts(manifest, verification),
    repeat,
    provenance: [],
    assumptions: assumptionsOf(verification),
  }
}

/** The conclusions of the simulation with real values in the place of recorded ones. */
export function sampleConclusions(
  manifest: Manifest,
  simulated: RunSet,
  sample: SampleVerification,
): ComparedConclusion[] {
  const trained = new Map(sample.runs.map(({ cell, seed }, i) => [`${cell} ${seed}`, sample.resultsTrained[i]!]))
  const missing = ({ table, workers, budget, method, baseline }: Comparison): string | undefined => {
    const cells = manifest.cells.flatMap((cell, i) => {
      const mine =
        cell.table === table && cell.workers === workers && JSON.stringify(cell.budget) === JSON.stringify(budget)
      return mine && (cell.method === method || cell.method === baseline) ? [i] : []
    })
    const those = sample.runs.filter(({ cell }) => cells.includes(cell))
    const real = those.filter(({ cell, seed }) => trained.get(`${cell} ${seed}`) === true).length
    return real === those.length
      ? undefined
      : `${formatCount(real)} of ${plural(those.length, 'result')} trained for real`
  }
  return compareConclusions({ simulated: manifest, real: manifest }, setOf(simulated.runs), setOf(sample.runs), missing)
}

function answerOf(
  measures: readonly TableMeasure[],
  sample: SampleVerification | undefined,
  sampled: readonly ComparedConclusion[],
  ran: readonly ComparedConclusion[],
): string {
  const parts: string[] = []
  if (sample !== undefined) {
    const errors = measures.flatMap(({ errors: all }) => all)
    const [values, equal] = [errors, errors].map((all, i) =>
      all.reduce((sum, one) => sum + (i === 0 ? one.values : one.equal), 0),
    ) as [number, number]
    const trainings = measures.reduce((sum, one) => sum + one.trainings.length, 0)
    if (values > 0)
      parts.push(
        `of ${plural(trainings, 'training')} made again, ${equal === values ? 'every recorded value came out' : `${formatPercent(equal / values).replace('+', '')} of the recorded values came out`} equal to the last bit`,
      )
    const times = measures.flatMap(({ about, time }) => (time === null ? [] : [{ name: about.name, time }]))
    if (times.length > 0)
      parts.push(
        `training took ${listed(times.map(({ name, time }, i) => `${formatNumber(rounded(time.mean))} ${i === 0 ? 'times as long as recorded ' : ''}on ${name}`))}`,
      )
    const { agree, disagree } = decisionsOf(sample)
    if (agree + disagree > 0)
      parts.push(`with real values ${formatCount(agree)} of ${plural(agree + disagree, 'decision')} are the same`)
  }
  const conclusions = ran.length > 0 ? ran : sampled
  if (conclusions.length > 0 && (ran.length > 0 || parts.length > 0)) {
    const seeds = Math.max(0, ...ran.map(({ real }) => real?.seeds ?? 0))
    const how = ran.length > 0 ? `run for real with ${plural(seeds, 'seed')}` : 'with real values in its place'
    const word = overall(conclusions)
    parts.push(
      word === 'cannot be said'
        ? `whether the conclusion stands ${how} cannot be said`
        : `${how}, the conclusion ${word === 'stands' ? 'stands' : 'is contradicted'}`,
    )
  }
  const text = parts.length === 0 ? 'nothing was trained' : parts.join('; ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

function decisionsOf(sample: SampleVerification) {
  const sum = (of: (one: SampleVerification['decisions'][number]) => number): number =>
    sample.decisions.reduce((all, one) => all + of(one), 0)
  return {
    replaced: sum(({ replaced }) => replaced),
    agree: sum(({ agree }) => agree),
    disagree: sum(({ disagree }) => disagree),
    undecidable: sum(({ undecidable }) => undecidable),
    endsAgree: sum(({ endsAgree }) => endsAgree),
    endsDisagree: sum(({ endsDisagree }) => endsDisagree),
  }
}

function tableFact({ about, trainings, errors, time, levels }: TableMeasure): Fact {
  const steering = errors.find(({ metric }) => metric === about.steering)
  const parts = [plural(trainings.length, 'training')]
  if (steering !== undefined && steering.absolute !== null) {
    const { equal, values, absolute, relative } = steering
    parts.push(
      equal === values
        ? `all ${formatCount(values)} values of ${about.steering} equal to the last bit`
        : `${formatCount(equal)} of ${formatCount(values)} values of ${about.steering} equal, mean absolute error ${formatNumber(absolute.mean)}` +
            (relative === null
              ? ''
              : ` (${formatPercent(relative.mean).replace('+', '')} of the spread between configurations)`),
    )
  }
  if (time !== null) parts.push(`time ${ratioText(time)}`)
  const [least] = levels
    .filter(({ ranks }) => ranks?.kendall != null)
    .sort((a, b) => a.ranks!.kendall! - b.ranks!.kendall!)
  if (least !== undefined) {
    const { kendall, n } = least.ranks!
    parts.push(
      kendall === 1
        ? `the same order at all rungs that ${FEWEST_PAIRS} or more reached`
        : `order at the rungs: Kendall's tau-b ${formatNumber(kendall!)} or more (at rung ${least.level}, n = ${n})`,
    )
  }
  return [about.name, `${parts.join('; ')}.`]
}

/** Three digits are enough for a ratio in a sentence. */
function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3))
}

/** `1.02 times as recorded (95 % interval 0.98 to 1.06)` */
export function ratioText({ mean, ci95 }: Ratio): string {
  const interval =
    ci95 === null ? '' : ` (95 % interval ${formatNumber(rounded(ci95[0]))} to ${formatNumber(rounded(ci95[1]))})`
  return `${formatNumber(rounded(mean))} times as recorded${interval}`
}

function decisionFact(sample: SampleVerification): Fact {
  const { replaced, agree, disagree, undecidable, endsAgree, endsDisagree } = decisionsOf(sample)
  const first = sample.decisions.find((one) => one.first !== null)
  return [
    'Decisions',
    `with ${plural(replaced, 'report')} replaced by real ones, ${formatCount(agree)} decisions agree and ${formatCount(disagree)} do not; ` +
      `of stops and pauses ${formatCount(endsAgree)} and ${formatCount(endsDisagree)}` +
      (undecidable > 0 ? `; ${formatCount(undecidable)} after that are not known` : '') +
      (first === undefined ? '.' : `. The first that does not, ${first.method} on ${first.table}: ${first.first}.`),
  ]
}

function conclusionFact(name: string, conclusions: readonly ComparedConclusion[]): Fact {
  const parts = (['contradicted', 'stands', 'cannot be said'] as const).flatMap((word) => {
    const reasons = new Map<string, string[]>()
    for (const { table, method, standing, why } of conclusions)
      if (standing === word) reasons.set(why, [...(reasons.get(why) ?? []), `${method} on ${table}`])
    if (reasons.size === 0) return []
    return [`${word}: ${Array.from(reasons, ([why, where]) => `${listed(where)} (${why})`).join('; ')}`]
  })
  return [name, parts.length === 0 ? 'nothing is compared.' : `${parts.join('. ')}.`]
}

function warningsOf({ sample, whole, tables }: Verification, measures: readonly TableMeasure[]): string[] {
  const warnings: string[] = []
  const other = (what: string, of: (one: (typeof tables)[number]) => boolean): void => {
    const names = tables.filter((one) => !of(one)).map(({ name }) => name)
    if (names.length > 0)
      warnings.push(`${listed(names)}: verified with ${what} than recorded, so that differences may come from that.`)
  }
  other('another version of the program', ({ sameProgram }) => sameProgram)
  other('other data', ({ sameData }) => sameData)
  for (const { about, failed } of measures)
    if (failed.length > 0)
      warnings.push(
        `${about.name}: ${plural(failed.length, 'training')} came to nothing, the first: ${failed[0]!.failure}.`,
      )
  if (sample !== undefined && sample.skipped > 0)
    warnings.push(
      `${plural(sample.skipped, 'training')} of the sample ${sample.skipped === 1 ? 'was' : 'were'} not made; the same command goes on.`,
    )
  if (sample !== undefined && sample.notReplayed.length > 0)
    warnings.push(`Decisions of ${listed(sample.notReplayed)} could not be replayed.`)
  if (whole !== undefined && whole.skipped > 0)
    warnings.push(
      `${plural(whole.skipped, 'real run')} of the experiment ${whole.skipped === 1 ? 'was' : 'were'} not made; the same command goes on.`,
    )
  for (const { table, method, seeds, message } of whole?.failures ?? [])
    warnings.push(`${method} on ${table}, seed ${seeds.join(', ')}, failed for real: ${message}.`)
  return warnings
}

function notesOf(sample: SampleVerification | undefined): string[] {
  if (sample === undefined) return []
  const incumbents = sample.trainings.filter(({ chosen }) => chosen === 'incumbent').length
  return incumbents === 0
    ? []
    : [
        `${plural(incumbents, 'training')} that runs ended with ${incumbents === 1 ? 'was' : 'were'} made as well; errors, times and ranks are of the sample alone.`,
      ]
}

function howFacts(manifest: Manifest, { at, realSeconds, tables, sample, whole, key }: Verification): Fact[] {
  const machines = (of: (one: (typeof tables)[number]) => string): string => listed([...new Set(tables.map(of))])
  return [
    ['when', `${at.slice(0, 16).replace('T', ' ')} UTC`],
    ...(sample === undefined
      ? []
      : [['trained', `${plural(sample.trainings.length, 'training')}, ${formatDuration(realSeconds)}`] satisfies Fact]),
    ...(whole === undefined
      ? []
      : [
          [
            'run for real',
            `${plural(whole.real.length, 'run')} of ${manifest.cells.length * whole.seeds.length}, ${formatDuration(setOf(whole.real).simulatedSeconds)}`,
          ] satisfies Fact,
        ]),
    ['recorded on', machines(({ recordedOn }) => recordedOn)],
    ['verified on', machines(({ verifiedOn }) => verifiedOn)],
    [
      'trainings at a time',
      machines(({ recordedWorkers, workers }) => `${workers} (recorded: ${recordedWorkers ?? 'not known'})`),
    ],
    ['key of the manifest', key],
  ]
}

function assumptionsOf({ sample, whole }: Verification): string[] {
  return [
    ...(sample === undefined
      ? []
      : [
          'The sample is drawn from the different trainings that the simulation replayed, stratified over tables and the highest rung reached, ' +
            'and trained up to the level reached there, with the configuration and the training seed of the recording.',
          'Levels of one training hang together, so intervals of errors and times are Student’s t over trainings; means are not weighted by strata.',
          'The spread is the standard deviation between the recorded configurations that the experiment allows, at the same level.',
          'Rank correlations compare the trainings of the sample that reached the rung; from ten on with an interval by Fisher’s z.',
          'Decisions are replayed in the simulated order of events: what other times would have changed is not in them.',
          'Real values stand in only for the trainings that were made; a conclusion is judged only where all results behind it are real ones.',
        ]),
    ...(whole === undefined
      ? []
      : [
          ...(whole.stretch === 1
            ? []
            : [
                `Budgets in seconds were multiplied by ${formatNumber(whole.stretch)} for the real runs, as this machine takes longer.`,
              ]),
          'Real runs draw the configurations and training seeds that the simulation draws from its tables, so that runs of one seed are pairs; ' +
            'after the first difference in times or values they may go other ways.',
        ]),
    'A conclusion is that an interval excludes 0. It stands where the real interval says the same, and is contradicted where that says the opposite or excludes what the simulation found.',
    'Times are those of this machine with whatever else ran on it.',
  ]
}

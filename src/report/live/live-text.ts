/** A run directory while it is worked on, as lines of a terminal. */
import CliTable from 'cli-table3'
import pc from 'picocolors'
import { formatCount, formatDuration, formatNumber, plural, wrap } from '../format.js'
import { type Colors, RULES } from '../layout.js'
import type { DirectoryView, RunEntry } from './directory-view.js'
import { configText, happeningText } from './happening.js'
import type { IncumbentView, RunView } from './live-run.js'
import type { LiveSetup } from './live-setup.js'
import type { LimitView } from './pace.js'
import { printable } from '../../core/printable.js'
import { cut } from './cut.js'
import { type Section, fitSections } from './sections.js'

export interface LiveTextOptions {
  readonly columns: number
  /** At most so many lines; default as many as there is to say. */
  readonly rows?: number
  readonly colors: boolean
  /** How to go on with a run that nobody works on. */
  readonly advice: string
}

/** Lines of at most `columns` characters. */
export function liveText(view: DirectoryView, options: LiveTextOptions): string[] {
  const { columns } = options
  const colors = pc.createColors(options.colors)
  const must = [colors.bold(cut(titleOf(view), columns)), ...stateLines(view, options, colors)]
  const sections: Section[] = []
  const { current } = view
  if (current !== undefined) {
    const { run, setup } = current
    const line = (name: string, text: string, paint = (shown: string): string => shown): string =>
      `${colors.dim(name.padEnd(NAME))}${paint(cut(text, columns - NAME))}`
    if (view.spent !== undefined) must.push(line('spent', spentText(view.spent, columns)))
    for (const limit of run.limits) must.push(line(NAMES[limit.limit], limitText(limit, columns)))
    must.push(line('trials', trialsText(run, view.state)), line('reports', reportsText(run)))
    if (run.front !== undefined) must.push(line('front', frontText(run.front)))
    for (const incumbent of run.incumbents) {
      must.push(line('best', incumbentText(incumbent, setup), colors.green))
      if (setup.objectives.length > 1) continue
      for (const text of broken(configText(incumbent.config), columns - NAME, 3)) must.push(line('', text))
    }
    for (const trouble of run.troubles)
      must.push(line('trouble', happeningText(trouble, wordsOf(setup)), colors.yellow))
    if (run.rungs.length > 1)
      sections.push({ lines: rungLines(run, setup, columns), keep: 'all', order: 1, wish: Infinity })
    const running = view.state === 'running' ? run.running : []
    const resource = printable(setup.resource)
    const trained = running.map(({ trial, level, value, seconds }) => {
      const reported = Number.isNaN(value) ? '' : `, ${printable(setup.objectives[0]!.metric)} ${formatNumber(value)}`
      return `  trial ${trial}  ${resource} ${level} of ${setup.maxResource}${reported}, for ${formatDuration(Math.round(seconds))}`
    })
    sections.push({ title: 'running', counted: true, lines: trained, keep: 'first', order: 2, wish: 8 })
    const happenings = run.happenings.slice(-(options.rows === undefined ? 10 : run.happenings.length))
    const events = happenings.map(
      (one) =>
        `  ${formatDuration(tenths(one.time)).padStart(columns < 60 ? 0 : 12)}  ${happeningText(one, wordsOf(setup))}`,
    )
    sections.push({ title: 'last events', lines: events, keep: 'last', order: 3, wish: 6 })
  }
  const results = view.runs.filter(({ state }) => state === 'finished' || state === 'unfinished')
  const shown = view.runs.length === 1 && view.state === 'running' ? [] : results
  const resultLines = shown.map((one) => `  ${runName(one, view.runs)}: ${resultText(one)}`)
  sections.splice(-1, 0, { title: 'runs so far', counted: true, lines: resultLines, keep: 'last', order: 4, wish: 6 })
  const rest = fitSections(sections, options.rows === undefined ? Infinity : options.rows - must.length)
  return [...must, ...rest.map((text) => cut(text, columns))].slice(0, options.rows)
}

/** How wide the names of lines are. */
const NAME = 9
const NAMES = { seconds: 'time', trials: 'trials', evaluations: 'ended', reports: 'reports', cost: 'cost' } as const

function titleOf(view: DirectoryView): string {
  const of = view.runs.length
  const at = view.current?.at
  const name = printable(view.experiment)
  if (at === undefined) return `${name}: ${plural(of, 'run')}`
  const entry = view.runs[at]!
  return `${name}: run ${at + 1} of ${of}, ${runName(entry, view.runs)}, ${plural(entry.workers, 'worker')}`
}

function stateLines(view: DirectoryView, { columns, advice }: LiveTextOptions, colors: Colors): string[] {
  const paint = { waiting: colors.yellow, finished: colors.green, unfinished: colors.red, running: colors.cyan }
  return broken(stateText(view, advice), columns, 4).map((text) => paint[view.state](text))
}

function stateText({ state, runs, current, secondsLeft }: DirectoryView, advice: string): string {
  const elapsed = current === undefined ? '' : formatDuration(tenths(current.run.elapsed))
  switch (state) {
    case 'waiting':
      return 'not begun yet'
    case 'finished':
      return `finished: ${plural(runs.length, 'run')}`
    case 'unfinished':
      return `not finished${elapsed === '' ? '' : ` after ${elapsed}`}, and no process is writing it; ${advice}`
    case 'running': {
      const left = current?.run.secondsLeft
      const here = left === undefined ? '' : `, ${leftText(left)} left`
      const many = runs.length > 1 && secondsLeft !== undefined
      const all = many ? `, ${leftText(secondsLeft)} for all runs` : ''
      return `running${elapsed === '' ? '' : ` for ${elapsed}`}${here}${all}`
    }
  }
}

/** An estimate: whole seconds say enough. */
function leftText(seconds: number): string {
  return seconds < 59 ? `${Math.ceil(seconds)} s` : formatDuration(Math.ceil(seconds))
}

/** Text in at most `most` lines, broken at blanks; what is too long is cut. */
function broken(text: string, columns: number, most: number): string[] {
  const lines = wrap(text, columns).split('\n')
  const shown = lines.length > most ? [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')] : lines
  return shown.map((line) => cut(line, columns))
}

function limitText({ limit, used, of }: LimitView, columns: number): string {
  const width = columns < 60 ? 8 : 24
  const share = of > 0 ? Math.min(1, used / of) : 1
  const full = Math.floor(width * share)
  const show = (value: number): string =>
    limit === 'seconds'
      ? formatDuration(tenths(value))
      : limit === 'cost'
        ? `${value.toFixed(2)} US dollars`
        : formatCount(value)
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.floor(100 * share)} %, ${show(used)} of ${show(of)}`
}

function spentText({ usd, jobs, limit }: NonNullable<DirectoryView['spent']>, columns: number): string {
  const open = jobs === 0 ? '' : `, ${plural(jobs, 'job')} in progress`
  if (Number.isNaN(usd)) return `not known, as a price is missing${open}`
  if (limit === undefined) return `${usd.toFixed(2)} US dollars${open}`
  return `${limitText({ limit: 'cost', used: usd, of: limit }, columns)}${open}`
}

function trialsText({ trials: { started, running, ...others } }: RunView, state: DirectoryView['state']): string {
  const parts = Object.entries(others).filter(([, count]) => count > 0)
  const all = [[state === 'running' ? 'running' : 'in flight', running] as const, ...parts].map(
    ([name, count]) => `${formatCount(count)} ${name}`,
  )
  return `${formatCount(started)} started: ${all.join(', ')}`
}

function reportsText({ reports, reportsPerMinute, restarts, ignored }: RunView): string {
  const rate =
    reportsPerMinute === undefined ? '' : `, ${formatNumber(Number(reportsPerMinute.toPrecision(3)))} a minute`
  const skipped = ignored === 0 ? '' : `, ${formatCount(ignored)} did not count`
  const again = restarts === 0 ? '' : `; started again ${plural(restarts, 'time')}`
  return `${formatCount(reports)}${rate}${skipped}${again}`
}

function frontText({ size, hypervolume }: NonNullable<RunView['front']>): string {
  const volume = hypervolume === undefined ? '' : `, hypervolume ${hypervolume.toFixed(4)}`
  return `${plural(size, 'trial')} in the Pareto set${volume}`
}

function incumbentText(
  { metric, value, report, reported, trial, level, time }: IncumbentView,
  setup: LiveSetup,
): string {
  const test = report === metric ? '' : `, ${printable(report)} ${formatNumber(reported)}`
  const where = `trial ${trial}, ${printable(setup.resource)} ${level}, after ${formatDuration(tenths(time))}`
  return `${printable(metric)} ${formatNumber(value)}${test}: ${where}`
}

function rungLines({ rungs }: RunView, { resource, objectives }: LiveSetup, columns: number): string[] {
  const narrow = columns < 60
  const some = (key: 'stopped' | 'paused'): boolean => rungs.some((rung) => rung[key] > 0)
  const counts = (['reached', 'passed', 'stopped', 'paused'] as const).filter(
    (key) => key === 'reached' || key === 'passed' || some(key),
  )
  const best = narrow ? 'best' : `best ${cut(printable(objectives[0]!.metric), 30)}`
  const head = [printable(resource), ...counts, best, ...(narrow ? [] : ['trial'])]
  const table = new CliTable({
    chars: { ...RULES, top: '', 'top-mid': '', bottom: '', 'bottom-mid': '', mid: '', 'mid-mid': '' },
    head,
    colAligns: head.map(() => 'right'),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': narrow ? 0 : 1 },
  })
  for (const rung of rungs.slice(0, MOST_RUNGS)) {
    const value = rung.best === undefined ? '-' : formatNumber(rung.best.value)
    const trial = rung.best === undefined ? '-' : String(rung.best.trial)
    table.push([String(rung.level), ...counts.map((key) => formatCount(rung[key])), value, ...(narrow ? [] : [trial])])
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  return ['', ...lines.filter((line) => line !== ''), ...(rungs.length > MOST_RUNGS ? ['…'] : [])]
}

/** A scheduler without rungs of its own may stop trials at any level. */
const MOST_RUNGS = 12

/** `ngram-mrpc, asha, seed 3` */
function runName({ table, method, seed, workers }: RunEntry, runs: readonly RunEntry[]): string {
  const crossed = runs.some((other) => other.workers !== workers)
  return `${printable(table)}, ${printable(method)}${crossed ? `, ${plural(workers, 'worker')}` : ''}, seed ${seed}`
}

/** `run 2 of 15 begins: ngram-mrpc, asha, seed 3` */
export function runBeginsText(runs: readonly RunEntry[], at: number): string {
  return `run ${at + 1} of ${runs.length} begins: ${runName(runs[at]!, runs)}`
}

/** `run 2 of 15 ended: ngram-mrpc, asha, seed 3: test_error 0.29, 34 trials, 10.5 s` */
export function runEndedText(runs: readonly RunEntry[], at: number): string {
  return `run ${at + 1} of ${runs.length} ended: ${runName(runs[at]!, runs)}: ${resultText(runs[at]!)}`
}

/** What a run came to, in a line. */
function resultText({ state, summary, report }: RunEntry): string {
  if (state !== 'finished' || summary === undefined) return 'no result; its journal is kept'
  const { best, pareto, trials, simulatedSeconds, failures, maxCost } = summary
  const found = best === undefined ? 'no finite value' : `${printable(report)} ${formatNumber(best.test)}`
  const front = pareto === undefined ? '' : `, hypervolume ${pareto.reported.final.toFixed(4)}`
  const failed = failures === 0 ? '' : `, ${formatCount(failures)} failed`
  const cut = maxCost === undefined ? '' : `; ended early by --max-cost ${maxCost}`
  return `${found}${front}, ${plural(trials, 'trial')}${failed}, ${formatDuration(tenths(simulatedSeconds))}${cut}`
}

export function wordsOf({ resource, objectives }: LiveSetup): { resource: string; metric: string } {
  return { resource, metric: objectives[0]!.metric }
}

function tenths(seconds: number): number {
  return seconds < 60 ? Number(seconds.toFixed(1)) : seconds
}

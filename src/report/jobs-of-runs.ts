/** The training jobs of the runs of a directory, trial by trial, as text for a terminal. */
import CliTable from 'cli-table3'
import pc from 'picocolors'
import { printable, printableTexts } from '../core/printable.js'
import type { JobsUse, TrialJobs } from '../store/run-set.js'
import { formatCount, plural, wrap } from './format.js'
import { usesText } from './jobs-text.js'
import { RULES } from './layout.js'

/** The jobs of one run. */
export interface RunJobs extends JobsUse {
  readonly table: string
  readonly method: string
  readonly seed: number
}

/** Ends in a newline. */
export function jobsOfRunsText(
  experiment: string,
  given: readonly RunJobs[],
  { colors: colored, width }: { readonly colors: boolean; readonly width: number },
): string {
  const colors = pc.createColors(colored)
  const runs = printableTexts(given, printable)
  if (runs.length === 0) return `${experiment}: no training job was asked for yet\n`
  const blocks = runs.map(({ table, method, seed, trials, open }) => {
    const missing = open === 0 ? '' : `, ${plural(open, 'job')} of which no end was seen`
    const heading = colors.bold(`${table}, ${method}, seed ${seed}: ${plural(trials.length, 'trial')}${missing}`)
    return trials.length === 0 ? heading : `${heading}\n${tableOf(trials)}`
  })
  const whole = wrap(`${experiment}: ${usesText(runs)}`, width, '  ')
  return `${[...blocks, whole].join('\n\n')}\n`
}

function tableOf(trials: readonly TrialJobs[]): string {
  const spot = trials.some(({ interruptions }) => interruptions !== undefined)
  const taken = spot ? ['taken away'] : []
  const table = new CliTable({
    head: ['trial', 'instance type', 'machines', 'jobs', ...taken, 'start-up s', 'billed s', 'US dollars'],
    colAligns: ['right', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    chars: RULES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
  })
  for (const { trial, instanceType, instanceCount, jobs, interruptions = 0, startUp, billable, usd } of trials)
    table.push([
      String(trial),
      instanceType,
      formatCount(instanceCount),
      formatCount(jobs),
      ...(spot ? [formatCount(interruptions)] : []),
      startUp === null ? '-' : startUp.toFixed(1),
      billable.toFixed(1),
      usd === null ? 'not known' : usd.toFixed(usd < 0.01 ? 5 : 2),
    ])
  return table.toString()
}

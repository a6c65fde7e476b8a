/** What makes `bench run` end with exit code 1 although it has a report to show. */
import { join } from 'node:path'
import type { ExperimentResult } from '../run/run-experiment.js'
import { oneLine } from './session.js'

/**
 * Why an experiment that has a report did not end well, in a line each.
 *
 * @param directory of the run, as it is shown
 */
export function problemsOf(
  { manifest: { backend }, set: { runs, failures } }: ExperimentResult,
  directory: string | undefined,
): string[] {
  const problems: string[] = []
  const counted = (count: number): string => (count === 1 ? '1 run' : `${count} runs`)
  if (failures.length > 0) {
    const failed = failures.reduce((sum, { seeds }) => sum + seeds.length, 0)
    problems.push(`${counted(failed)} failed; the first: ${oneLine(failures[0]!.message)}`)
  }
  const cut = runs.filter(({ maxCost }) => maxCost !== undefined)
  if (cut.length > 0)
    problems.push(
      `--max-cost ended ${counted(cut.length)} early; the same command with --resume and a higher --max-cost goes on`,
    )
  else if (backend !== 'simulated' && runs.every(({ best }) => best === undefined)) {
    const trials = runs.reduce((sum, run) => sum + run.trials, 0)
    const failed = runs.reduce((sum, run) => sum + run.failures, 0)
    const what = failed === trials ? 'every trial failed' : 'no trial reported a finite value'
    const where = directory === undefined ? '' : `; why stands in ${join(directory, 'runs', '*', 'journal.jsonl')}`
    problems.push(`no run has a result, as ${what}${where}`)
  }
  return problems
}

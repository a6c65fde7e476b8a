/** Runs with several objectives, and what tells their Pareto sets apart. */
import type { ParetoMember, RunSummary } from '../store/run-set.js'
import { trainingKey } from './arms.js'

export type ParetoRun = RunSummary & { readonly pareto: NonNullable<RunSummary['pareto']> }

export function paretoRuns(runs: readonly RunSummary[]): ParetoRun[] {
  return runs.filter((run): run is ParetoRun => run.pareto !== undefined)
}

export function memberKey(member: ParetoMember): string {
  return `${trainingKey(member)} at ${member.resource}`
}

/** What tells Pareto sets apart: their trainings and levels. */
export function setKey({ pareto }: ParetoRun): string {
  return pareto.set.map(memberKey).sort().join('\n')
}

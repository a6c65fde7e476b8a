/**
 * Which instance types methods tried, and which they ended with: in their Pareto sets or, with one objective, as those of
 * their incumbents. Pure: run set in, numbers out.
 */
import { instanceTypeOf } from '../core/instance-type.js'
import { type Objective, toLoss } from '../core/objective.js'
import type { Config } from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'
import { type Arm, baselineOf, groupArms } from './arms.js'
import { compareHypervolumes } from './hypervolumes.js'
import { remembered } from './remembered.js'
import { mean } from './statistics/student.js'
import { unitOf } from './units.js'

/** One instance type under one method, over seeds. */
export interface MachineResult {
  readonly type: string
  /** US dollars; null where it is not known. */
  readonly usdPerHour: number | null
  /** Trials started on it, mean per run; null where the runs do not say. */
  readonly trials: number | null
  /** Members of a run's Pareto set that are on it, mean per run; with one objective the share of incumbents. */
  readonly members: number
  /** In how many runs it is in the Pareto set, or that of the incumbent. */
  readonly seeds: number
  /** Members of the method's Pareto set over all seeds that are on it; null with one objective. */
  readonly overall: number | null
  /** The best that any of the members reached, per objective as reported; null where there is none. */
  readonly best: readonly (number | null)[]
}

export interface MachineMethod {
  readonly method: string
  /** Runs there are. */
  readonly seeds: number
  /** Most seeds first, then most members, most trials, and by name. */
  readonly types: readonly MachineResult[]
}

/** Methods on the same table with the same workers and budget. */
export interface MachineGroup {
  readonly table: string
  readonly workers: number
  readonly budget: StopRule
  readonly seconds: number | undefined
  /** Those that `best` has values of: all or, where there are no Pareto sets, the first. */
  readonly objectives: readonly Objective[]
  /** What each of them is reported in; empty where that is not known or its name says it. */
  readonly units: readonly string[]
  /** Of Pareto sets; else of incumbents. */
  readonly pareto: boolean
  /** Whether speeds and prices follow a rule. */
  readonly modelled: boolean
  /** The first method of the plan that is not the baseline. */
  readonly compared: string
  /** In plan order. */
  readonly methods: readonly MachineMethod[]
}

/** The groups in which trials ran on several instance types; none where there was nothing to choose. */
export const compareMachines: (manifest: Manifest, set: RunSet) => readonly MachineGroup[] = remembered(compareAnew)

function compareAnew(manifest: Manifest, set: RunSet): MachineGroup[] {
  const fronts = compareHypervolumes(manifest, set)
  return groupArms(manifest, set).flatMap((arms) => {
    const { cell } = arms[0]!
    const { table, workers, budget, seconds } = cell
    const types = new Set(arms.flatMap(({ runs }) => runs.flatMap(typesIn)))
    if (types.size < 2) return []
    const pareto = cell.ranges !== undefined
    const place = JSON.stringify([table, workers, budget])
    const front = fronts.find((one) => JSON.stringify([one.table, one.workers, one.budget]) === place)
    const objectives = pareto ? cell.objectives : cell.objectives.slice(0, 1)
    const priceOf = prices(manifest, table, arms)
    const methods = arms.map((arm): MachineMethod => {
      const overall = front?.methods.find(({ method }) => method === arm.cell.method)?.paretoSet
      return {
        method: arm.cell.method,
        seeds: arm.runs.length,
        types: resultsOf(arm.runs, objectives, overall, priceOf),
      }
    })
    const baseline = baselineOf(arms, manifest)
    const compared = methods.find(({ method }) => method !== baseline) ?? methods[0]!
    return [
      {
        table,
        workers,
        budget,
        seconds,
        objectives,
        units: objectives.map(({ report }) => unitOf(manifest, table, report)),
        pareto,
        modelled:
          manifest.backend === 'simulated' &&
          manifest.tables.some(({ name, provenance }) => name === table && provenance === 'modelled'),
        compared: compared.method,
        methods,
      },
    ]
  })
}

/** A configuration that a run ended with, and what was reported for it. */
interface Member {
  readonly config: Config
  readonly reported: readonly (number | null)[]
}

function membersOf({ pareto, best }: RunSummary): readonly Member[] {
  if (pareto !== undefined) return pareto.set
  return best === undefined ? [] : [{ config: best.config, reported: [best.test] }]
}

/** Of the trials that were started, or where that is not known, of what it ended with. */
function typesIn(run: RunSummary): string[] {
  return [
    ...Object.keys(run.instanceTypes ?? {}),
    ...membersOf(run).flatMap(({ config }) => instanceTypeOf(config) ?? []),
  ]
}

function resultsOf(
  runs: readonly RunSummary[],
  objectives: readonly Objective[],
  overall: readonly { readonly config: Config }[] | undefined,
  priceOf: (type: string) => number | null,
): MachineResult[] {
  const known = runs.every(({ instanceTypes }) => instanceTypes !== undefined)
  const sets = runs.map(membersOf)
  const results = [...new Set(runs.flatMap(typesIn))].map((type): MachineResult => {
    const on = ({ config }: { readonly config: Config }): boolean => instanceTypeOf(config) === type
    const found = sets.map((members) => members.filter(on))
    return {
      type,
      usdPerHour: priceOf(type),
      trials: known ? mean(runs.map(({ instanceTypes }) => instanceTypes![type] ?? 0)) : null,
      members: mean(found.map(({ length }) => length)),
      seeds: found.filter(({ length }) => length > 0).length,
      overall: overall === undefined ? null : overall.filter(on).length,
      best: objectives.map((objective, j) => bestOf(found.flat(), objective, j)),
    }
  })
  return results.sort(
    (a, b) =>
      b.seeds - a.seeds || b.members - a.members || (b.trials ?? 0) - (a.trials ?? 0) || (a.type < b.type ? -1 : 1),
  )
}

function bestOf(members: readonly Member[], { goal }: Objective, j: number): number | null {
  const values = members.map(({ reported }) => reported[j]).filter((value) => value != null && Number.isFinite(value))
  return (values as number[]).reduce(
    (best: number | null, value) => (best === null || toLoss(value, goal) < toLoss(best, goal) ? value : best),
    null,
  )
}

/** What jobs were billed for or, where nothing was trained on machines of these types, what the table says. */
function prices(manifest: Manifest, table: string, arms: readonly Arm[]): (type: string) => number | null {
  if (manifest.backend !== 'sagemaker') {
    const listed = manifest.tables.find(({ name }) => name === table)?.about?.prices
    return (type) => listed?.[type] ?? null
  }
  const trials = arms.flatMap(({ runs }) => runs.flatMap(({ jobs }) => jobs?.trials ?? []))
  return (type) => {
    const billed = trials.filter(
      ({ instanceType, usd, billable }) => instanceType === type && usd !== null && billable > 0,
    )
    const hours = billed.reduce((sum, { billable, instanceCount }) => sum + (billable * instanceCount) / 3600, 0)
    return hours === 0 ? null : billed.reduce((sum, { usd }) => sum + usd!, 0) / hours
  }
}

/** Pareto sets two objectives at a time: by method where there are more than two, and by instance type where it is tuned. */
import { INSTANCE_TYPE_NAMES, instanceTypeOf } from '../core/instance-type.js'
import { toLoss } from '../core/objective.js'
import { paretoFront } from '../core/pareto/pareto.js'
import type { Manifest, ManifestCell } from '../store/manifest.js'
import type { ParetoMember, RunSet } from '../store/run-set.js'
import { groupArms, trainingKey } from './arms.js'
import { type Chart, about } from './charts/chart.js'
import { type ParetoPoint, paretoChart } from './charts/pareto.js'
import { formatNumber } from './format.js'

/** What the charts say beside the points. */
export interface PairLabels {
  /** Of the groups, in plan order. */
  readonly groups: readonly string[]
  /** The methods of the report, for their colours. */
  readonly names: readonly string[]
  /** A metric with its unit. */
  readonly titleOf: (table: string, metric: string) => string
}

interface Owned {
  readonly method: string
  readonly member: ParetoMember
}

export function pairCharts(manifest: Manifest, set: RunSet, labels: PairLabels): Chart[] {
  return groupArms(manifest, set).flatMap((arms, i) => {
    const { cell } = arms[0]!
    const members = arms.flatMap((arm) =>
      distinct(arm.runs.flatMap(({ pareto }) => pareto?.set ?? [])).map((member) => ({
        method: arm.cell.method,
        member,
      })),
    )
    const machines = [...new Set(members.flatMap(({ member }) => machineOf(member) ?? []))].sort()
    const label = `${labels.groups[i]!}, all seeds`
    const { names, titleOf } = labels
    const shared = { cell, members, titleOf, label }
    const all = pairs(cell.objectives.length)
    const byMethod = { ...shared, id: `pareto-${i + 1}`, keys: names, keyOf: ({ method }: Owned) => method }
    const byMachine = {
      ...shared,
      id: `pareto-machines-${i + 1}`,
      by: INSTANCE_TYPE_NAMES[0].replace('_', ' '),
      keys: machines,
      keyOf: ({ member }: Owned) => machineOf(member),
    }
    // With two objectives methods are drawn already, by their fronts over all seeds.
    const byMethodToo = cell.objectives.length > 2 && members.length > 0
    const kinds = [byMethodToo ? byMethod : undefined, machines.length > 1 ? byMachine : undefined]
    return kinds.flatMap((kind) => (kind === undefined ? [] : all.map((pair) => chart(kind, pair))))
  })
}

interface PairInput {
  readonly id: string
  readonly label: string
  readonly by?: string
  readonly cell: ManifestCell
  readonly members: readonly Owned[]
  readonly titleOf: PairLabels['titleOf']
  /** The series, in order, and which one a member belongs to. */
  readonly keys: readonly string[]
  readonly keyOf: (one: Owned) => string | undefined
}

function chart(
  { id, label, by, cell, members, titleOf, keys, keyOf }: PairInput,
  [y, x]: readonly [number, number],
): Chart {
  const axis = (j: number) => ({
    title: titleOf(cell.table, cell.objectives[j]!.report),
    goal: cell.objectives[j]!.goal,
    scale: spansDecade(members.map(({ member }) => member.reported[j]!)) ? ('log' as const) : ('linear' as const),
  })
  const shown = distinctBy(members, keyOf).filter(
    ({ member: { reported } }) => reported[y] != null && reported[x] != null,
  )
  const series = keys.map((name) => shown.filter((one) => keyOf(one) === name).map(({ member }) => member))
  // Methods are compared by their sets; of machines one wants to know which are in the set at all.
  const front = new Set((by === undefined ? series : [series.flat()]).flatMap((set) => frontOf(set, cell, y, x)))
  return about(
    cell.table,
    paretoChart({
      id: `${id}-${y + 1}-${x + 1}`,
      label,
      ...(by !== undefined && { by }),
      x: axis(x),
      y: axis(y),
      series: keys.map((name, k) => ({
        name,
        points: series[k]!.map((member) => pointOf(member, y, x, front.has(member))),
      })),
      names: keys,
    }),
  )
}

/** [0, 1], [0, 2], [1, 2]: which objective goes up, and which to the right. */
function pairs(count: number): [number, number][] {
  const all = Array.from({ length: count }, (_, j) => j)
  return all.flatMap((y) => all.slice(y + 1).map((x): [number, number] => [y, x]))
}

/** Those that none of them dominates in the two metrics that steered. */
function frontOf(members: readonly ParetoMember[], cell: ManifestCell, y: number, x: number): ParetoMember[] {
  const losses = members.map(({ steering }) => [y, x].map((j) => toLoss(steering[j]!, cell.objectives[j]!.goal)))
  return paretoFront(losses).map((i) => members[i]!)
}

function pointOf({ reported, config, resource }: ParetoMember, y: number, x: number, front: boolean): ParetoPoint {
  const settings = Object.entries(config).map(([name, value]) => `${name} ${valueText(value)}`)
  return { x: reported[x]!, y: reported[y]!, front, detail: [`level ${resource}`, ...settings].join('\n') }
}

function valueText(value: number | string | boolean): string {
  return typeof value === 'number' ? formatNumber(value) : String(value)
}

/** Each training at each level once per key: several methods may have come to the same training. */
function distinctBy(members: readonly Owned[], keyOf: PairInput['keyOf']): Owned[] {
  const keyed = members.map(
    (one) => [`${keyOf(one)} ${trainingKey(one.member)} at ${one.member.resource}`, one] as const,
  )
  return [...new Map(keyed).values()]
}

/** Each training at each level once. */
function distinct(members: readonly ParetoMember[]): ParetoMember[] {
  return [...new Map(members.map((member) => [`${trainingKey(member)} at ${member.resource}`, member])).values()]
}

function machineOf({ config }: ParetoMember): string | undefined {
  return instanceTypeOf(config)
}

/** Positive values of which the largest is more than ten times the least. */
function spansDecade(values: readonly (number | null)[]): boolean {
  const some = values.filter((value): value is number => value !== null)
  return some.length > 0 && Math.min(...some) > 0 && Math.max(...some) > 10 * Math.min(...some)
}

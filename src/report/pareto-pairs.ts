/** Pareto sets two objectives at a time: by method where there are more than two, and by instance type where it is tuned. */
import { INSTANCE_TYPE_NAMES, instanceTypeOf } from '../core/instance-type.js'
import { toLoss } from '../core/objective.js'
import { paretoFront } from '../core/pareto/pareto.js'
import type { Manifest, ManifestCell } from '../store/manifest.js'
import type { ParetoMember, RunSet } from '../store/run-set.js'
import { type Arm, groupArms, trainingKey } from './arms.js'
import { type Chart, about } from './charts/chart.js'
import { chosenBy, subjectLast } from './front-charts.js'
import { paretoChart } from './charts/pareto.js'
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

/** A training at a level, and who came to it. */
interface Owned {
  readonly method: string
  /** Runs of the method that have it in their Pareto set. */
  readonly seeds: readonly number[]
  readonly member: ParetoMember
}

export function pairCharts(manifest: Manifest, set: RunSet, labels: PairLabels): Chart[] {
  return groupArms(manifest, set).flatMap((arms, i) => {
    const { cell } = arms[0]!
    const members = arms.flatMap(ownedBy)
    const machines = [...new Set(members.flatMap(({ member }) => machineOf(member) ?? []))].sort()
    const label = `${labels.groups[i]!}, all seeds`
    const { names, titleOf } = labels
    const drawn = subjectLast(
      arms.map((arm) => arm.cell.method),
      cell.baseline ?? manifest.baseline,
    )
    const shared = { cell, members, titleOf, label }
    const all = pairs(cell.objectives.length)
    const byMethod = { ...shared, id: `pareto-${i + 1}`, keys: drawn, names, keyOf: ({ method }: Owned) => method }
    const byMachine = {
      ...shared,
      id: `pareto-machines-${i + 1}`,
      by: INSTANCE_TYPE_NAMES[0].replace('_', ' '),
      keys: machines,
      names: machines,
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
  /** The series, what lies above others last, and which one a member belongs to. */
  readonly keys: readonly string[]
  /** The same in the order of colours. */
  readonly names: readonly string[]
  readonly keyOf: (one: Owned) => string | undefined
}

function chart(
  { id, label, by, cell, members, titleOf, keys, names, keyOf }: PairInput,
  [y, x]: readonly [number, number],
): Chart {
  const axis = (j: number) => ({
    title: titleOf(cell.table, cell.objectives[j]!.report),
    goal: cell.objectives[j]!.goal,
    ...chosenBy(cell.objectives[j]!),
    scale: spansDecade(members.map(({ member }) => member.reported[j]!)) ? ('log' as const) : ('linear' as const),
  })
  const owners = ownersByTraining(members, keyOf)
  const shown = [...owners.values()].flatMap(([first]) =>
    first!.member.reported[y] != null && first!.member.reported[x] != null ? [first!] : [],
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
        points: series[k]!.map((member) => {
          const detail = detailOf(member, owners.get(trainingOf(name, member))!)
          return { x: member.reported[x]!, y: member.reported[y]!, front: front.has(member), detail }
        }),
      })),
      names,
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

/** `mo-asha, seeds 1, 2 and 3 more; random-search, seed 2`, level and configuration. */
function detailOf({ config, resource }: ParetoMember, owners: readonly Owned[]): string {
  const settings = Object.entries(config)
    .filter(([name]) => !INSTANCE_TYPE_NAMES.some((one) => one === name))
    .map(([name, value]) => `${name} ${valueText(value)}`)
  const found = owners.map(({ method, seeds }) => `${method}, ${seedsText(seeds)}`)
  return [found.join('; '), `level ${resource}`, ...settings].join('\n')
}

/** `seed 1`, `seeds 1 and 2`, `seeds 1, 2 and 3 more` */
function seedsText(seeds: readonly number[]): string {
  if (seeds.length === 1) return `seed ${seeds[0]!}`
  const [first, second, ...more] = seeds
  return more.length === 0 ? `seeds ${first!} and ${second!}` : `seeds ${first!}, ${second!} and ${more.length} more`
}

function valueText(value: number | string | boolean): string {
  return typeof value === 'number' ? formatNumber(value) : String(value)
}

/** By key and training at a level the methods that came to it: several may have come to the same. */
function ownersByTraining(members: readonly Owned[], keyOf: PairInput['keyOf']): ReadonlyMap<string, readonly Owned[]> {
  const owners = new Map<string, Owned[]>()
  for (const one of members) {
    const key = trainingOf(keyOf(one), one.member)
    const known = owners.get(key)
    if (known === undefined) owners.set(key, [one])
    else known.push(one)
  }
  return owners
}

/** Each training at each level once, with the seeds that came to it. */
function ownedBy({ cell: { method }, runs }: Arm): Owned[] {
  const owned = new Map<string, { method: string; seeds: number[]; member: ParetoMember }>()
  for (const { seed, pareto } of runs)
    for (const member of pareto?.set ?? []) {
      const key = trainingOf(method, member)
      const known = owned.get(key)
      if (known === undefined) owned.set(key, { method, seeds: [seed], member })
      else if (known.seeds.at(-1) !== seed) known.seeds.push(seed)
    }
  return [...owned.values()]
}

function trainingOf(key: string | undefined, member: ParetoMember): string {
  return `${key} ${trainingKey(member)} at ${member.resource}`
}

function machineOf({ config }: ParetoMember): string | undefined {
  return instanceTypeOf(config)
}

/** Positive values of which the largest is more than ten times the least. */
function spansDecade(values: readonly (number | null)[]): boolean {
  const some = values.filter((value): value is number => value !== null)
  return some.length > 0 && Math.min(...some) > 0 && Math.max(...some) > 10 * Math.min(...some)
}

/** Where the numbers of a merged table come from: its parts, each with its machine, versions and dates. */
import type { TableData, TextColumn } from '../surrogates/table-data.js'
import { canonicalJson } from './checksums.js'
import { type MergePart, type Recorded, recordedProvenance } from './merge-metadata.js'
import type { Pick, UnitedRows } from './merge-rows.js'
import { hardwareText } from './machine.js'

/** One table that a merged one was made of, as it stands in the provenance. */
type Part = NonNullable<Recorded['parts']>[number]

/** What the machine of a table is called where its rows do not say. */
export function hardwareOf(part: MergePart): string {
  const { hardware } = recordedProvenance(part)
  return hardwareText(hardware as Parameters<typeof hardwareText>[0], hardware['gpu'] === undefined ? 'cpu' : 'gpu')
}

/** @param warnings what a reader should know, of what was found so far; more is added */
export function mergedProvenance(
  parts: readonly MergePart[],
  rows: UnitedRows,
  hardware: TextColumn | undefined,
  warnings: string[],
): Recorded {
  const all = parts.map(recordedProvenance)
  const first = all[0]!
  warnings.push(...differences(all), ...confounded(parts, rows.picks, hardware), ...leftOut(rows))
  const same = <T>(of: (one: Recorded) => T): T | undefined =>
    all.every((one) => canonicalJson(of(one) ?? null) === canonicalJson(of(first) ?? null)) ? of(first) : undefined
  const shared = Object.fromEntries(
    (['recording', 'seeds', 'times', 'by'] as const).flatMap((key) => {
      const value = same((one) => one[key])
      return value === undefined ? [] : [[key, value]]
    }),
  )
  return {
    kind: 'recorded',
    program: first.program,
    ...(first.data !== undefined && { data: first.data }),
    hardware: same((one) => one.hardware) ?? severalMachines(all),
    versions: severalVersions(all),
    from: all.map(({ from }) => from).sort()[0]!,
    to: all
      .map(({ to }) => to)
      .sort()
      .at(-1)!,
    workers: Math.max(...all.map(({ workers }) => workers)),
    ...shared,
    // No time is one of a shared device then, whatever the column `shared` says of how the curves were recorded.
    ...(all.every((one) => one['alone'] !== undefined) && { alone: 'in every part' }),
    trainings: rows.picks.length,
    parts: partsOf(parts),
    ...(warnings.length > 0 && { warnings: [...new Set(warnings)] }),
  }
}

/** Every table once; one that was merged itself stands for its own parts. */
function partsOf(parts: readonly MergePart[]): Part[] {
  const listed = parts.flatMap((part): readonly Part[] => {
    const { program: _program, kind: _kind, data, warnings: _warnings, parts: own, ...facts } = recordedProvenance(part)
    if (own !== undefined) return own
    const described = data?.['described']
    const { metadata, checksum: sha256, rows: trainings } = part.table
    return [{ ...facts, ...(described !== undefined && { described }), table: metadata.name, sha256, trainings }]
  })
  return [...new Map(listed.map((part) => [part.sha256, part])).values()]
}

/** Everything in text is listed; of numbers the largest. Which rows ran where is in the column `hardware`. */
function severalMachines(all: readonly Recorded[]): Recorded['hardware'] {
  const gpus = all.map(({ hardware }) => hardware['gpu']).filter((gpu) => gpu !== undefined)
  return {
    cpu: distinct(all.map(({ hardware }) => hardware.cpu)).join('; '),
    cores: Math.max(...all.map(({ hardware }) => hardware.cores)),
    memoryGiB: Math.max(...all.map(({ hardware }) => hardware.memoryGiB)),
    platform: distinct(all.map(({ hardware }) => hardware.platform)).join('; '),
    ...(gpus.length > 0 && { gpu: distinct(gpus.map(String)).join('; ') }),
  }
}

/** Of each library all its versions, in the order of the parts. */
function severalVersions(all: readonly Recorded[]): Record<string, string> {
  const names = distinct(all.flatMap(({ versions }) => Object.keys(versions)))
  return Object.fromEntries(
    names.map((name) => [name, distinct(all.flatMap(({ versions }) => versions[name]?.split(', ') ?? [])).join(', ')]),
  )
}

/** Versions, descriptions of the data and seeds that are not the same in all parts. */
function differences(all: readonly Recorded[]): string[] {
  const warnings = all.flatMap(({ warnings: own }) => own ?? [])
  const names = distinct(all.flatMap(({ versions }) => Object.keys(versions)))
  const changed = names.filter((name) => distinct(all.map(({ versions }) => versions[name] ?? 'none')).length > 1)
  if (changed.length > 0)
    warnings.push(
      `the parts were recorded with different versions: ${changed
        .map((name) => `${name} ${distinct(all.map(({ versions }) => versions[name] ?? 'none')).join(' and ')}`)
        .join(', ')}`,
    )
  if (distinct(all.map(({ data }) => canonicalJson(data?.['described'] ?? null))).length > 1)
    warnings.push('the program described its data or device differently in the parts')
  const seeds = all.map((one) => one['seeds']).filter((one): one is unknown[] => Array.isArray(one))
  const paired = seeds.every((one) => one.every((seed, i) => i >= seeds[0]!.length || seed === seeds[0]![i]))
  if (!paired) warnings.push('the parts were trained with different seeds, so repetitions are not paired across them')
  return warnings
}

/** Where a value of a choice was recorded on some hardware only, its times say as much about the machine. */
function confounded(parts: readonly MergePart[], picks: readonly Pick[], hardware: TextColumn | undefined): string[] {
  if (hardware === undefined) return []
  const machines = new Set(hardware.values).size
  const choices = Object.entries(parts[0]!.table.metadata.space).filter(([, { type }]) => type === 'choice')
  return choices.flatMap(([name]) => {
    const seen = new Map<string, Set<number>>()
    for (const [i, { part, row }] of picks.entries()) {
      const value = String(valueAt(parts[part]!.table, name, row))
      seen.set(value, (seen.get(value) ?? new Set()).add(hardware.values[i]!))
    }
    const bound = [...seen].filter(([, on]) => on.size < machines).map(([value]) => value)
    return bound.length === 0
      ? []
      : [`times of different ${name} are not comparable: ${bound.join(', ')} ran on some of the hardware only`]
  })
}

function valueAt(table: TableData, name: string, row: number): unknown {
  const column = table.hyperparameters[name]!
  const cell = column.values[row]!
  return column.kind === 'text' ? column.dictionary[cell] : column.kind === 'bool' ? cell === 1 : cell
}

function leftOut({ passedOver, renumbered }: UnitedRows): string[] {
  return [
    ...(passedOver === 0
      ? []
      : [`${passedOver} trainings were left out because an earlier part has others in their place`]),
    ...(renumbered === 0 ? [] : [`${renumbered} trainings have another repetition than in their part`]),
  ]
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

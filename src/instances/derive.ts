/** Derives a table with modelled instance types from a recorded one. Rows are not copied. */
import { createHash } from 'node:crypto'
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { COST, type InstanceTypes } from '../surrogates/instance-factor.js'
import { type Provenance, RESERVED_COLUMNS, type TableMetadata, parseTableMetadata } from '../surrogates/metadata.js'
import type { TableData } from '../surrogates/table-data.js'
import { TIME_UNITS } from '../surrogates/time-units.js'
import { FAMILY_GHZ, FAMILY_GPU } from './published.js'
import { type PriceList, familyOf, priceOf } from './price-list.js'
import { type RecordedHardware, type SpeedModel, speedModel } from './speed.js'

export interface DeriveOptions {
  /** Must contain `modelled`, as lists and pictures are labelled with it. Default: the recorded one's with `-modelled-instances`. */
  readonly name?: string
  readonly description?: string
  /** Names of types; the first is the default. */
  readonly instances?: readonly string[]
  /** All types of the price list in these families, after `instances`. */
  readonly families?: readonly string[]
  /** Default `m5`. */
  readonly recordedAs?: string
  /** Default 0: more cores change nothing. */
  readonly parallelFraction?: number
  /** Seconds before training begins, by type: instead of what was recorded, divided by the speed. */
  readonly startupSeconds?: Readonly<Record<string, number>>
}

export interface Derived {
  readonly data: TableData
  /** What is not known, one sentence each. */
  readonly warnings: readonly string[]
}

const HYPERPARAMETER = 'instance_type'

/**
 * The recorded table with one more hyperparameter, `instance_type`. A type of which no figure is published is taken to be
 * as fast as the recorded machine and has no cost, and one that is not in the price list has none either: both are warnings.
 *
 * @throws BenchError if the table says nothing about its hardware, or types do not fit it
 */
export function deriveInstances(base: TableData, prices: PriceList, options: DeriveOptions): Derived {
  const { metadata } = base
  refuseSeveral(base)
  const model = modelFor(metadata, options)
  const warnings: string[] = []
  const unknown: string[] = []
  const types: InstanceTypes['types'] = []
  for (const name of namesOf(prices, options)) {
    refuseOtherKind(name, prices, model, metadata)
    const known = prices.types.find((type) => type.name === name)
    const speed = model.speedOf({ name, vcpus: known?.vcpus })
    if (typeof speed === 'string') {
      warnings.push(`${name}: ${speed}, so it is taken to be as fast as the recorded machine and its cost is unknown`)
      unknown.push(name)
      types.push({ name, speed: 1, usdPerHour: null })
      continue
    }
    const usdPerHour = priceOf(prices, name)
    if (usdPerHour === null) warnings.push(`${name}: no price is known (${prices.source}), so its cost is unknown`)
    const startupSeconds = options.startupSeconds?.[name]
    types.push({ name, speed, usdPerHour, ...(startupSeconds !== undefined && { startupSeconds }) })
  }
  const { pricePerHour: _price, ...rest } = metadata
  const derived = {
    ...rest,
    name: nameOf(metadata, options),
    description:
      options.description ?? `${metadata.description}${metadata.description ? '; ' : ''}modelled instance types`,
    instances: { hyperparameter: HYPERPARAMETER, types, scaled: scaledMetrics(metadata) },
    provenance: provenanceOf(base, prices, model, options, unknown),
  }
  const checked = parseTableMetadata(derived, derived.name)
  const checksum = createHash('sha256')
    .update(JSON.stringify([base.checksum, checked]))
    .digest('hex')
  return { data: { ...base, metadata: checked, checksum }, warnings }
}

/** The name goes into every table, list and picture, so it says that the instance types are modelled. */
function nameOf(metadata: TableMetadata, { name = `${metadata.name}-modelled-instances` }: DeriveOptions): string {
  if (!name.includes('modelled'))
    throw invalid(
      'the name',
      name,
      'must contain "modelled", as pictures are labelled with it',
      `e.g. ${name}-modelled`,
    )
  return name
}

/** A speed is relative to one machine. */
function refuseSeveral({ metadata, hardware }: TableData): void {
  if (hardware === undefined) return
  const machines = new Set(Array.from(hardware.values, (code) => hardware.dictionary[code]!))
  if (machines.size > 1)
    throw new BenchError(
      `the trainings of the table ${show(metadata.name)} ran on different hardware (${[...machines].join('; ')}), so no ` +
        'other can be modelled from it; derive from a table of one machine',
    )
}

function modelFor(metadata: TableMetadata, options: DeriveOptions): SpeedModel {
  const { name, space, metrics, provenance, instances } = metadata
  if (instances !== undefined)
    throw new BenchError(`the table ${show(name)} has instance types already; derive from the recorded table`)
  if ([...RESERVED_COLUMNS, ...Object.keys(space), ...Object.keys(metrics)].includes(HYPERPARAMETER))
    throw new BenchError(`the table ${show(name)} has a column ${show(HYPERPARAMETER)} already`)
  if (COST in metrics)
    throw new BenchError(
      `the table ${show(name)} has a metric ${show(COST)} of its own, which would hide the modelled one`,
    )
  const hardware = hardwareOf(provenance)
  if (hardware === undefined)
    throw new BenchError(
      `the table ${show(name)} is ${provenance.kind} and says nothing about the machine it was recorded on, so no other can be modelled`,
    )
  const { recordedAs = 'm5', parallelFraction = 0 } = options
  if (!(parallelFraction >= 0 && parallelFraction <= 1))
    throw invalid('--parallel-fraction', parallelFraction, 'must be a number from 0 to 1')
  return speedModel(hardware, { recordedAs, parallelFraction })
}

/** The machine that a table was recorded on, if the table says so. */
function hardwareOf(provenance: Provenance): RecordedHardware | undefined {
  const hardware = provenance['hardware'] as Partial<RecordedHardware> | undefined
  if (typeof hardware?.cpu !== 'string' || typeof hardware.cores !== 'number') return undefined
  const { cpu, cores, gpu } = hardware
  return { cpu, cores, ...(typeof gpu === 'string' && { gpu }) }
}

function namesOf({ types }: PriceList, { instances = [], families = [] }: DeriveOptions): string[] {
  const known = [...new Set(types.map(({ name }) => familyOf(name)))]
  for (const family of families)
    if (!known.includes(family))
      throw new BenchError(`--families: the price list has no family ${show(family)}${suggestion(family, known)}`)
  const ofFamilies = families.flatMap((family) => types.filter(({ name }) => familyOf(name) === family))
  const names = [...new Set([...instances, ...ofFamilies.map(({ name }) => name)])]
  if (names.length === 0) throw new BenchError('name instance types: --instances a,b or --families m5,c5')
  return names
}

/** Nothing measured on processors says how fast a GPU would be, nor the other way round. */
function refuseOtherKind(name: string, { types }: PriceList, model: SpeedModel, metadata: TableMetadata): void {
  const family = familyOf(name)
  const gpus = types.find((type) => type.name === name)?.gpus
  const kind =
    gpus !== undefined
      ? gpus > 0
        ? 'GPU'
        : 'CPU'
      : family in FAMILY_GPU
        ? 'GPU'
        : family in FAMILY_GHZ
          ? 'CPU'
          : undefined
  if (kind !== undefined && kind !== model.kind)
    throw new BenchError(
      `${name} is a ${kind} type, but the table ${show(metadata.name)} was recorded on a ${model.kind}, which says nothing ` +
        `about it; choose ${model.kind} types`,
    )
}

function scaledMetrics({ name, metrics }: TableMetadata): string[] {
  const times = Object.entries(metrics).filter(([, { unit }]) => TIME_UNITS.has(unit))
  const curve = times.find(([, { kind }]) => kind === 'curve')
  if (curve !== undefined)
    throw new BenchError(
      `the table ${show(name)} has a learning curve ${show(curve[0])} in ${curve[1].unit}, which cannot be scaled to other machines`,
    )
  return times.map(([metric]) => metric)
}

/** @param unknown types of which no speed is known */
function provenanceOf(
  base: TableData,
  prices: PriceList,
  model: SpeedModel,
  options: DeriveOptions,
  unknown: readonly string[],
): Provenance {
  const { name, provenance } = base.metadata
  return {
    kind: 'modelled',
    from: name,
    rule:
      unknown.length === 0
        ? model.rule
        : `${model.rule} Not known, so taken to be as fast as the recorded machine and without a cost: ${unknown.join(', ')}.`,
    parallelFraction: options.parallelFraction ?? 0,
    figures: model.figures,
    prices: { source: prices.source, date: prices.date },
    base: { sha256: base.checksum, provenance },
  }
}

/** Derives a table with modelled instance types from a recorded one. Rows are not copied. */
import { createHash } from 'node:crypto'
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { COST, type InstanceTypes } from '../surrogates/instance-factor.js'
import { type Provenance, RESERVED_COLUMNS, type TableMetadata, parseTableMetadata } from '../surrogates/metadata.js'
import type { TableData } from '../surrogates/table-data.js'
import { TIME_UNITS } from '../surrogates/time-units.js'
import { FAMILY_GHZ, FAMILY_GPU, FIGURES_NOTED, lookUp } from './published.js'
import { type PriceList, familyOf, priceOf } from './price-list.js'
import { type RecordedHardware, type SpeedModel, speedModel } from './speed.js'

export interface DeriveOptions {
  /** Must contain the word `modelled`, as lists and pictures are labelled with it. Default: the recorded one's with `-modelled`. */
  readonly name?: string
  readonly description?: string
  /** Names of types; the first is the default. */
  readonly instances?: readonly string[]
  /** All types of the price list in these families, after `instances`. */
  readonly families?: readonly string[]
  /** The CPU family, default `m5`, or the GPU that the recorded machine is taken to equal. */
  readonly recordedAs?: string
  /** Default 0: more cores change nothing. */
  readonly parallelFraction?: number
  /** Seconds before training begins, by type: instead of what was recorded, divided by the speed. */
  readonly startupSeconds?: Readonly<Record<string, number>>
}

export interface Derived {
  readonly data: TableData
  /** What is not known of types, one sentence each. */
  readonly unknown: readonly string[]
  /** That and what else a reader should know, one sentence each. */
  readonly warnings: readonly string[]
}

/** Programs whose trainings have one thread, so that more cores change nothing. */
const ONE_THREAD = ['trainer/ngram']

const HYPERPARAMETER = 'instance_type'

/**
 * The recorded table with one more hyperparameter, `instance_type`. A type of which no figure is published is taken to be
 * as fast as the recorded machine, and one whose price is not known has no cost: both are warnings.
 *
 * @throws BenchError if the table says nothing about its hardware, or types do not fit it
 */
export function deriveInstances(base: TableData, prices: PriceList, options: DeriveOptions): Derived {
  const { metadata } = base
  refuseSeveral(base)
  const model = modelFor(metadata, options)
  const names = namesOf(prices, options)
  const noSpeed: string[] = []
  const unknown: string[] = []
  const types = names.map((name): InstanceTypes['types'][number] => {
    refuseOtherKind(name, prices, model, metadata)
    const speed = model.speedOf({ name, vcpus: prices.types.find((type) => type.name === name)?.vcpus })
    const usdPerHour = priceOf(prices, name)
    if (typeof speed === 'string') {
      unknown.push(`${name}: ${speed}, so it is taken to be as fast as the recorded machine`)
      noSpeed.push(name)
    }
    if (usdPerHour === null) unknown.push(`${name}: no price is known (${prices.source}), so its cost is unknown`)
    const startupSeconds = lookUp(options.startupSeconds ?? {}, name)
    return {
      name,
      speed: typeof speed === 'string' ? 1 : speed,
      usdPerHour,
      ...(startupSeconds !== undefined && { startupSeconds }),
    }
  })
  const doubts = doubtsOf(metadata, model, options)
  const { pricePerHour: _price, ...rest } = metadata
  const derived = {
    ...rest,
    name: nameOf(metadata, options),
    description:
      options.description ?? `${metadata.description}${metadata.description ? '; ' : ''}modelled instance types`,
    instances: { hyperparameter: HYPERPARAMETER, types, scaled: scaledMetrics(metadata) },
    provenance: provenanceOf(base, prices, model, options, { noSpeed, doubts, names }),
  }
  const checked = parseTableMetadata(derived, derived.name)
  const checksum = createHash('sha256')
    .update(JSON.stringify([base.checksum, checked]))
    .digest('hex')
  // What the rule was given is told from what it could have been given. No number rests on that, nor does the checksum.
  const provenance = { ...checked.provenance, inputs: inputsOf(model, names) }
  return {
    data: { ...base, metadata: { ...checked, provenance }, checksum },
    unknown,
    warnings: [...doubts, ...unknown],
  }
}

/** The published figures that the speeds rest on: that of the recorded machine first. */
function inputsOf({ figures, unit, reference, figureOf }: SpeedModel, names: readonly string[]): object {
  const used = new Set([reference, ...names.flatMap((name) => figureOf(familyOf(name)) ?? [])])
  return {
    unit,
    recordedAs: reference,
    noted: FIGURES_NOTED,
    figures: Array.from(used, (name) => ({ name, ...figures[name]! })),
  }
}

/** What the rule takes for granted although nobody said it of this program. */
function doubtsOf({ provenance }: TableMetadata, { kind }: SpeedModel, { parallelFraction }: DeriveOptions): string[] {
  const { name } = (provenance['program'] ?? {}) as { readonly name?: unknown }
  if (kind === 'GPU' || parallelFraction !== undefined || ONE_THREAD.includes(String(name))) return []
  return [
    `more cores are taken to change nothing, and it is not known that ${show(name ?? 'the program')} has one thread; ` +
      'if it has more, give --parallel-fraction',
  ]
}

/** The name goes into every table, list and picture, so it says that the instance types are modelled. */
function nameOf(metadata: TableMetadata, { name = `${metadata.name}-modelled` }: DeriveOptions): string {
  const says = /(?<![a-z])modelled(?![a-z])/i.test(name)
  const denies = /(?<![a-z])(no|non|not|never)[^a-z]*modelled/i.test(name)
  if (!says || denies)
    throw invalid(
      'the name',
      name,
      'must contain "modelled", as pictures are labelled with it',
      denies ? 'name it after what it holds, e.g. mine-modelled' : `e.g. ${name}-modelled`,
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
  const { recordedAs, parallelFraction = 0 } = options
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
      : lookUp(FAMILY_GPU, family) !== undefined
        ? 'GPU'
        : lookUp(FAMILY_GHZ, family) !== undefined
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

/** What was said about the types while they were modelled. */
interface Said {
  readonly names: readonly string[]
  /** Types of which no speed is known. */
  readonly noSpeed: readonly string[]
  readonly doubts: readonly string[]
}

function provenanceOf(
  base: TableData,
  prices: PriceList,
  model: SpeedModel,
  options: DeriveOptions,
  { names, noSpeed, doubts }: Said,
): Provenance {
  const { name, provenance } = base.metadata
  const dates = prices.types.flatMap((type) => (names.includes(type.name) && type.date ? [[type.name, type.date]] : []))
  return {
    kind: 'modelled',
    from: name,
    rule:
      noSpeed.length === 0
        ? model.rule
        : `${model.rule} Not known, so taken to be as fast as the recorded machine: ${noSpeed.join(', ')}.`,
    parallelFraction: options.parallelFraction ?? 0,
    figures: model.figures,
    prices: {
      source: prices.source,
      date: prices.date,
      ...(dates.length > 0 && { dates: Object.fromEntries(dates) as Record<string, string> }),
    },
    base: { sha256: base.checksum, provenance },
    ...(doubts.length > 0 && { warnings: doubts }),
  }
}

/** Trainings that an importer found as a table: space, default configuration, repetitions, times and columns. */
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { type Config, type Space, configKey, contains, describeDomain } from '../core/space.js'
import { FORMAT_VERSION, type TableMetadata, parseTableMetadata } from '../surrogates/metadata.js'
import { withRanges } from '../surrogates/metric-range.js'
import type { TableData } from '../surrogates/table-data.js'
import { tableChecksum } from '../surrogates/write.js'
import { fillColumns } from './columns.js'
import { checkReach } from './curve-lengths.js'
import type { FoundMetric, FoundTable, FoundTraining, ImportRequest } from './importer.js'
import { MIDDLE_RULE, inferDomain, middleConfig } from './infer-space.js'

/** More cells than this are not learning curves any more. */
const MOST_CELLS = 2 ** 28

/**
 * Makes the table. What the options say comes first, then the mapping, then what the files say.
 *
 * @param file what messages about the whole begin with
 * @throws BenchError, one line that says what is missing or does not fit, and what to write
 */
export function assembleTable(found: FoundTable, request: ImportRequest, file: string): TableData {
  const { mapping, options } = request
  if (found.trainings.length === 0) throw new BenchError(`${file}: holds no trainings; a table needs at least one`)
  const trainings = inOrder(found.trainings)
  const levels = trainings.reduce((most, training) => Math.max(most, training.levels), 0)
  if (levels === 0) throw new BenchError(`${file}: holds no training with a level; a table needs at least one`)
  if (trainings.length * levels > MOST_CELLS)
    throw new BenchError(
      `${file}: makes a table of ${trainings.length} rows of ${levels} levels; give at most ${MOST_CELLS} cells`,
    )
  const name = options.name ?? mapping.name ?? found.name ?? needed('name', file)
  const space = spaceOf(found, trainings, mapping.hyperparameters)
  checkConfigs(trainings, space)
  const secondsPerLevel = ruleOf(request) ?? found.secondsPerLevel
  if (secondsPerLevel === undefined && trainings.some(({ elapsed }) => elapsed === undefined))
    throw new BenchError(
      `${file}: has no times; give a rule with --seconds-per-level, e.g. --seconds-per-level 1 where only the order of ` +
        'levels matters',
    )
  const metrics = metricsOf(found.metrics, mapping.metrics, file)
  const curves = Object.keys(metrics).filter((name) => metrics[name]!.kind !== 'static')
  for (const training of trainings) checkReach(training, curves)
  const chosen = mapping.defaultConfig ?? found.defaultConfig
  const defaultConfig = chosen ?? middleOf(space, trainings, levels)
  // `bench show` and reports repeat them: what was not measured or published never reads as if it was.
  const warnings = [
    ...(secondsPerLevel === undefined ? [] : [`times are a rule, not measured: ${secondsPerLevel} seconds per level`]),
    ...(chosen === undefined ? [`the default configuration is ${MIDDLE_RULE}`] : []),
    ...(found.warnings ?? []),
  ]
  const metadata = parseTableMetadata(
    {
      formatVersion: FORMAT_VERSION,
      name,
      description: mapping.description ?? found.description,
      resource: { name: mapping.resource?.name ?? found.resource ?? mapping.resource?.column ?? 'level', levels },
      metrics,
      space,
      defaultConfig,
      provenance: {
        kind: 'imported',
        source: options.source ?? mapping.source ?? found.source ?? needed('source', file),
        licence: options.licence ?? mapping.licence ?? found.licence ?? needed('licence', file),
        sha256: found.sha256,
        ...found.notes,
        ...(warnings.length > 0 && { warnings }),
      },
      ...(secondsPerLevel !== undefined && {
        columnProvenance: {
          elapsed_time: { kind: 'modelled', from: name, rule: `${secondsPerLevel} seconds per level` },
        },
      }),
    },
    file,
  )
  const data = { metadata, checksum: '', ...fillColumns(trainings, metadata, secondsPerLevel) }
  const described = { ...data, metadata: withRanges(data) }
  return { ...described, checksum: tableChecksum(described) }
}

function needed(what: 'name' | 'source' | 'licence', file: string): never {
  const meaning = {
    name: 'what the table is called',
    source: 'where the numbers come from',
    licence: 'under which licence they may be used',
  }[what]
  throw new BenchError(`${file}: does not say ${meaning}; give --${what}, or ${show(what)} in the mapping`)
}

/** By configuration in the order of their first trainings, repetitions ascending and numbered 0, 1, 2, ... */
function inOrder(found: readonly FoundTraining[]): FoundTraining[] {
  const configurations = new Map<string, FoundTraining[]>()
  const keys = new Map<Config, string>()
  for (const training of found) {
    const key = keys.get(training.config) ?? configKey(training.config)
    keys.set(training.config, key)
    const others = configurations.get(key)
    if (others === undefined) configurations.set(key, [training])
    else others.push(training)
  }
  return [...configurations.values()].flatMap((same) =>
    same
      .sort((a, b) => a.repetition - b.repetition)
      .map((training, repetition) => Object.assign({}, training, { repetition })),
  )
}

/** The domain of every hyperparameter: the mapping's, else the published one, else inferred. @throws BenchError */
function spaceOf(
  found: FoundTable,
  trainings: readonly FoundTraining[],
  mapped: ImportRequest['mapping']['hyperparameters'],
): Space {
  const names = checkNames(trainings)
  for (const name of Object.keys(mapped))
    if (!names.includes(name))
      throw new BenchError(
        `mapping.hyperparameters: the files have no hyperparameter ${show(name)}${suggestion(name, names)}`,
      )
  const distinct = [...new Set(trainings.filter(({ repetition }) => repetition === 0))]
  const space: Record<string, Space[string]> = {}
  for (const name of names) {
    const values = (): (string | number | boolean)[] => distinct.map(({ config }) => config[name]!)
    space[name] = mapped[name]?.domain ?? found.space?.[name] ?? inferDomain(name, values())
  }
  return space
}

/** The hyperparameters, which every training must have. @throws BenchError with the place of the first that does not */
function checkNames(trainings: readonly FoundTraining[]): string[] {
  const names = Object.keys(trainings[0]!.config)
  for (const { config, place } of trainings) {
    const lost = names.find((name) => !Object.hasOwn(config, name))
    const odd = lost ?? Object.keys(config).find((name) => !names.includes(name))
    if (odd !== undefined)
      throw new BenchError(
        `${place(1)}: ${lost === undefined ? 'has' : 'lacks'} the hyperparameter ${show(odd)}, unlike the first training; give all the same`,
      )
  }
  return names
}

/** Every value lies in its domain. @throws BenchError with the place of the first that does not */
function checkConfigs(trainings: readonly FoundTraining[], space: Space): void {
  const domains = Object.entries(space)
  for (const { config, place } of trainings)
    for (const [name, domain] of domains)
      if (!contains(domain, config[name]))
        throw invalid(
          `${place(1)}: hyperparameter ${show(name)}`,
          config[name],
          `must be ${describeDomain(domain)}`,
          'give another domain in the mapping',
        )
}

/** What the files and the mapping say of the metrics. @throws BenchError naming those without a goal */
function metricsOf(
  found: Readonly<Record<string, FoundMetric>>,
  mapped: ImportRequest['mapping']['metrics'],
  file: string,
): TableMetadata['metrics'] {
  const names = Object.keys(found)
  for (const name of Object.keys(mapped))
    if (!names.includes(name))
      throw new BenchError(`mapping.metrics: the files have no metric ${show(name)}${suggestion(name, names)}`)
  const metrics = Object.fromEntries(
    names.map((name) => {
      const { column: _, ...said } = mapped[name] ?? {}
      return [name, Object.assign({}, found[name], said)]
    }),
  )
  const open = names.filter((name) => metrics[name]!.goal === undefined)
  if (open.length > 0)
    throw new BenchError(
      `${file}: does not say whether ${open.map((name) => show(name)).join(', ')} is to be small or large; say it in the ` +
        `mapping: {"metrics": {${open.map((name) => `${JSON.stringify(name)}: {"goal": "min"}`).join(', ')}}}, or "max" or "none"`,
    )
  return metrics as TableMetadata['metrics']
}

/** The rule in place of times, if there is one: the option's, else the mapping's. */
function ruleOf({ options, mapping: { elapsed } }: ImportRequest): number | undefined {
  if (options.secondsPerLevel !== undefined) return options.secondsPerLevel
  return elapsed !== undefined && 'secondsPerLevel' in elapsed ? elapsed.secondsPerLevel : undefined
}

/** A default where none is given: of the configurations trained to the end without diverging, else of all. */
function middleOf(space: Space, trainings: readonly FoundTraining[], levels: number): Config {
  const whole = trainings.filter(
    (training) =>
      training.levels === levels &&
      !Object.values(training.curves).some((curve) => Number.isNaN(curve[training.levels - 1])),
  )
  return middleConfig(
    space,
    (whole.length > 0 ? whole : trainings).map(({ config }) => config),
  )!
}

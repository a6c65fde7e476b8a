/** From what was asked for to a plan: the experiment is found and checked, its tables are read, its runs laid out. */
import { dirname, resolve } from 'node:path'
import { BenchError, show } from '../core/errors.js'
import type { Experiment } from '../core/experiment.js'
import type { Space } from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'
import { SurrogateTable } from '../surrogates/table.js'
import { findExperiment, importedTable, loadExperiment } from './catalogue.js'
import { openTable } from './open-table.js'
import { type Plan, checkExperiment, planExperiment } from './plan.js'

/** What of an experiment to run. */
export interface PlanOptions {
  /** How many seeds (0, 1, ...), or which. Default: what the experiment says, else 5. */
  readonly seeds?: number | readonly number[]
  /** Names or paths, instead of the experiment's tables. */
  readonly tables?: readonly string[]
  /** Only these methods of the experiment. */
  readonly methods?: readonly string[]
  /** How many trials run at a time, instead of what the experiment says. */
  readonly workers?: readonly number[]
  /** When a run ends, instead of what the experiment says. */
  readonly budget?: StopRule
}

/** A plan and the tables it is about. */
export interface PlannedExperiment {
  readonly plan: Plan
  readonly tables: readonly SurrogateTable[]
}

/**
 * @param experiment an experiment, the name of one that ships, or the path of a module that default-exports one
 * @param priced whether trials have prices of their own, so that a budget in dollars needs none of the table
 * @throws BenchError for bad input
 */
export async function planRun<S extends Space = Space>(
  experiment: Experiment<S> | string,
  options: PlanOptions,
  priced: boolean,
): Promise<PlannedExperiment> {
  // What is checked here on is not typed by its space any more.
  const given =
    typeof experiment === 'string' ? await loadExperiment(experiment) : (experiment as unknown as Experiment)
  const folder = typeof experiment === 'string' ? dirname(findExperiment(experiment)) : process.cwd()
  const checked = checkExperiment(given)
  const tables =
    options.tables === undefined
      ? readTables(checked.tables, folder, checked.imports)
      : readTables(options.tables, process.cwd())
  const plan = await planExperiment(given, tables, seedList(options.seeds ?? checked.seeds ?? 5), folder, {
    ...(options.methods && { methods: options.methods }),
    ...(options.workers && { workers: options.workers }),
    ...(options.budget && { budget: options.budget }),
    priced,
  })
  return { plan, tables }
}

/** 0..N-1, or the given seeds. @throws BenchError */
function seedList(seeds: number | readonly number[]): number[] {
  const list =
    typeof seeds === 'number' ? Array.from({ length: Math.max(0, Math.floor(seeds)) }, (_, i) => i) : [...seeds]
  if (list.length === 0) throw new BenchError(`seeds must name at least one seed, got ${show(seeds)}`)
  for (const seed of list)
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new BenchError(`seeds must be whole numbers from 0 on, got ${show(seed)}`)
  if (new Set(list).size < list.length) throw new BenchError(`seeds lists a seed twice: ${show(list)}`)
  return list
}

/**
 * Tables by name or path; paths are relative to `folder`.
 *
 * @param imports what {@link Experiment.imports} says
 * @throws BenchError
 */
export function readTables(
  names: readonly string[],
  folder: string,
  imports: Experiment['imports'] = {},
): SurrogateTable[] {
  const tables = names.map((name) => {
    if (Object.hasOwn(imports, name)) return new SurrogateTable(openTable(importedTable(name, imports[name]!)))
    const relative = /[/\\]/.test(name) || /\.(arrow|json)$/.test(name)
    return new SurrogateTable(openTable(relative ? resolve(folder, name) : name))
  })
  for (const [i, { name }] of tables.entries())
    if (tables.findIndex((other) => other.name === name) < i)
      throw new BenchError(`two tables have the same name ${show(name)}; name each once`)
  return tables
}

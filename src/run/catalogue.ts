/** What there is to run: the experiments, tables and recordings that ship, and how a user's own are found by path. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BenchError, messageOf, show } from '../core/errors.js'
import type { Experiment } from '../core/experiment.js'
import { suggestion } from '../core/nearest-name.js'
import type { Importer } from '../formats/importer.js'
import { codeRoot, packageRoot } from '../package.js'
import { type Recording, type RecordingDefinition, defineRecording } from '../record/recording.js'
import { importModule } from './import-module.js'

/** Something that can be named. */
export interface CatalogueEntry {
  readonly name: string
  readonly path: string
}

/** The experiments that ship. */
export function listExperiments(): CatalogueEntry[] {
  return modules(join(codeRoot, 'experiments')).map((file) => ({
    name: basename(file).replace(/\.[jt]s$/, ''),
    path: file,
  }))
}

/** The tables that ship: recorded ones, and those that are derived from them when they are opened. */
export function listTables(): CatalogueEntry[] {
  return subfolders(join(packageRoot, 'surrogates')).flatMap((folder) => {
    const files = [join(folder, `${basename(folder)}.arrow`), join(folder, 'derivation.json')]
    const path = files.find((file) => existsSync(file))
    return path === undefined ? [] : [{ name: basename(folder), path }]
  })
}

/** The recordings that ship: how each table was made, and what its program is. */
export function listRecordings(): CatalogueEntry[] {
  return subfolders(join(codeRoot, 'surrogates')).flatMap((folder) =>
    modules(folder)
      .filter((file) => /^recording\.[jt]s$/.test(basename(file)))
      .map((path) => ({ name: basename(folder), path })),
  )
}

/** The path of a table given by name or path: an .arrow file, or a derivation (.json). @throws BenchError with the nearest name */
export function findTable(nameOrPath: string): string {
  return find(nameOrPath, listTables(), 'table', /\.(arrow|json)$/)
}

/**
 * The path of a table that does not ship, and that the user imports: `NAME.arrow` in the current directory.
 *
 * @param command what makes it
 * @throws BenchError with the command where it is not there
 */
export function importedTable(name: string, command: string): string {
  const path = resolve(`${name}.arrow`)
  if (!existsSync(path))
    throw new BenchError(
      `the table ${show(name)} does not ship, and there is no ${name}.arrow here; make it: ${command} (or name tables ` +
        'of yours with --tables)',
    )
  return path
}

/** An experiment by name or by the path of a module that default-exports one. @throws BenchError */
export async function loadExperiment(nameOrPath: string): Promise<Experiment> {
  return (await loadDefault(findExperiment(nameOrPath), 'experiment')) as Experiment
}

/** The module of an experiment given by name or path. @throws BenchError with the nearest name */
export function findExperiment(nameOrPath: string): string {
  return find(nameOrPath, listExperiments(), 'experiment', /\.[cm]?[jt]s$/)
}

/** A recording by name or by the path of a module that default-exports one. @throws BenchError */
export async function loadRecording(nameOrPath: string): Promise<Recording> {
  const path = find(nameOrPath, listRecordings(), 'recording', /\.[cm]?[jt]s$/)
  // Also where the module says so itself: a plain object lacks what is filled in, and nobody has looked at it.
  return defineRecording((await loadDefault(path, 'recording')) as RecordingDefinition)
}

/** An importer of one's own by the path of a module that default-exports it. @throws BenchError */
export async function loadImporter(path: string): Promise<Importer> {
  const importer = (await loadDefault(find(path, [], 'importer', /\.[cm]?[jt]s$/), 'importer')) as Importer
  if (typeof importer.read !== 'function')
    throw new BenchError(`${path} must default-export an importer; see defineImporter`)
  return importer
}

function find(nameOrPath: string, known: readonly CatalogueEntry[], kind: string, ending: RegExp): string {
  const entry = known.find(({ name }) => name === nameOrPath)
  if (entry !== undefined) return entry.path
  if (!ending.test(nameOrPath) && !/[/\\]/.test(nameOrPath)) {
    const names = known.map(({ name }) => name)
    throw new BenchError(`unknown ${kind} ${show(nameOrPath)}${suggestion(nameOrPath, names)}`)
  }
  const path = resolve(nameOrPath)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new BenchError(`there is no ${kind} file ${show(nameOrPath)}; "bench list" shows the ${kind}s that ship`)
  return path
}

async function loadDefault(path: string, kind: string): Promise<unknown> {
  let module: { default?: unknown }
  try {
    module = await importModule(pathToFileURL(path).href)
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw new BenchError(`the ${kind} ${path} cannot be loaded: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}`, {
      cause: error,
    })
  }
  if (module.default === null || typeof module.default !== 'object')
    throw new BenchError(`${path} must default-export ${/^[ei]/.test(kind) ? 'an' : 'a'} ${kind}`)
  return module.default
}

function modules(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
    .sort()
    .map((file) => join(folder, file))
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()
}

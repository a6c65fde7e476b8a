/** What a tuner on SageMaker needs, in one archive: this package, the experiment, the training program, the configuration. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, parse, relative } from 'node:path'
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { type PackedSource, packFiles, sourceFiles } from '../../backends/sagemaker/source.js'
import type { TarFile } from '../../backends/sagemaker/tar.js'
import { lendPackage } from './lend-package.js'
import { moduleFiles } from './module-files.js'
import { productFiles } from './product-files.js'
import { RUN_FOLDER, SCRIPT } from './tuner-request.js'

/** What is run in the container. */
export interface LaunchedRun {
  /** A name, or the absolute path of a module. */
  readonly experiment: string
  /** Absolute paths of modules and tables that the experiment names by path. */
  readonly needs: readonly string[]
  /** Tables instead of the experiment's: names, or absolute paths. */
  readonly tables: readonly string[] | undefined
  /** Further options of `bench run`. */
  readonly options: readonly string[]
  readonly config: SageMakerConfig
  readonly experimentId: string
}

const EXPERIMENT = 'experiment'
const SOURCE = 'source'
const CONFIG = 'sagemaker.json'
const PRICES = 'prices'

/** @throws BenchError for what cannot be packed */
export function launchArchive(run: LaunchedRun): PackedSource {
  const { config } = run
  const tables = run.tables ?? []
  const own = moduleFiles([run.experiment, ...run.needs, ...tables].filter((one) => isAbsolute(one)))
  const root = commonFolder(own)
  const place = (path: string): string => `${EXPERIMENT}/${relative(root, path).replaceAll('\\', '/')}`
  const placed = (one: string): string => (isAbsolute(one) ? place(one) : one)
  const words = [
    placed(run.experiment),
    ...(run.tables === undefined ? [] : ['--tables', tables.map(placed).join(',')]),
    ...run.options,
  ]
  return packFiles([
    ...own.map((path) => ({ path: place(path), content: readFileSync(path), executable: false })),
    ...(own.length > 0 ? [textFile(`${EXPERIMENT}/package.json`, moduleKind(own[0]!))] : []),
    ...sourceFiles(config.source).map(({ path, content, executable }) => ({
      path: `${SOURCE}/${path}`,
      content,
      executable,
    })),
    ...(config.prices === undefined ? [] : [textFile(pricesAt(config.prices), readFileSync(config.prices, 'utf8'))]),
    textFile(CONFIG, `${JSON.stringify(configInside(run), null, 2)}\n`),
    textFile(SCRIPT, script(words)),
    ...productFiles(lendPackage),
  ])
}

/** By the name of a list its prices are known where a run goes on. */
function pricesAt(path: string): string {
  return `${PRICES}/${basename(path)}`
}

/** The configuration as the tuner reads it. Values of the environment are not in it: the tuner's job gets them as its own. */
function configInside({ config, experimentId }: LaunchedRun): object {
  const { environment, environmentFrom, launch: _launch, ...rest } = config
  return {
    ...rest,
    source: SOURCE,
    environment: {},
    environmentFrom: Object.keys(environment),
    environmentKept: Object.keys(environment).filter((name) => !environmentFrom.includes(name)),
    experimentId,
    ...(config.prices !== undefined && { prices: pricesAt(config.prices) }),
  }
}

/**
 * Goes on with the run that is there, if there is one. A lock is of a tuner whose machine is gone: there is never more than
 * one job that keeps this folder.
 */
function script(words: readonly string[]): string {
  const typed = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  return `#!/bin/sh
set -e
cd "$(dirname "$0")"
out=$1/${RUN_FOLDER}
find "$1" -name '*.lock' -exec rm -f {} +
set -- run ${typed} --backend sagemaker --config ${CONFIG} --yes
if [ -f "$out/manifest.json" ]; then set -- "$@" --resume; fi
exec node node_modules/rungbench/dist/src/cli/bench.js "$@" --out "$out"
`
}

/** Whether files ending in .ts and .js are modules is said by the nearest package.json. */
function moduleKind(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path)) {
      const { type } = JSON.parse(readFileSync(path, 'utf8')) as { type?: string }
      return JSON.stringify(type === undefined ? {} : { type })
    }
    if (dirname(folder) === folder) return '{}'
  }
}

/** The deepest folder that all files are in. */
function commonFolder(files: readonly string[]): string {
  if (files.length === 0) return parse(process.cwd()).root
  let folder = dirname(files[0]!)
  while (!files.every((file) => file.startsWith(join(folder, '/')))) folder = dirname(folder)
  return folder
}

function textFile(path: string, text: string): TarFile {
  return { path, content: Buffer.from(text), executable: false }
}

/** Who may import whom: read off the source, so that a wrong import fails here before it becomes a habit. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  readonly from: string
  /** A path from the root, `node:...`, or the name of a package. */
  readonly to: string
  readonly typeOnly: boolean
  /** `import(...)`: loaded when that line runs. */
  readonly later: boolean
}

const files = ['src', 'experiments', 'surrogates', 'trainer'].flatMap((folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts'))
        .map((file) => join(folder, file).replaceAll('\\', '/'))
    : [],
)

/** The code of a file without its comments; strings stay. */
function code(file: string): string {
  const text = readFileSync(join(root, file), 'utf8')
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1')
}

const PATTERN =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w$*{][^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

function importsOf(file: string): Import[] {
  return [...code(file).matchAll(PATTERN)].map(([, type, from, dynamic]) => {
    const given = (from ?? dynamic)!
    const to = given.startsWith('.')
      ? relative(root, join(root, dirname(file), given))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : given
    return { from: file, to, typeOnly: type !== undefined, later: from === undefined }
  })
}

const imports = files.flatMap(importsOf)

/** The layer of a file: the longest of these that its path begins with. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/core': ['zod', 'seedrandom'],
  'src/files': ['src/core', 'node'],
  'src/surrogates': ['src/core', 'src/files', 'apache-arrow', 'zod', 'node'],
  'src/formats': [
    'src/core',
    'src/files',
    'src/surrogates',
    'hyparquet',
    'hyparquet-compressors',
    'hyparquet-writer',
    'zod',
    'node',
  ],
  'src/backends/simulated': ['src/core', 'src/surrogates', 'zod'],
  'src/instances': ['src/core', 'src/surrogates', 'zod', 'node'],
  'src/backends/real-time': ['src/core'],
  'src/backends/local': ['src/core', 'src/backends/real-time', 'zod', 'node'],
  'src/backends/sagemaker': [
    'src/core',
    'src/backends/real-time',
    '@aws-sdk/client-sagemaker',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-cloudwatch-logs',
    'zod',
    'node',
  ],
  'src/store': ['src/core', 'apache-arrow', 'zod', 'node'],
  'src/record': [
    'src/core',
    'src/surrogates',
    'src/store',
    'src/backends/real-time',
    'src/backends/local',
    'zod',
    'node',
  ],
  // Of vega-lite the types of specifications only.
  'src/report': ['src/core', 'src/store', 'cli-table3', 'picocolors', 'vega-lite', 'zod'],
  'src/package.ts': ['node'],
  'src/publish': [
    'src/package.ts',
    'src/core',
    'src/files',
    'src/store',
    'src/report',
    'vega',
    'vega-lite',
    '@resvg/resvg-js',
    'node',
  ],
  'src/run': [
    'src/package.ts',
    'src/core',
    'src/files',
    'src/surrogates',
    'src/instances',
    'src/store',
    'src/backends/simulated',
    'src/backends/local',
    'src/backends/real-time',
    'src/backends/sagemaker',
    'src/formats',
    'src/record',
    'piscina',
    'tsx',
    'zod',
    'node',
  ],
  'src/testing/vitest.ts': ['src/testing', 'src/core', 'vitest'],
  'src/testing': [
    'src/core',
    'src/surrogates',
    'src/store',
    'src/backends/simulated',
    'src/run',
    'fast-check',
    'zod',
    'node',
  ],
  'src/cli': [
    'src/package.ts',
    'src/testing',
    'src/core',
    'src/files',
    'src/surrogates',
    'src/formats',
    'src/instances',
    'src/store',
    'src/backends/simulated',
    'src/backends/local',
    'src/record',
    'src/report',
    'src/publish',
    'src/run',
    'commander',
    'picocolors',
    'zod',
    'node',
  ],
  'src/index.ts': [
    'src/core',
    'src/surrogates',
    'src/formats',
    'src/instances',
    'src/store',
    'src/record',
    'src/report',
    'src/publish',
    'src/run',
  ],
  // A recording's space is also that of the experiments on its tables.
  experiments: ['src/core', 'surrogates'],
  surrogates: ['src/package.ts', 'src/core', 'src/record', 'node'],
  trainer: ['node'],
}

function layerOf(path: string): string {
  const layer = Object.keys(LAYERS).find((name) => path === name || path.startsWith(`${name}/`))
  if (layer !== undefined) return layer
  if (isBuiltin(path)) return 'node'
  return path.startsWith('@') ? path.split('/').slice(0, 2).join('/') : path.split('/')[0]!
}

describe('imports', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(60)
    expect(imports.length).toBeGreaterThan(200)
    expect(importsOf('src/run/execute.ts').map(({ to }) => to)).toContain('src/run/pool.ts')
    const unknown = imports.filter(
      ({ to }) => /^(src|trainer|experiments|surrogates)\//.test(to) && !files.includes(to),
    )
    expect(unknown).toEqual([])
  })

  it.each(Object.keys(LAYERS))('of %s go in the allowed directions only', (layer) => {
    const wrong = imports
      .filter(
        ({ from, to }) => layerOf(from) === layer && layerOf(to) !== layer && !LAYERS[layer]!.includes(layerOf(to)),
      )
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(wrong).toEqual([])
  })

  it('every file is in a layer', () => {
    expect(files.filter((file) => !(layerOf(file) in LAYERS))).toEqual([])
  })

  it.each([
    ['fast-check', /^src\/testing\/laws\//],
    ['vitest', /^src\/testing\/vitest\.ts$/],
    ['piscina', /^src\/run\/(pool|worker)\.ts$/],
    ['apache-arrow', /^src\/(surrogates|store)\//],
    ['hyparquet', /^src\/formats\/parquet-file\.ts$/],
    ['hyparquet-writer', /^src\/formats\/parquet-writer\.ts$/],
    ['hyparquet-compressors', /^src\/formats\/parquet-file\.ts$/],
    ['seedrandom', /^src\/core\/random\.ts$/],
    ['commander', /^src\/cli\//],
    ['picocolors', /^src\/(cli|report)\//],
    ['cli-table3', /^src\/report\//],
    ['vega-lite', /^src\/(report\/charts|publish)\//],
    ['vega', /^src\/publish\/pictures\.ts$/],
    ['@resvg/resvg-js', /^src\/publish\/pictures\.ts$/],
    ['tsx', /^src\/run\/import-module\.ts$/],
    ['@aws-sdk/client-sagemaker', /^src\/backends\/sagemaker\/(clients|services)\.ts$/],
    ['@aws-sdk/client-s3', /^src\/backends\/sagemaker\/(clients|services)\.ts$/],
    ['@aws-sdk/client-cloudwatch-logs', /^src\/backends\/sagemaker\/(clients|services)\.ts$/],
    ['node:child_process', /^src\/(backends\/local\/|cli\/open\.ts$|run\/launch\/lend-package\.ts$)/],
    ['node:worker_threads', /^src\/run\/worker\.ts$/],
  ])('%s enters only where it belongs', (name, allowed) => {
    const users = imports.filter(({ to }) => to === name || to.startsWith(`${name}/`)).map(({ from }) => from)
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter((file) => !allowed.test(file))).toEqual([])
  })

  it('of vega-lite in reports are types: a run does not load it', () => {
    const users = imports.filter(({ from, to }) => to === 'vega-lite' && from.startsWith('src/report/'))
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter(({ typeOnly }) => !typeOnly)).toEqual([])
  })

  it('never go round in a circle', () => {
    const targets = new Map<string, string[]>()
    for (const { from, to, typeOnly } of imports) if (!typeOnly) targets.set(from, [...(targets.get(from) ?? []), to])
    const done = new Set<string>()
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`a circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`)
      if (done.has(file)) return
      for (const to of targets.get(file) ?? []) visit(to, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(done.size).toBeGreaterThanOrEqual(files.length)
  })

  it('load little when the command starts: what is heavy waits until a command needs it', () => {
    const atOnce = new Set(['src/cli/bench.ts', 'src/cli/main.ts', 'src/cli/terminal.ts'])
    for (const file of atOnce)
      for (const { from, to, typeOnly, later } of imports) if (from === file && !typeOnly && !later) atOnce.add(to)
    expect(atOnce).toContain('src/cli/commands/run.ts')
    const packages = [...atOnce].filter((to) => !to.startsWith('src/') && !to.startsWith('node:'))
    expect(packages.toSorted()).toEqual(['commander', 'picocolors'])
  })

  it('name files as they are called once built, and Node by node:', () => {
    const wrong = files
      .flatMap((file) => [...code(file).matchAll(PATTERN)].map(([, , from, dynamic]) => `${file}: ${from ?? dynamic}`))
      .filter((text) =>
        /: \.[^ ]*$/.test(text)
          ? !/\.[cm]?js$/.test(text)
          : isBuiltin(text.split(': ')[1]!) && !text.includes(': node:'),
      )
    expect(wrong).toEqual([])
  })
})

describe('what decides results', () => {
  const pure = files.filter((file) => /^src\/(core|surrogates|backends\/simulated)\//.test(file))

  it.each(['Math.random', 'Date.now', 'new Date', 'performance.now', 'process.env', 'process.hrtime', 'crypto.random'])(
    'does not depend on %s',
    (name) => {
      expect(pure.length).toBeGreaterThan(30)
      expect(pure.filter((file) => code(file).includes(name))).toEqual([])
    },
  )

  it('waits for nothing: the core and the simulator are synchronous but for the real-time driver', () => {
    const waiting = files.filter(
      (file) => /^src\/(core|backends\/simulated)\//.test(file) && /\bawait\b|\basync\b|setTimeout/.test(code(file)),
    )
    expect(waiting).toEqual(['src/core/drive.ts'])
  })
})

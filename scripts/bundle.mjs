// Puts the modules of the product together into few files: to find, open and link a module costs Node a millisecond, and a run
// needs 500. Entries keep their places below dist/, what they share goes into dist/chunks/, so that the command, its worker
// threads, `rungbench` and `rungbench/testing` all have the same instances of everything.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename } from 'node:path'
import { rolldown } from 'rolldown'

const PRODUCT = [
  'src/cli/bench.ts',
  'src/run/worker.ts',
  'src/index.ts',
  'src/testing/index.ts',
  'src/testing/vitest.ts',
  ...modulesIn('experiments'),
  ...modulesIn('surrogates').filter((file) => basename(file) === 'recording.ts'),
]
/** Not published; here to run on the product as it is built. */
const DEVELOPMENT = [...modulesIn('benchmarks'), 'test/built.ts', 'test/built-rates.ts']

/**
 * What is loaded together is one file, with all that it needs; a module that several of these need is in the first of them.
 * The rest is split by use.
 */
const TOGETHER = {
  // Answers Ctrl-C while the others load.
  'early-interrupt': ['src/cli/early-interrupt'],
  command: ['src/cli/main', 'src/cli/terminal'],
  table: ['src/surrogates/table', 'src/surrogates/read', 'src/run/catalogue'],
  run: ['src/run/run-experiment', 'src/run/run-batch', 'surrogates/ngram', 'surrogates/minilm'],
  report: ['src/publish/write-report', 'src/report/tables', 'src/report/result-document'],
}

/** Packages that go into the bundle, with what they need; all others are loaded from where they are installed. */
const BUNDLED = ['apache-arrow', 'cli-table3', 'commander', 'picocolors', 'seedrandom', 'zod']

const { dependencies, devDependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const installed = ['rungbench', ...Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })].filter(
  (name) => !BUNDLED.includes(name),
)

export async function bundle() {
  const build = await rolldown({
    input: Object.fromEntries([...PRODUCT, ...DEVELOPMENT].map((file) => [file.replace(/\.ts$/, ''), file])),
    platform: 'node',
    tsconfig: false,
    external: (id) => isBuiltin(id) || installed.some((name) => id === name || id.startsWith(`${name}/`)),
  })
  const { output } = await build.write({
    dir: 'dist',
    format: 'esm',
    sourcemap: true,
    keepNames: true,
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: { groups: groups() },
  })
  await build.close()
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licences(output))
}

function groups() {
  return Object.entries(TOGETHER).map(([name, modules], i, { length }) => {
    const files = modules.map((path) => `/${path}.ts`)
    return { name, priority: length - i, test: (id) => files.some((file) => id.replaceAll('\\', '/').endsWith(file)) }
  })
}

function modulesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort()
}

/** The licences of the packages whose code is in the bundle. */
function licences(output) {
  const folders = new Set()
  for (const { modules = {} } of output)
    for (const id of Object.keys(modules)) {
      const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/')) ?? []
      if (folder !== undefined) folders.add(folder)
    }
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    const files = readdirSync(folder)
    const notices = files.filter((file) => /^(licen[cs]e|notice)/i.test(file))
    const body = (notices.length > 0 ? notices : files.filter((file) => /^readme/i.test(file))).map((file) =>
      readFileSync(`${folder}/${file}`, 'utf8').trim(),
    )
    return [`${name} ${version} (${license})`, ...body].join('\n\n')
  })
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

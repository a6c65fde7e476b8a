// Builds the product into dist/: types by tsc, code in a few files (bundle.mjs). Training programs are compiled file by file:
// tables hold the checksums of what they were recorded with.
// With --if-changed nothing is done while dist/ is newer than every source: npx runs `prepare` again before its first call.
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const SOURCES = [
  'src',
  'experiments',
  'trainer',
  'surrogates',
  'benchmarks',
  'scripts',
  'test/built.ts',
  'test/built-rates.ts',
]
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.trainer.json', 'package.json']
const STAMP = 'dist/.built'

function newest(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), mtimeMs)
}

function compile(project) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0
if ([...SOURCES, ...SETTINGS].some((path) => newest(path) > built) || !process.argv.includes('--if-changed')) {
  rmSync('dist', { recursive: true, force: true })
  compile('tsconfig.build.json')
  compile('tsconfig.trainer.json')
  const { bundle } = await import('./bundle.mjs')
  await bundle()
  chmodSync('dist/src/cli/bench.js', 0o755)
  writeFileSync(STAMP, '')
}

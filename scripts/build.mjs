// Compiles the product into dist/. Plain tsc: worker threads and training programs need real files, so nothing is bundled.
// With --if-changed nothing is done while dist/ is newer than every source: npx runs `prepare` again before its first call.
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const SOURCES = ['src', 'experiments', 'trainer', 'surrogates', 'benchmarks']
const STAMP = 'dist/.built'

function newest(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), mtimeMs)
}

const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0
const changed = [...SOURCES, 'tsconfig.json', 'tsconfig.build.json', 'package.json'].some(
  (path) => newest(path) > built,
)
if (changed || !process.argv.includes('--if-changed')) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  rmSync('dist', { recursive: true, force: true })
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  if (status === 0) {
    chmodSync('dist/src/cli/bench.js', 0o755)
    writeFileSync(STAMP, '')
  }
  process.exitCode = status ?? 1
}

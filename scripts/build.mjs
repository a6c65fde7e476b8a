// Compiles the product into dist/. Plain tsc: worker threads and training programs need real files, so nothing is bundled.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (existsSync('dist/src/cli/bench.js')) chmodSync('dist/src/cli/bench.js', 0o755)
process.exitCode = status ?? 1

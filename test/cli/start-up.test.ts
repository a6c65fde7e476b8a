/** What the built command loads: every module costs time before anything is done, and nothing may be loaded twice. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { BENCH, missing, startBench } from './process.js'
import { makeToy } from './toy.js'

const toy = makeToy()
afterAll(() => toy.remove())

/** The modules that a call of the command loads, by path. */
function modulesOf(...args: readonly string[]): string[] {
  const file = join(toy.directory, 'modules.txt')
  rmSync(file, { force: true })
  const tell = new URL('../fixtures/tell-modules.mjs', import.meta.url).href
  const { status } = spawnSync(process.execPath, ['--import', tell, BENCH, ...args], {
    cwd: toy.directory,
    env: { ...process.env, MODULES: file },
  })
  expect(status).toBe(0)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((url) => fileURLToPath(url))
}

describe.skipIf(missing !== undefined)('the built command', () => {
  it('loads a handful of files to run and to report, none of an installed package', () => {
    const modules = modulesOf('run', 'toy-experiment.mjs', '--seeds', '1', '--out', 'one')
    expect(modules).toContain(BENCH)
    expect(modules.length).toBeLessThan(25)
    expect(modules.filter((path) => path.includes('node_modules'))).toEqual([])
  })

  it('loads no more than the command line to print its version', () => {
    expect(modulesOf('--version').map((path) => path.replace(/.*dist/, 'dist'))).not.toContain('dist/chunks/table.js')
  })

  it('shares its modules with an experiment in TypeScript', async () => {
    const library = pathToFileURL(join(BENCH, '../../index.js')).href
    writeFileSync(join(toy.directory, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(toy.directory, 'mine.ts'),
      `import { BenchError } from ${JSON.stringify(library)}
const text: string = 'an error of the command’s own class'
throw new BenchError(text, { exitCode: 7 })`,
    )
    const { status, err } = await startBench(['run', './mine.ts'], toy.directory).ended
    expect({ status, err }).toEqual({ status: 7, err: 'bench: an error of the command’s own class\n' })
  })
})

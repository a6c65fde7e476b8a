/** The example of a recording of one's own: recorded, shown, checked and run, as its README says. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTable } from '../../src/surrogates/read.js'
import { fakeFolder, fakeRecording, removeFolders } from '../record/fake.js'

// Inside the package, so that `rungbench` is the package itself.
mkdirSync('dist', { recursive: true })
const folder = mkdtempSync(resolve('dist', 'own-recording-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
  removeFolders()
})

function bench(...args: readonly string[]): string {
  const command = resolve('dist/src/cli/bench.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', cwd: folder })
  if (status !== 0) throw new Error(stdout + stderr)
  return stdout
}

beforeAll(() => cpSync('examples/own-recording', folder, { recursive: true }))

test('is recorded, goes on after an interruption, and comes out the same again', { timeout: 300_000 }, () => {
  // Fewer trainings than in the example; nothing else is changed.
  const path = join(folder, 'recording.ts')
  const text = readFileSync(path, 'utf8')
  const short = text.replaceAll('configurations: 10', 'configurations: 2').replace('levels: 9', 'levels: 3')
  expect(short).not.toBe(text)
  writeFileSync(path, short)
  expect(bench('record', './recording.ts', '--limit', '2', '--out', 'crescents.arrow')).toContain('2 of 11 trainings')
  const recorded = bench('record', './recording.ts', '--out', 'crescents.arrow', '--workers', '2')
  expect(recorded).toContain('11 trainings recorded in crescents.arrow')
  const table = readTable(join(folder, 'crescents.arrow'))
  expect(table.ended.every((end) => end === 0)).toBe(true)
  expect(bench('show', './crescents.arrow')).toContain('Logistic regression on two crescents')
  const checked = spawnSync(
    process.execPath,
    [resolve('dist/src/cli/bench.js'), 'record', './recording.ts', '--check', './crescents.arrow', '--rows', '1'],
    { encoding: 'utf8', cwd: folder },
  )
  // How long it takes is the machine's affair; what comes out is not.
  expect(checked.stdout).toContain('1 of 1 row trained again came out equal to the last bit')
  const ran = bench('run', './experiment.ts', '--seeds', '2', '--threads', '0', '--json', '--out', 'run')
  expect((JSON.parse(ran) as { results: unknown[] }).results).toHaveLength(4)
})

test('docs/recording.md names every entry of a recording', () => {
  const text = readFileSync('docs/recording.md', 'utf8')
  const recording = fakeRecording(fakeFolder())
  for (const entry of [...Object.keys(recording), ...Object.keys(recording.plan)]) expect(text).toContain(entry)
  for (const entry of [
    'directory',
    'files',
    'arguments',
    'levelsArgument',
    'dataArgument',
    'dataFiles',
    'seedArgument',
  ])
    expect(text).toContain(entry)
})

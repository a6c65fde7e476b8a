/** The examples of docs/testing.md run as they stand, in a folder that has the built package installed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schedulers } from '../../src/core/schedulers/index.js'
import type { SchedulerDefinition } from '../../src/core/schedulers/index.js'
import { tableOf, traceOf } from '../../src/testing/index.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-docs-'))
  mkdirSync(join(folder, 'node_modules'))
  for (const [name, target] of Object.entries({
    rungbench: '.',
    zod: 'node_modules/zod',
    vitest: 'node_modules/vitest',
  }))
    symlinkSync(resolve(target), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'patient.ts'), blocks('CONTRIBUTING.md', 'ts')[0]!)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The blocks of code of a language; '' for those without one. */
function blocks(file: string, language: string): string[] {
  const fenced = readFileSync(file, 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)
  return [...fenced].flatMap(([, name, code]) => (name === language ? [code!] : []))
}

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { CI: _ci, ...rest } = process.env
  const all = { ...rest, NO_COLOR: '1', ...env }
  return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder, env: all })
}

describe('docs/testing.md', () => {
  it('has a vitest example that passes, and fails once a decision is another', () => {
    writeFileSync(join(folder, 'patient.test.ts'), blocks('docs/testing.md', 'ts')[0]!)
    const vitest = (...flags: string[]) => node([resolve('node_modules/vitest/vitest.mjs'), 'run', ...flags])
    const first = vitest('--reporter=json')
    expect(JSON.parse(first.stdout)).toMatchObject({ numFailedTests: 0 })
    expect(readdirSync(join(folder, '__traces__/patient'))).toEqual(['decides-as-it-always-did.trace'])

    const code = readFileSync(join(folder, 'patient.ts'), 'utf8')
    writeFileSync(join(folder, 'patient.ts'), code.replace('loss < best.loss', 'loss > best.loss'))
    const { status, stdout, stderr } = vitest('-t', 'decides')
    writeFileSync(join(folder, 'patient.ts'), code)
    expect(status).toBe(1)
    expect(stdout + stderr).toMatch(/trial \d+ at level \d+: golden says \w+, now says \w+/)
  })

  it('has an example for node:test that passes', () => {
    writeFileSync(join(folder, 'patient.node.ts'), blocks('docs/testing.md', 'ts')[1]!)
    const tsx = resolve('node_modules/tsx/dist/loader.mjs')
    const { status, stdout } = node(['--import', tsx, 'patient.node.ts'], { NODE_TEST_CONTEXT: undefined })
    expect(stdout).toMatch(/^# fail 0$|^ℹ fail 0$/m)
    expect(status).toBe(0)
  })

  it('shows a trace as it is', () => {
    const table = tableOf({ levels: 4, configurations: 5, value: ({ config, level }) => config.x + 1 / level })
    const trace = traceOf({ type: 'asha-stopping', reductionFactor: 2 }, table, 0, { workers: 2, explain: true })
    const shown = blocks('docs/testing.md', '')[0]!.trimEnd().split('\n')
    expect(trace.lines.filter((line) => line !== '    no trial has reported yet').slice(0, shown.length)).toEqual(shown)
  })

  it('names every law that there is', () => {
    const text = readFileSync('docs/testing.md', 'utf8')
    const { laws } = schedulers.fifo as unknown as SchedulerDefinition
    for (const law of [...Object.keys(laws), 'rescale']) expect(text).toContain(`| \`${law}\` |`)
  })
})

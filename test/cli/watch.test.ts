/** `bench watch`, and what `bench run --backend local` shows while it runs, as processes. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DirectoryView } from '../../src/report/live/directory-view.js'
import { lockJournal } from '../../src/store/journal-lock.js'
import { report, start } from '../report/live/journals.js'
import { bench } from './fake-terminal.js'
import { LocalDirectory, localManifest } from './live/local-directory.js'
import { type LocalToy, makeLocalToy } from './local-toy.js'
import { BENCH, type Running, missing, start as startProcess, startBench, until } from './process.js'

let path: string
let directory: LocalDirectory
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'rungbench-watch-'))
  directory = new LocalDirectory(path)
})
afterEach(() => {
  directory.close()
  rmSync(path, { recursive: true, force: true })
})

/** What a process has written so far. */
function outputOf({ child }: Running): () => string {
  let text = ''
  child.stdout.on('data', (more: string) => (text += more))
  return () => text
}

const line = (text: string): RegExp => new RegExp(String.raw`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ${text}$`, 'm')

describe('bench watch', () => {
  it.each([
    [['watch'], "bench: missing required argument 'dir'; see bench help watch\n"],
    [['watch', '/nowhere'], /^bench: \/nowhere is no run directory: it has no manifest.json; [^\n]+\n$/],
    [['watch', ''], 'bench: the run directory is "", no path; give the folder that bench run shows as its result\n'],
    [['watch', '.', '--json'], 'bench: --json is for one look at a run; add --once\n'],
  ])('%j is bad input', async (argv, message) => {
    const { code, out, err } = await bench(argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })

  it('says of simulated runs that they are not followed', async () => {
    directory.writeManifest(localManifest(1, 'simulated'))
    const { code, err } = await bench(['watch', path])
    expect(code).toBe(2)
    expect(err).toBe(`bench: ${path} holds simulated runs, which are not followed; see bench report ${path}\n`)
  })

  it('--once tells where a run stands, in words and as JSON', async () => {
    directory.writeManifest(localManifest(2))
    const waiting = await bench(['watch', path, '--once'])
    expect(waiting).toEqual({ code: 0, out: 'toy-experiment: 2 runs\nnot begun yet\n', err: '' })
    directory.begin(0).write(start(0, 0), report(1, 0, 1, 0.5), { event: 'somethingNew', time: 2 })
    const { code, out, err } = await bench(['watch', path, '--once'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^toy-experiment: run 1 of 2, toy, asha, seed 0, 2 workers\nrunning for /)
    expect(out).toContain('best     error 0.5, test_error 0.51: trial 0, epoch 1, after 1 s\n')
    const document = JSON.parse((await bench(['watch', path, '--once', '--json'])).out) as DirectoryView
    expect(document).toMatchObject({ directory: path, state: 'running', current: { run: { reports: 1 } } })
    directory.close()
    const ended = await bench(['watch', path, '--once'])
    expect(ended.out).toContain('not finished after 1 s, and no process is writing it; go on with the command')
  })

  it('that is told to follow a run that nobody writes says so and ends', async () => {
    directory.writeManifest(localManifest(1))
    directory.begin(0).write(start(0, 0))
    directory.close()
    const { code, out } = await bench(['watch', path])
    expect(code).toBe(1)
    expect(out.match(/no process is writing it/g)).toHaveLength(1)
  })

  it('says which line of a journal is damaged', async () => {
    directory.writeManifest(localManifest(1))
    directory.begin(0).write(start(0, 0))
    directory.close()
    const journal = join(path, 'runs', '000-0', 'journal.jsonl')
    writeFileSync(journal, `${readFileSync(journal, 'utf8')}nothing\n`)
    const { code, err } = await bench(['watch', path])
    expect(code).toBe(2)
    expect(err).toMatch(/^bench: journal [^\n]+ is damaged: line 3 is not a JSON object[^\n]*\n$/)
  })
})

describe.skipIf(missing !== undefined)('bench watch as a process', () => {
  it('follows a run that another process writes to its end', async () => {
    directory.writeManifest(localManifest(1))
    const unlock = lockJournal(join(path, 'runs'))
    const run = directory.begin(0)
    run.write(start(0, 0))
    const watching = startBench(['watch', path], path)
    const output = outputOf(watching)
    await until(() => output().includes('running for'))
    run.write(report(1, 0, 1, 0.5))
    await until(() => output().includes('passes epoch 1'))
    run.write(report(2, 0, 3, 0.4, 'stop'))
    await until(() => output().includes('stopped'))
    run.finish()
    unlock()
    const { status, out, err } = await watching.ended
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toMatch(line('new best error 0.5, test_error 0.51 by trial 0 at epoch 1'))
    expect(out).toMatch(line('trial 0 stopped at epoch 3, error 0.4'))
    expect(out).toMatch(line('run 1 of 1 ended: toy, asha, seed 0: test_error 0.41, 1 trial, 2 s'))
    expect(out).toContain('\nfinished: 1 run\n')
    expect(out).not.toContain('\u001B')
  })

  it('ends with 0 at Ctrl-C and leaves the run alone', async () => {
    directory.writeManifest(localManifest(1))
    const run = directory.begin(0)
    run.write(start(0, 0))
    const watching = startBench(['watch', path], path)
    const output = outputOf(watching)
    await until(() => output().includes('running for'))
    watching.child.kill('SIGINT')
    expect(await watching.ended).toMatchObject({ status: 0, err: '' })
    expect(existsSync(join(path, 'runs', '000-0', 'journal.jsonl.lock'))).toBe(true)
    run.write(report(1, 0, 1, 0.5))
  })
})

describe.skipIf(missing !== undefined)('bench run --backend local', () => {
  let toy: LocalToy
  let running: Running | undefined
  afterEach(async () => {
    running?.child.kill('SIGKILL')
    await running?.ended
    running = undefined
    toy.remove()
  })
  const make = (pause: number, trials = 3): void => {
    const experiment = { seeds: 2, budget: { trials } }
    toy = makeLocalToy('train', { program: { arguments: { epochs: 4, pause } }, experiment })
  }

  it('says with its time what happens, where standard error is no terminal', async () => {
    make(0)
    const { status, out, err } = await startBench(toy.run('out', '--live'), toy.directory).ended
    expect(status).toBe(0)
    expect(out).toContain('Does it run?')
    const lines = err.trimEnd().split('\n')
    for (const one of lines) expect(one).toMatch(line('.+'))
    const texts = lines.map((one) => one.slice(21))
    const count = (pattern: RegExp): number => texts.filter((text) => pattern.test(text)).length
    expect(texts[0]).toBe('run 1 of 2 begins: local-toy, random, seed 0')
    expect(texts.at(-1)).toMatch(/^run 2 of 2 ended: local-toy, random, seed 1: loss [\d.]+, 3 trials, /)
    expect(count(/^trial \d starts: lr=/)).toBe(6)
    expect(count(/^trial \d completed at epoch 4, loss /)).toBe(6)
    expect(count(/^new best loss /)).toBeGreaterThanOrEqual(2)
    expect(existsSync(join(toy.directory, 'out', 'runs.lock'))).toBe(false)
  })

  it.each(['--quiet', '--json'])('says nothing with %s', async (flag) => {
    make(0)
    const more = flag === '--json' ? ['--live', flag] : [flag]
    const { status, out, err } = await startBench(toy.run('out', ...more), toy.directory).ended
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out.startsWith('{')).toBe(flag === '--json')
  })

  it('can be watched while it runs, and after it was killed', async () => {
    make(100, 10_000)
    running = startBench(toy.run('out', '--live', '--workers', '2'), toy.directory)
    const out = join(toy.directory, 'out')
    await until(() => existsSync(join(out, 'runs', '000-0', 'journal.jsonl')))
    const watching = startBench(['watch', out], toy.directory)
    const output = outputOf(watching)
    await until(() => output().includes('new best loss'))
    const during = JSON.parse((await bench(['watch', out, '--once', '--json'])).out) as DirectoryView
    expect(during).toMatchObject({ state: 'running', writer: { pid: running.child.pid } })
    const refused = await startBench(toy.run('out', '--workers', '2', '--resume'), toy.directory).ended
    expect(refused.status).toBe(2)
    expect(refused.err).toContain('is being written by process')
    running.child.kill('SIGKILL')
    await running.ended
    const { status, out: seen } = await watching.ended
    expect(status).toBe(1)
    expect(seen.replaceAll(/\s+/g, ' ')).toContain(
      'no process is writing it; go on with the command that began it, --out ',
    )
    expect((await bench(['watch', out, '--once'])).out).toContain('no process is writing it')
  })

  const pty = spawnSync('script', ['--version']).status === 0 && process.platform === 'linux'
  it.skipIf(!pty)('is drawn in place on a terminal, and gone when it ends', async () => {
    make(100)
    const command = [process.execPath, BENCH, ...toy.run('out', '--live')].map((word) => `'${word}'`).join(' ')
    const { status, out } = await startProcess(
      'script',
      ['-qec', `stty cols 60 rows 20; ${command}`, '/dev/null'],
      toy.directory,
    ).ended
    expect(status).toBe(0)
    // Up over the lines drawn before.
    // eslint-disable-next-line no-control-regex
    expect(out).toMatch(/\u001B\[\d+A/)
    expect(out).toContain('local-toy: run 1 of 2, local-toy, random, seed 0, 1 worker')
    const frames = out.split('\u001B[?7l').slice(1)
    expect(frames.length).toBeGreaterThan(2)
    // eslint-disable-next-line no-control-regex
    const shown = frames.map((frame) => frame.split('\u001B[?7h')[0]!.replaceAll(/\u001B\[[\d;]*[mKJ]/g, ''))
    for (const frame of shown) {
      const lines = frame.split('\r\n')
      expect(lines.length).toBeLessThanOrEqual(20)
      for (const text of lines) expect(text.length).toBeLessThanOrEqual(60)
    }
    // The result stands where the view was.
    expect(out.slice(out.lastIndexOf('\u001B[J'))).toContain('Does it run?')
  })
})

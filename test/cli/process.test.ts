import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ResultDocument } from '../../src/report/result-document.js'
import { readTable } from '../../src/surrogates/read.js'
import { BENCH, missing, start, startBench, until } from './process.js'
import { type Toy, makeToy } from './toy.js'

if (missing !== undefined) console.warn(missing)

let toy: Toy
beforeEach(() => {
  toy = makeToy()
})
afterEach(() => toy.remove())

describe.skipIf(missing !== undefined)('the command as a process', () => {
  it('answers on standard output, and is quiet on standard error where that is no terminal', async () => {
    const { status, out, err } = await startBench(['run', 'toy-experiment.mjs'], toy.directory).ended
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain('Is a random configuration better than the first one?')
    expect(out).not.toContain('\u001B')
    expect(out).toMatch(/^Result: results\/toy-experiment-/m)
  })

  it('gives the same digest with one thread and two', async () => {
    const digests = await Promise.all(
      ['0', '1', '2'].map(async (threads) => {
        const { out } = await startBench(
          ['run', 'toy-experiment.mjs', '--threads', threads, '--json', '--out', threads],
          toy.directory,
        ).ended
        return (JSON.parse(out) as ResultDocument).digest
      }),
    )
    expect(new Set(digests).size).toBe(1)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while it is being loaded is answered in one line', async (signal, code) => {
    // Comes the moment somebody listens, which must be before anything heavy is loaded.
    const preload = `process.once("newListener", () => setImmediate(() => process.kill(process.pid, "${signal}")))`
    const args = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, BENCH, 'run', 'toy-experiment.mjs']
    const { status, out, err } = await start(process.execPath, args, toy.directory).ended
    expect({ status, out, err }).toEqual({ status: code, out: '', err: 'bench: interrupted before anything began\n' })
    expect(readdirSync(toy.directory)).not.toContain('results')
  })

  it('ends quietly when nobody reads on', async () => {
    const { child, ended } = startBench(['run', 'toy-experiment.mjs', '--json', '--seeds', '2000'], toy.directory)
    child.stdout.destroy()
    expect(await ended).toMatchObject({ status: 0, err: '' })
  })

  it('says what is wrong in one line and exits with 2', async () => {
    const { status, out, err } = await startBench(['run', 'toy-experimnt.mjs', '--seeds', '3'], toy.directory).ended
    expect(err).toMatch(/^bench: [^\n]+\n$/)
    expect({ status, out }).toEqual({ status: 2, out: '' })
    expect(readdirSync(toy.directory)).not.toContain('results')
  })

  it('exits with 1 if some run fails, and reports the others', async () => {
    writeFileSync(
      join(toy.directory, 'broken.mjs'),
      'import { schedulers } from ' +
        JSON.stringify(join(BENCH, '../../index.js')) +
        '\n' +
        "export default { ...schedulers.fifo, create() { throw new Error('the scheduler\\nbroke') } }\n",
    )
    const change = {
      methods: {
        default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
        own: { scheduler: { type: './broken.mjs' } },
      },
    }
    const broken = makeToy(change)
    writeFileSync(join(broken.directory, 'broken.mjs'), readFileSync(join(toy.directory, 'broken.mjs')))
    const { status, out, err } = await startBench(['run', broken.experiment, '--json'], broken.directory).ended
    broken.remove()
    expect(err).toMatch(/^bench: 3 runs failed; the first: [^\n]*the scheduler broke[^\n]*\n$/)
    expect(status).toBe(1)
    const document = JSON.parse(out) as ResultDocument
    expect(document.results.map(({ method }) => method)).toEqual(['default', 'default', 'default'])
    expect(document.failures).toMatchObject([{ method: 'own' }, { method: 'own' }, { method: 'own' }])
  })

  it('Ctrl-C keeps what is finished and says how to go on; going on gives the same digest', async () => {
    const args = ['run', 'toy-experiment.mjs', '--seeds', '4000', '--threads', '1']
    const { child, ended } = startBench([...args, '--out', 'cut'], toy.directory)
    const runs = join(toy.directory, 'cut', 'runs')
    await until(() => existsSync(runs) && readdirSync(runs).some((name) => name.endsWith('.trials.arrow')))
    child.kill('SIGINT')
    const { status, out, err } = await ended
    expect({ status, out }).toEqual({ status: 130, out: '' })
    expect(err).toContain('go on with: bench run toy-experiment.mjs --seeds 4000 --threads 1 --out cut --resume\n')
    const kept = readdirSync(runs).length

    const resumed = await startBench([...args, '--out', 'cut', '--resume', '--json'], toy.directory).ended
    expect(resumed.status).toBe(0)
    expect(readdirSync(runs).length).toBeGreaterThan(kept)
    const whole = await startBench([...args, '--out', 'whole', '--json'], toy.directory).ended
    const digest = (text: string): string => (JSON.parse(text) as ResultDocument).digest
    expect(digest(resumed.out)).toBe(digest(whole.out))
  })

  it('says when the disk is full, and leaves no half file', async () => {
    // Files may not grow beyond 8 (or, with bash, 16) KiB: writing fails as on a full disk, but for the manifest.
    const limited = `ulimit -f 16; exec "$0" "$@"`
    const { status, out, err } = await start(
      'sh',
      ['-c', limited, process.execPath, BENCH, 'run', 'toy-experiment.mjs', '--seeds', '200', '--out', 'full'],
      toy.directory,
    ).ended
    expect(err).toMatch(/^bench: cannot write [^\n]*full\/runs\/[^\n]+--resume\n$/)
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(
      (
        await startBench(['run', 'toy-experiment.mjs', '--seeds', '200', '--out', 'full', '--resume'], toy.directory)
          .ended
      ).status,
    ).toBe(0)
  })
})

describe.skipIf(missing !== undefined)('bench record as a process', () => {
  const recording = (pause: number): void => {
    writeFileSync(
      join(toy.directory, 'train.mjs'),
      `const value = (name) => Number(process.argv[process.argv.indexOf('--' + name) + 1])
for (let epoch = 1; epoch <= 3; epoch++) {
  await new Promise((resolve) => setTimeout(resolve, ${pause}))
  const error = Math.fround(1 / epoch + value('lr') + (value('seed') % 100) / 1e4)
  console.log('[tune-metric]: ' + JSON.stringify({ epoch, error, elapsed_time: epoch * 0.1 }))
}
`,
    )
    writeFileSync(
      join(toy.directory, 'recording.mjs'),
      `import { defineRecording } from ${JSON.stringify(join(BENCH, '../../index.js'))}
export default defineRecording({
  name: 'tiny',
  program: { name: 'train', command: ['node', ${JSON.stringify(join(toy.directory, 'train.mjs'))}], directory: ${JSON.stringify(toy.directory)}, files: ['train.mjs'] },
  resource: { name: 'epoch', levels: 3 },
  metrics: { error: { goal: 'min', split: 'validation' } },
  space: { lr: { type: 'float', low: 0, high: 1, scale: 'linear' } },
  defaultConfig: { lr: 0.5 },
  plan: { draw: 'random', groups: [{ fixed: {}, configurations: 4 }], repetitions: 1, defaultRepetitions: 2, seed: 1 },
})
`,
    )
  }
  const args = ['record', 'recording.mjs', '--out', 'tiny.arrow']

  it('writes a table that can be checked', async () => {
    recording(0)
    const { status, out } = await startBench(args, toy.directory).ended
    expect(out).toContain('6 trainings recorded in tiny.arrow\nLook at it: bench show tiny.arrow\n')
    expect(status).toBe(0)
    const check = await startBench(['record', 'recording.mjs', '--check', 'tiny.arrow', '--rows', '3'], toy.directory)
      .ended
    expect(check).toMatchObject({
      status: 0,
      out: expect.stringContaining('3 of 3 rows trained again came out equal') as string,
    })
  })

  it('--limit ends early; the same command goes on', async () => {
    recording(0)
    const first = await startBench([...args, '--limit', '2'], toy.directory).ended
    expect(first.out).toContain('2 of 6 trainings recorded')
    expect(first.status).toBe(0)
    expect(existsSync(join(toy.directory, 'tiny.arrow'))).toBe(false)
    expect((await startBench(args, toy.directory).ended).out).toContain('6 trainings recorded in tiny.arrow')
  })

  it('Ctrl-C keeps what is finished, leaves no process behind, and the same command goes on', async () => {
    recording(100)
    const journal = join(toy.directory, 'tiny.arrow.journal.jsonl')
    const { child, ended } = startBench(args, toy.directory)
    await until(() => existsSync(journal) && readFileSync(journal, 'utf8').includes('"training"'))
    child.kill('SIGINT')
    const { status, out, err } = await ended
    expect({ status, out }).toEqual({ status: 130, out: '' })
    expect(err).toContain('what is finished is kept, go on with: bench record recording.mjs --out tiny.arrow\n')
    const { out: processes } = await start('ps', ['-eo', 'args'], toy.directory).ended
    expect(processes.split('\n').filter((line) => line.includes(join(toy.directory, 'train.mjs')))).toEqual([])
    expect((await startBench(args, toy.directory).ended).status).toBe(0)
    expect(readTable(join(toy.directory, 'tiny.arrow')).rows).toBe(6)
  })
})

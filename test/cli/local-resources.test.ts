/** What trials of `bench run --backend local` and `bench record` get of the machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readJournal } from '../../src/store/journal.js'
import { fakeGpus, fakeNvidiaSmi } from '../backends/local/resources/fake-nvidia-smi.js'
import { bench } from './fake-terminal.js'
import { type LocalToy, type LocalToyOptions, makeLocalToy } from './local-toy.js'

let toy: LocalToy
let tools: string
beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'rungbench-tools-'))
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined)
  vi.stubEnv('OMP_NUM_THREADS', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(tools, { recursive: true, force: true })
  toy.remove()
})

function make(change: LocalToyOptions = {}, gpus = 2): void {
  toy = makeLocalToy('environment', { program: { workingDirectory: 'trial', ...change.program }, ...change })
  vi.stubEnv('PATH', fakeNvidiaSmi(tools, fakeGpus(gpus))['PATH'])
}

interface Said {
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly there: readonly string[]
}

/** What the program of a trial said first. */
const said = (trial: number): Said => JSON.parse(toy.file('out', trial, 'std.out').split('\n')[0]!) as Said

describe('bench run --backend local', () => {
  it('gives every trial a GPU, its name and a working directory of its own', async () => {
    make()
    const { code, err } = await bench(toy.run('out', '--workers', '2', '--threads-per-trial', '3'))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(toy.header('out')).toMatchObject({ hardware: { gpu: 'Toy GPU' } })
    const trials = [0, 1, 2].map(said)
    for (const [trial, { env, cwd, there }] of trials.entries()) {
      const folder = join(toy.directory, 'out', 'runs', '000-0', 'trials', String(trial))
      expect(there).toEqual([])
      expect(cwd).toBe(join(folder, 'work'))
      expect(env).toMatchObject({
        RUNGBENCH_TRIAL: String(trial),
        RUNGBENCH_ATTEMPT: '0',
        RUNGBENCH_RESTARTS: '0',
        RUNGBENCH_TRIAL_DIR: folder,
        CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
        OMP_NUM_THREADS: '3',
      })
      expect(['0', '1']).toContain(env['CUDA_VISIBLE_DEVICES'])
    }
    expect(trials.slice(0, 2).map(({ env }) => env['CUDA_VISIBLE_DEVICES'])).toEqual(['0', '1'])
    expect(trials.slice(0, 2).map(({ env }) => env['RUNGBENCH_WORKER'])).toEqual(['0', '1'])
  })

  it('refuses more workers than fit on the GPUs before anything is started, and shares them where asked to', async () => {
    make({}, 1)
    const { code, out, err } = await bench(toy.run('out', '--workers', '2'))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(
      'bench: 2 workers are more than the 1 that fit on 1 GPU (0), 1 per trial; ' +
        'give --workers 1, --trials-per-gpu 2 to share the GPUs, or --gpus none\n',
    )
    const shared = await bench(toy.run('out', '--workers', '2', '--trials-per-gpu', '2'))
    expect(shared.code).toBe(0)
    const none = await bench(toy.run('none', '--workers', '2', '--gpus', 'none'))
    expect(none.code).toBe(0)
    expect(toy.file('none', 0, 'std.out')).toContain('"CUDA_VISIBLE_DEVICES":""')
  })

  it('does not ask for GPUs where the program uses none', async () => {
    make({ program: { workingDirectory: 'trial', gpus: 0 } }, 1)
    expect((await bench(toy.run('out', '--workers', '2'))).code).toBe(0)
    expect(said(0).env).not.toHaveProperty('CUDA_VISIBLE_DEVICES')
    expect(() => readFileSync(join(tools, 'asked'))).toThrow('ENOENT')
  })

  it('needs a recording of the table’s name', async () => {
    make()
    const [run, experiment] = toy.run('out')
    const without = await bench([run!, experiment!, '--backend', 'local', '--out', join(toy.directory, 'out')])
    expect(without.code).toBe(2)
    expect(without.err).toContain('no recording of the table "local-toy" ships, so the program to train with is not')
    const other = await bench(toy.run('out', '--recording', 'ngram-mrpc'))
    expect(other.err).toContain('the recording "ngram-mrpc" belongs to none of the tables (local-toy); it must have')
  })
})

describe('bench record', () => {
  it('gives trainings GPUs and says on which they ran, beside how many others', async () => {
    make()
    const out = join(toy.directory, 'made.arrow')
    const { code, err } = await bench([
      'record',
      toy.recording,
      '--workers',
      '2',
      '--gpus',
      '1',
      '--trials-per-gpu',
      '2',
      '--out',
      out,
    ])
    expect({ code, err }).toEqual({ code: 0, err: '3/3 trainings, 0 s left\n' })
    const { entries } = readJournal(`${out}.journal.jsonl`)
    expect(entries[0]).toMatchObject({ event: 'session', hardware: { gpu: 'Toy GPU' } })
    const trainings = entries.filter(({ event }) => event === 'training')
    expect(trainings.map(({ device }) => device)).toEqual(['cuda:1', 'cuda:1', 'cuda:1'])
    expect(trainings.map(({ shared }) => shared)).toEqual([1, 1, expect.any(Number)])
    const check = ['record', toy.recording, '--check', out, '--rows', '1', '--workers', '3']
    expect((await bench(check)).err).toContain('3 workers are more than the 2 that fit on 2 GPUs (0, 1)')
  })
})

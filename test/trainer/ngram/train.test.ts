import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAMILIES } from '../../../trainer/ngram/families.js'
import { noRealData, REAL_DATA, reports, run, withoutTimes, writeFixture } from './fixture.js'

const PROGRAM = ['--import', 'tsx', 'trainer/ngram/train.ts']
const METRICS = { mrpc: ['accuracy', 'f1'], cola: ['matthews'], stsb: ['spearman', 'pearson'] } as const

let data = ''
const folders: string[] = []
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'ngram-checkpoint-')))
  return folders.at(-1)!
}
beforeAll(() => {
  data = writeFixture()
})
afterAll(() => {
  for (const each of [data, ...folders]) rmSync(each, { recursive: true, force: true })
})
const given = (task: string, ...more: string[]): string[] => ['--task', task, '--data', data, '--epochs', '5', ...more]

describe('reports', () => {
  for (const [task, metrics] of Object.entries(METRICS)) {
    it(`has one line per epoch with all fields: ${task}`, () => {
      const { status, lines, errors } = run(given(task))
      expect(status).toBe(0)
      expect(errors).toEqual([])
      expect(lines[0]).toMatch(
        /^\[data\]: \{"train":42,"validation":18,"test":20,"test_file":"(dev|test)\.tsv","sha256":\{/,
      )
      const all = reports(lines)
      const scores = ['validation', 'test'].flatMap((part) =>
        [...metrics, 'error', 'loss'].map((name) => `${part}_${name}`),
      )
      const names = [
        'epoch',
        'elapsed_time',
        'cpu_time',
        'startup_time',
        ...scores,
        'train_loss',
        'latency_ms',
        'parameters',
      ]
      expect(all.map((each) => each['epoch'])).toEqual([1, 2, 3, 4, 5])
      for (const [i, each] of all.entries()) {
        expect(Object.keys(each)).toEqual(names)
        expect(Object.values(each).every(Number.isFinite)).toBe(true)
        expect(each['elapsed_time']).toBeGreaterThan(i === 0 ? 0 : all[i - 1]!['elapsed_time']!)
        expect(each['cpu_time']).toBeGreaterThanOrEqual(i === 0 ? 0 : all[i - 1]!['cpu_time']!)
        expect(each['test_error']).toBe(1 - each[`test_${metrics[0]}`]!)
        expect(each['latency_ms']).toBe(all[0]!['latency_ms'])
        expect(each['parameters']).toBe(2 ** 15 * 32 + (task === 'cola' ? 32 : 64) + 1)
      }
    })
  }

  for (const model of Object.keys(FAMILIES)) {
    it(`learns: ${model}`, () => {
      const all = reports(run(given('cola', '--model', model, '--learning_rate', '0.03', '--batch_size', '8')).lines)
      expect(all[4]!['train_loss']).toBeLessThan(all[0]!['train_loss']!)
    })
  }

  it('goes on with NaN when a training has diverged', () => {
    const { status, lines } = run(given('mrpc', '--learning_rate', '1e39'))
    const all = reports(lines)
    expect(status).toBe(0)
    expect(all.map((each) => each['epoch'])).toEqual([1, 2, 3, 4, 5])
    for (const each of all) {
      for (const name of ['train_loss', 'validation_accuracy', 'test_f1', 'test_error', 'validation_loss']) {
        expect(each[name]).toBeNaN()
      }
    }
    const times = all.map((each) => each['elapsed_time']!)
    expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true)
  })

  it('ends quietly when nobody reads any more', () => {
    const { status, lines } = run(given('mrpc'), 3)
    expect(status).toBe(0)
    expect(lines).toHaveLength(4)
  })
})

describe('determinism', () => {
  it('gives the same numbers for the same arguments, others for another seed', () => {
    const argv = given('stsb', '--dropout', '0.3', '--batch_size', '8')
    const first = withoutTimes(reports(run(argv).lines))
    expect(withoutTimes(reports(run(argv).lines))).toEqual(first)
    expect(withoutTimes(reports(run([...argv, '--seed', '1']).lines))).not.toEqual(first)
  })
})

describe('checkpoints', () => {
  for (const task of ['mrpc', 'cola']) {
    it(`continues exactly: ${task}`, () => {
      const argv = given(task, '--dropout', '0.3', '--batch_size', '8', '--learning_rate', '0.02')
      const whole = withoutTimes(reports(run(argv).lines))
      const kept = [...argv, '--st_checkpoint_dir', folder()]
      const parts = [run(kept, 1), run(kept, 2), run(kept)].flatMap(({ lines }) => reports(lines))
      expect(withoutTimes(parts)).toEqual(whole)
      const times = parts.map((each) => each['elapsed_time']!)
      expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true)
      expect(reports(run(kept).lines)).toEqual([])
    })
  }

  it('remembers that a training has diverged', () => {
    const kept = given('mrpc', '--learning_rate', '1e39', '--st_checkpoint_dir', folder())
    run(kept, 1)
    expect(reports(run(kept).lines).every((each) => Number.isNaN(each['train_loss']))).toBe(true)
  })

  it('does not use a damaged file, and says so', () => {
    const argv = given('mrpc')
    const whole = withoutTimes(reports(run(argv).lines))
    const directory = folder()
    const kept = [...argv, '--st_checkpoint_dir', directory]
    const path = join(directory, 'ngram-checkpoint.bin')
    const damages = [
      (): void => truncateSync(path, 1000),
      (): void => truncateSync(path, 0),
      (): void => appendFileSync(path, 'x'),
      (): void => {
        const bytes = readFileSync(path)
        bytes[bytes.length >> 1]! ^= 1
        writeFileSync(path, bytes)
      },
    ]
    for (const damage of damages) {
      run(kept, 2)
      damage()
      const { status, lines, errors } = run(kept)
      expect(status).toBe(0)
      expect(errors).toEqual([`checkpoint "${path}" is damaged and not used: training begins anew`])
      expect(withoutTimes(reports(lines))).toEqual(whole)
      rmSync(path)
    }
  })

  it('refuses a checkpoint of other arguments or data', () => {
    const directory = folder()
    const kept = [...given('mrpc'), '--st_checkpoint_dir', directory]
    run(kept, 1)
    const before = readFileSync(join(directory, 'ngram-checkpoint.bin'))
    const other = writeFixture(50)
    folders.push(other)
    const changed = [
      [...kept, '--seed', '3'],
      [...kept, '--dropout', '0.2'],
      kept.map((each) => (each === '5' ? '6' : each)),
      kept.map((each) => (each === 'mrpc' ? 'stsb' : each)),
      kept.map((each) => (each === data ? other : each)),
    ]
    for (const argv of changed) {
      const { status, errors, lines } = run(argv)
      expect(status).toBe(2)
      expect(reports(lines)).toEqual([])
      expect(errors).toHaveLength(1)
      expect(errors[0]).toMatch(
        /^train: --st_checkpoint_dir: must hold a checkpoint of the same arguments and data .*; give an empty directory$/,
      )
    }
    expect(readFileSync(join(directory, 'ngram-checkpoint.bin')).equals(before)).toBe(true)
  })
})

describe('as a process', () => {
  it('continues exactly after it was killed', async () => {
    const argv = given('stsb', '--dropout', '0.2').map((each) => (each === '5' ? '40' : each))
    const whole = withoutTimes(reports(run(argv).lines))
    const kept = [...PROGRAM, ...argv, '--st_checkpoint_dir', folder()]
    const child = spawn(process.execPath, kept, { stdio: ['ignore', 'pipe', 'inherit'] })
    const before: string[] = []
    for await (const line of createInterface(child.stdout)) {
      before.push(line)
      if (before.length === 4) child.kill('SIGKILL')
    }
    const { status, stdout } = spawnSync(process.execPath, kept, { encoding: 'utf8' })
    expect(status).toBe(0)
    const seen = withoutTimes(reports(before))
    const rest = withoutTimes(reports(stdout.split('\n')))
    expect(seen).toEqual(whole.slice(0, seen.length))
    // The kill may fall between a checkpoint and its report, which is then not repeated.
    expect(whole.length - rest.length - seen.length).toBeGreaterThanOrEqual(0)
    expect(whole.length - rest.length - seen.length).toBeLessThanOrEqual(1)
    expect(rest).toEqual(whole.slice(whole.length - rest.length))
  })

  it('exits with status 2 and one line for a bad argument', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, '--task', 'sst2'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toBe(
      'train: --task: must be one of mrpc, cola, stsb, got "sst2"; give one of these names, such as mrpc\n',
    )
  })
})

describe('on the real data', () => {
  const floors = { mrpc: 0.68, cola: 0.03, stsb: 0.65 } as const
  for (const [task, floor] of Object.entries(floors)) {
    it(`beats what needs no learning: ${task}`, ({ skip }) => {
      if (noRealData !== undefined) {
        console.log(`skipped: ${noRealData}`)
        skip(noRealData)
      }
      const argv = ['--task', task, '--data', REAL_DATA, '--epochs', '9', '--learning_rate', '0.02']
      const last = reports(run(argv).lines).at(-1)!
      expect(last[`test_${METRICS[task as keyof typeof METRICS][0]}`]).toBeGreaterThan(floor)
    })
  }
})

/** Plans carried out: threads, failures, resumption. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/core/experiment.js'
import { planBatches } from '../../src/run/batches.js'
import { execute } from '../../src/run/execute.js'
import { type Plan, planExperiment } from '../../src/run/plan.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'
import own from '../fixtures/own-scheduler.js'
import { makeTable } from '../surrogates/make-table.js'

const data = makeTable({ name: 'toy', levels: 9, configurations: 40, repetitions: 3 })
const table = new SurrogateTable(data)
const ownPath = fileURLToPath(new URL('../fixtures/own-scheduler.ts', import.meta.url))
const experiment: Experiment = {
  name: 'toy-experiment',
  question: 'Which is better?',
  tables: ['toy'],
  objectives: [{ metric: 'error', report: 'test_error' }],
  methods: {
    random: { scheduler: { type: 'fifo' } },
    asha: { scheduler: { type: 'asha-stopping', reductionFactor: [2, 3] } },
    promotion: { scheduler: { type: 'asha-promotion' }, searcher: { type: 'random', initial: ['default'] } },
  },
  workers: [1, 4],
  budget: { fullEvaluations: 4 },
}
const seeds = [0, 1, 2, 3]

function plan(change: Partial<Experiment> = {}, which: readonly number[] = seeds): Promise<Plan> {
  return planExperiment({ ...experiment, ...change }, [table], which, process.cwd())
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-run-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe('execute', () => {
  it('gives the runs in the order of the plan, the same with any number of threads', async () => {
    const planned = await plan()
    const sets = []
    for (const threads of [0, 1, 2]) sets.push(await execute(planned, [table], { threads }))
    expect(sets[0]!.runs.map(({ cell, seed }) => [cell, seed])).toEqual(
      planned.cells.flatMap(({ index }) => seeds.map((seed) => [index, seed])),
    )
    expect(planned.cells.length).toBe(8)
    expect(sets[1]).toEqual(sets[0])
    expect(sets[2]).toEqual(sets[0])
    expect(sets[0]!.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(sets[0]!.runs.map(({ digest }) => digest)).size).toBeGreaterThan(20)
  })

  it('pairs methods: the same seed draws the same first configurations', async () => {
    const { runs } = await execute(await plan({ workers: 1, budget: { trials: 1 } }), [table], { threads: 0 })
    const configs = new Map<number, Set<string>>()
    for (const { method, seed, best } of runs.filter(({ method }) => method !== 'promotion'))
      configs.set(
        seed,
        (configs.get(seed) ?? new Set()).add(`${method && ''}${JSON.stringify(best!.config)} ${best!.row}`),
      )
    for (const different of configs.values()) expect(different.size).toBe(1)
  })

  it('sums up a run', async () => {
    const [cell] = (await plan({ workers: 2 })).cells
    const { runs } = await execute(await plan({ workers: 2 }), [table], { threads: 0 })
    const [run] = runs
    expect(run).toMatchObject({ table: 'toy', method: 'random', workers: 2, reason: 'seconds', failures: 0 })
    expect(run!.simulatedSeconds).toBeCloseTo(4 * cell!.fullSeconds, 9)
    expect(run!.busySeconds).toBeCloseTo(2 * 4 * cell!.fullSeconds, 9)
    expect(run!.fullEvaluations).toBeCloseTo(8, 9)
    expect(run!.inFlight.trials).toBe(2)
    const { best } = run!
    const at = best!.row * 9 + best!.resource - 1
    expect(best!.validation).toBe(data.curves['error']![at])
    expect(best!.test).toBe(data.curves['test_error']![at])
  })

  it('reports progress up to the whole', async () => {
    const seen: number[] = []
    await execute(await plan(), [table], { threads: 0, onProgress: (done, total) => seen.push(done / total) })
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
  })

  it('ends when it is interrupted', async () => {
    const controller = new AbortController()
    const running = execute(await plan(), [table], {
      threads: 0,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('interrupted')),
    })
    await expect(running).rejects.toThrow('interrupted')
  })
})

describe('a scheduler of one’s own', () => {
  const methods = (type: unknown, odd?: string): Experiment['methods'] =>
    ({
      random: { scheduler: { type: 'fifo' } },
      own: { scheduler: { type, ...(odd !== undefined && { odd }) } },
    }) as Experiment['methods']

  it('runs by value and by path, on this thread and others, with the same results', async () => {
    const byName = await execute(await plan({ methods: methods('fifo') }), [table], { threads: 0 })
    for (const [type, threads] of [
      [own, 2],
      [ownPath, 0],
      [ownPath, 2],
    ] as const) {
      const set = await execute(await plan({ methods: methods(type) }), [table], { threads })
      expect(set.failures).toEqual([])
      expect(set.digest).toBe(byName.digest)
    }
  })

  it.each([0, 2])('that throws for some seeds fails those runs only (%d threads)', async (threads) => {
    const set = await execute(await plan({ workers: 1, methods: methods(ownPath, 'throw') }), [table], { threads })
    expect(set.runs.map(({ method, seed }) => `${method} ${seed}`)).toEqual([
      'random 0',
      'random 1',
      'random 2',
      'random 3',
      'own 0',
      'own 2',
    ])
    expect(set.failures.map(({ method, seeds }) => ({ method, seeds }))).toEqual([
      { method: 'own', seeds: [1] },
      { method: 'own', seeds: [3] },
    ])
    for (const { message } of set.failures) expect(message).toContain('this seed is odd')
  })

  it('that ends its thread fails its runs; the others go on', async () => {
    const set = await execute(await plan({ workers: 1, methods: methods(ownPath, 'exit') }), [table], { threads: 2 })
    expect(set.runs.map(({ method, seed }) => `${method} ${seed}`)).toEqual(
      expect.arrayContaining(['random 0', 'random 1', 'random 2', 'random 3', 'own 0', 'own 2']),
    )
    expect(set.failures.flatMap(({ seeds }) => seeds)).toEqual([1, 3])
  })

  it('is an error where every run fails', async () => {
    const planned = await plan({ workers: 1, methods: { own: methods(ownPath, 'throw')['own']! } }, [1, 3])
    await expect(execute(planned, [table], { threads: 0 })).rejects.toThrow(
      /^every run failed; the first: .*this seed is odd/,
    )
  })
})

describe('run directories', () => {
  const files = (): string[] => readdirSync(join(directory, 'run', 'runs')).toSorted()
  let given: Experiment
  let options: NonNullable<Parameters<typeof runExperiment>[1]>
  beforeEach(() => {
    const path = join(directory, 'toy.arrow')
    writeTable(path, data)
    given = { ...experiment, tables: [path] }
    options = { seeds, threads: 0, out: join(directory, 'run') }
  })

  it('resume: what is finished is not run again, and the digest stays', async () => {
    const whole = await runExperiment(given, options)
    const before = files()
    expect(before.length).toBe(16)
    // Half of a batch, a damaged one, and one that is not there.
    const [events, trials, ...others] = before.map((name) => join(directory, 'run', 'runs', name))
    rmSync(trials!)
    const damaged = others.find((path) => path.endsWith('.trials.arrow'))!
    writeFileSync(damaged, readFileSync(damaged).subarray(0, 100))
    const kept = others.filter((path) => path.endsWith('.trials.arrow') && path !== damaged)
    const times = kept.map((path) => statSync(path).ino)
    let runs = 0
    const again = await runExperiment(given, { ...options, resume: true, onProgress: () => runs++ })
    expect(again.set).toEqual(whole.set)
    expect(files()).toEqual(before)
    expect(existsSync(events!)).toBe(true)
    // Not written anew.
    expect(kept.map((path) => statSync(path).ino)).toEqual(times)
    expect(runs).toBe(8)
  })

  it('keep nothing where nothing is to be kept', async () => {
    const { directory: kept, set } = await runExperiment(given, { ...options, out: false })
    expect(kept).toBeUndefined()
    expect(set.runs.length).toBe(32)
    expect(existsSync(join(directory, 'run'))).toBe(false)
  })

  it('refuse another run, a run that is not there, and one that is', async () => {
    await expect(runExperiment(given, { ...options, resume: true })).rejects.toThrow(
      /there is no run to resume in .*run: it has no manifest.json/,
    )
    await runExperiment(given, options)
    await expect(runExperiment(given, options)).rejects.toThrow(/is not empty; add --resume/)
    await expect(runExperiment(given, { ...options, seeds: 3, resume: true })).rejects.toThrow(
      /is another one \(its seeds differ\)/,
    )
    await expect(runExperiment(given, { ...options, workers: [2], resume: true })).rejects.toThrow(
      /is another one \(its cells differ\)/,
    )
    const simulation = { stopDelay: 1 }
    await expect(runExperiment({ ...given, simulation }, { ...options, resume: true })).rejects.toThrow(
      'its simulation differ',
    )
    writeFileSync(join(directory, 'run', 'manifest.json'), '{"key":')
    await expect(runExperiment(given, { ...options, resume: true })).rejects.toThrow(/manifest\.json is damaged/)
    writeFileSync(join(directory, 'file'), '')
    await expect(runExperiment(given, { ...options, out: join(directory, 'file', 'run') })).rejects.toThrow(
      /cannot make the folder/,
    )
  })

  it('refuse seeds that are none', async () => {
    for (const [bad, message] of [
      [0, 'seeds must name at least one seed, got 0'],
      [[], 'seeds must name at least one seed, got []'],
      [[1.5], 'seeds must be whole numbers from 0 on, got 1.5'],
      [[-1], 'seeds must be whole numbers from 0 on, got -1'],
      [[2, 1, 2], 'seeds lists a seed twice: [2,1,2]'],
    ] as const)
      await expect(runExperiment(given, { ...options, seeds: bad })).rejects.toThrow(message)
  })

  it('hold a manifest that says what ran', async () => {
    const { manifest } = await runExperiment(given, options)
    const read = JSON.parse(readFileSync(join(directory, 'run', 'manifest.json'), 'utf8')) as unknown
    expect(read).toEqual(JSON.parse(JSON.stringify(manifest)))
    expect(manifest).toMatchObject({ formatVersion: 1, experiment: 'toy-experiment', baseline: 'random', seeds })
    expect(manifest.cells.map(({ method }) => method).slice(0, 4)).toEqual([
      'random',
      'asha[reductionFactor=2]',
      'asha[reductionFactor=3]',
      'promotion',
    ])
    expect(manifest.cells[0]).toMatchObject({ drawable: 40, budget: { fullEvaluations: 4 } })
    expect(manifest.tables[0]).toMatchObject({ name: 'toy', sha256: data.checksum, provenance: 'synthetic' })
  })
})

describe('planBatches', () => {
  it('cuts every cell into batches that hold each seed once, in order', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => i)
    const planned = await plan({}, many)
    const batches = planBatches(planned, new Map([['toy', table]]))
    expect(batches.flatMap(({ cell, seeds }) => seeds.map((seed) => `${cell.index}/${seed}`))).toEqual(
      planned.cells.flatMap(({ index }) => many.map((seed) => `${index}/${seed}`)),
    )
    let first = 0
    for (const [i, batch] of batches.entries()) {
      expect([batch.index, batch.firstRun]).toEqual([i, first])
      expect(batch.seeds.length).toBeLessThanOrEqual(250)
      first += batch.seeds.length
    }
  })
})

/** A simulated run, verified with the program that its table was recorded with: what is true is found true, what is not is found out. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verificationReport } from '../../../src/report/verification/page.js'
import { measureSample } from '../../../src/report/verification/measure.js'
import { type VerifyOptions, verifyRun } from '../../../src/run/verify/verify-run.js'
import { verifyWhole } from '../../../src/run/verify/verify-whole.js'
import { readRunSet } from '../../../src/store/read-run-set.js'
import { type Verification, readVerification } from '../../../src/store/verification.js'
import { removeFolders } from '../../record/fake.js'
import { bench } from '../../cli/fake-terminal.js'
import { type VerifiedToy, makeVerifiedToy } from './verified-toy.js'

// Programs are started by the dozen, which takes long on a machine with other things to do.
vi.setConfig({ testTimeout: 180_000 })

let toy: VerifiedToy
beforeAll(async () => {
  toy = await makeVerifiedToy()
}, 300_000)
afterAll(removeFolders)

const options = (more: Partial<VerifyOptions> = {}): VerifyOptions => ({
  trials: 6,
  dataDir: toy.data,
  tables: [toy.table],
  recordings: [toy.recording],
  ...more,
})

/** What the page says. */
function pageOf(run: string, found: Verification) {
  const { manifest, set } = readRunSet(run)
  return verificationReport(manifest, set, found)
}

describe('a sample of the trainings', () => {
  it('comes out as recorded, decides the same, and is not trained twice', async () => {
    const run = await toy.simulate('true')
    const before = toy.starts()
    const { sample, tables } = await verifyRun(run, options())
    expect(toy.starts() - before).toBe(6)
    expect(tables[0]).toMatchObject({ sameProgram: true, sameData: true, rungs: [1, 2, 3] })
    expect(sample!.trainings).toHaveLength(6)
    expect(sample!.strata.reduce((sum, { drawn }) => sum + drawn, 0)).toBe(6)
    for (const { drawn } of sample!.strata) expect(drawn).toBeGreaterThan(0)
    for (const { curves, reached, stratum, failure } of sample!.trainings) {
      expect(failure).toBe('')
      expect(curves['loss']!.real).toEqual(curves['loss']!.table)
      expect(curves['loss']!.real).toHaveLength(reached)
      expect(reached).toBeGreaterThanOrEqual(stratum)
    }
    const [measure] = measureSample(tables, sample!)
    expect(measure!.errors[0]).toMatchObject({ metric: 'loss', oneSided: 0, largest: 0 })
    expect(measure!.errors[0]!.equal).toBe(measure!.errors[0]!.values)
    // The program says its own times, always the same.
    expect(measure!.time!.mean).toBeCloseTo(1, 12)
    for (const { disagree, undecidable, agree, runs } of sample!.decisions) {
      expect({ disagree, undecidable }).toEqual({ disagree: 0, undecidable: 0 })
      expect(agree).toBeGreaterThanOrEqual(runs)
    }
    expect(sample!.decisions.reduce((sum, { endsAgree }) => sum + endsAgree, 0)).toBeGreaterThan(5)

    const plans: unknown[] = []
    const again = await verifyRun(run, options({ onPlan: (plan) => plans.push(plan) }))
    expect(plans).toEqual([{ trainings: 0, seconds: 0, kept: 6 }])
    expect(toy.starts() - before).toBe(6)
    expect(again.sample).toEqual(sample)
    // A larger sample holds the smaller one.
    await verifyRun(run, options({ trials: 9 }))
    expect(toy.starts() - before).toBe(9)
    await verifyRun(run, options())
    expect(toy.starts() - before).toBe(9)
    expect(readVerification(run, again.key)).toMatchObject({ sample: again.sample! })
  })

  it('says that the conclusion stands only where all results behind it were trained', async () => {
    const run = await toy.simulate('incumbents')
    const few = await verifyRun(run, options({ trials: 1 }))
    expect(pageOf(run, few).answer).toContain(
      'whether the conclusion stands with real values in its place cannot be said',
    )
    const all = await verifyRun(run, options({ trials: 1, incumbents: true }))
    expect(all.sample!.resultsTrained).not.toContain(false)
    expect(all.sample!.runs.map(({ best }) => best)).toEqual(readRunSet(run).set.runs.map(({ best }) => best))
    expect(pageOf(run, all).answer).toContain('with real values in its place, the conclusion stands')
    // They are no sample.
    expect(measureSample(all.tables, all.sample!)[0]!.trainings).toHaveLength(1)
  })

  it('finds out a table that does not tell the truth', async () => {
    const table = toy.forge('forged', ({ curves, levels, hyperparameters }) => {
      const [loss, lr] = [curves['loss']!, hyperparameters['lr']!.values]
      for (let i = 0; i < loss.length; i++) loss[i] = (1 - lr[Math.floor(i / levels)]!) / ((i % levels) + 1)
    })
    const run = await toy.simulate('false', {}, table)
    const found = await verifyRun(run, options({ tables: [table], trials: 26, incumbents: true }))
    const [measure] = measureSample(found.tables, found.sample!)
    expect(measure!.errors[0]!.largest).toBeGreaterThan(0.1)
    expect(measure!.levels[0]!.ranks!.kendall).toBeLessThan(-0.9)
    const asha = found.sample!.decisions.find(({ method }) => method === 'asha')!
    expect(asha.disagree).toBeGreaterThan(0)
    expect(asha.first).toMatch(
      /^trial \d+ at level \d: (stop|continue) in the simulation, (stop|continue) with real values$/,
    )
    const page = pageOf(run, found)
    expect(page.answer).toContain('the conclusion is contradicted')
    expect(page.answer).not.toContain('every recorded value')
  })

  it('keeps what was trained when it is stopped, and goes on', async () => {
    const run = await toy.simulate('stopped')
    const controller = new AbortController()
    const stopped = verifyRun(
      run,
      options({ workers: 1, signal: controller.signal, onProgress: () => controller.abort() }),
    )
    await expect(stopped).rejects.toThrow('abort')
    expect(existsSync(join(run, 'verify', 'verify.json'))).toBe(false)
    const kept: number[] = []
    await verifyRun(run, options({ onPlan: (plan) => kept.push(plan.kept) }))
    expect(kept[0]).toBeGreaterThan(0)
  })

  it('says what a budget left no time for', async () => {
    const run = await toy.simulate('hurried')
    const found = await verifyRun(run, options({ budget: 1e-9 }))
    expect(found.sample).toMatchObject({ skipped: 6, trainings: [] })
    expect(pageOf(run, found)).toMatchObject({
      answer: 'Nothing was trained.',
      warnings: ['6 trainings of the sample were not made; the same command goes on.'],
    })
  })
})

describe('the whole experiment', () => {
  it('run for real gives the same results, as nothing depends on time, and its journals decide again', async () => {
    const run = await toy.simulate('whole')
    const found = await verifyWhole(run, {
      dataDir: toy.data,
      tables: [toy.table],
      recordings: [toy.recording],
      seeds: [1],
    })
    const { whole } = found
    expect(whole!.real).toHaveLength(3)
    expect(whole!.real.map(({ cell, seed }) => [cell, seed])).toEqual(
      whole!.simulated.map(({ cell, seed }) => [cell, seed]),
    )
    for (const [i, { best, trials, reports }] of whole!.real.entries()) {
      const simulated = whole!.simulated[i]!
      expect({ trials, reports }).toEqual({ trials: simulated.trials, reports: simulated.reports })
      expect(best!.config).toEqual(simulated.best!.config)
      expect(best!.test).toBe(simulated.best!.test)
    }
    for (const { decisions, difference } of whole!.replays) {
      expect(difference).toBeNull()
      expect(decisions).toBeGreaterThan(3)
    }
    const before = toy.starts()
    await verifyWhole(run, { dataDir: toy.data, tables: [toy.table], recordings: [toy.recording], seeds: [1] })
    expect(toy.starts()).toBe(before)
    await expect(
      verifyWhole(run, { dataDir: toy.data, tables: [toy.table], recordings: [toy.recording], stretch: 2 }),
    ).rejects.toThrow('holds real runs of another simulation, program or --stretch')
  })
})

describe('bench verify', () => {
  const verify = (run: string, ...more: string[]) =>
    bench(['verify', run, '--data', toy.data, '--tables', toy.table, '--recording', toy.recording, ...more])

  it('prints tables, writes a page, and the report of the run says so from then on', async () => {
    const run = await toy.simulate('command')
    const { code, out, err } = await verify(run, '--trials', '4')
    expect({ code, err }).toEqual({ code: 0, err: '4 trainings to make, 5.5 s as recorded\n' })
    expect(out).toContain('Does the simulation of fake-experiment tell the truth?')
    expect(out).toContain('Of 4 trainings made again, every recorded value came out equal to the last bit')
    for (const line of out.split('\n').filter((text) => !text.startsWith('Page: ')))
      expect(line.length).toBeLessThanOrEqual(100)
    expect(readFileSync(join(run, 'verify', 'verify.html'), 'utf8')).toContain(
      '<h1>Does the simulation of fake-experiment',
    )
    expect(readFileSync(join(run, 'verify', 'verify.md'), 'utf8')).toContain('![Scatter chart of loss on fake')
    expect(existsSync(join(run, 'verify', 'agreement-1.svg'))).toBe(true)
    const said = (): string => readFileSync(join(run, 'report.html'), 'utf8')
    expect(said()).toContain('<a href="verify/verify.html">')
    expect((await bench(['report', run])).code).toBe(0)
    expect(said()).toContain('<h2>Verified on real hardware</h2>')

    const json = JSON.parse((await verify(run, '--trials', '4', '--json')).out)
    expect(json.sample.measures[0]).toMatchObject({ table: 'fake', trainings: 4 })
    expect(json.sample.conclusion.standing).toBe('cannot be said')
    expect(json.whole).toBeNull()
  })

  it.each([
    [['--whole', '--trials', '3'], '--trials is for a sample; leave it or --whole out'],
    [['--stretch', '2'], '--stretch goes with --whole; add --whole'],
    [['--backend', 'simulated'], '--backend must be local, got "simulated"'],
    [['--data', '/nowhere'], '--data must be a folder that exists, got "/nowhere"'],
  ])('%j is refused in one line', async (flags, message) => {
    const { code, err } = await bench(['verify', toy.folder, ...flags])
    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('refuses what cannot be verified, and says why', async () => {
    const run = await toy.simulate('refused')
    const other = await bench(['verify', run, '--data', toy.data])
    expect(other.err).toContain('give its path with --tables')
    const unknown = await bench(['verify', run, '--data', toy.data, '--tables', toy.table])
    expect(unknown.err).toContain('no recording of the table "fake" ships')
    const bare = await bench(['verify', run, '--tables', toy.table, '--recording', toy.recording])
    expect(bare.err).toContain('the program of fake needs its data; give --data DIR')
    const changed = toy.forge('changed', ({ curves }) => void (curves['loss']![0] = 0.5))
    const mixed = await bench(['verify', run, '--data', toy.data, '--tables', changed, '--recording', toy.recording])
    expect(mixed.err).toContain('the table "fake" is not the one that was replayed')
    const near = await toy.simulate('near', { simulation: { lookup: { nearest: 2 } } })
    expect((await verify(near)).err).toContain('the mean of recorded ones')
  })
})

import { describe, expect, it } from 'vitest'
import { jobsOfRunsText } from '../../src/report/jobs-of-runs.js'
import { usesText } from '../../src/report/jobs-text.js'
import type { JournalLine } from '../../src/store/journal.js'
import { heardOf, jobsUse, openJobs } from '../../src/store/training-jobs.js'

const header = { backend: 'sagemaker', region: 'eu-central-1', prices: { source: 'a list', date: '2026-11' } }
const machine = { instanceType: 'ml.m5.large', instanceCount: 2 }
const begun = (job: string, trial: number): JournalLine => ({ event: 'job', job, trial, ...machine })
const ended = (job: string, trial: number, more: JournalLine = {}): JournalLine => ({
  ...begun(job, trial),
  event: 'job-end',
  status: 'Completed',
  startUp: 90,
  billable: 100,
  usd: 0.5,
  ...more,
})

describe('training jobs of a journal', () => {
  it('are summed up by trial, each job once', () => {
    const entries = [begun('a0', 0), begun('b0', 1), ended('a0', 0), begun('a1', 0), ended('a1', 0), ended('a1', 0)]
    expect(jobsUse({ header, entries })).toEqual({
      region: 'eu-central-1',
      prices: { source: 'a list', date: '2026-11' },
      jobs: 2,
      open: 1,
      estimated: 0,
      billable: 400,
      usd: 1,
      trials: [{ trial: 0, ...machine, jobs: 2, startUp: 180, billable: 200, usd: 1 }],
    })
    expect(jobsUse({ header: {}, entries })).toBeUndefined()
  })

  it('count spot machines that were taken away', () => {
    const entries = [ended('a', 0, { interruptions: 2 }), ended('b', 0, { interruptions: 1 }), ended('c', 1)]
    const use = jobsUse({ header, entries })!
    expect(use.trials).toMatchObject([{ trial: 0, interruptions: 3 }, { trial: 1 }])
    expect(use.trials[1]).not.toHaveProperty('interruptions')
    expect(usesText([use])).toContain('; spot machines were taken away 3 times; ')
    const about = { table: 't', method: 'asha', seed: 0, ...use }
    const shown = jobsOfRunsText('x', [about], { colors: false, width: 100 })
    expect(shown).toMatch(/jobs +taken away +start-up s/)
    expect(shown).toMatch(/0 +ml\.m5\.large +2 +2 +3 +180\.0/)
  })

  it('were last heard of when their trials reported', () => {
    const report = (trial: number, time: number): JournalLine => ({ event: 'report', trial, time })
    const job = (name: string, trial: number, time: number): JournalLine => ({ ...begun(name, trial), time })
    const entries = [report(1, 1), job('a', 0, 5), job('b', 1, 6), report(0, 20), report(0, 30), job('c', 0, 40)]
    expect(heardOf(entries)).toEqual(new Map([['a', 25]]))
    const made = { event: 'job-made', job: 'b', time: 7, since: 4, usdPerHour: 1 }
    expect(heardOf([...entries, made])).toEqual(
      new Map([
        ['a', 25],
        ['b', 3],
      ]),
    )
  })

  it('without a price or without machines say so', () => {
    const use = jobsUse({ header, entries: [ended('a', 0, { startUp: null, usd: null }), ended('b', 1)] })
    expect(use).toMatchObject({
      usd: null,
      trials: [
        { startUp: null, usd: null },
        { startUp: 90, usd: 0.5 },
      ],
    })
  })

  it('that are found again after their end stay ended; a name that was not there may come', () => {
    expect(openJobs([begun('a', 0), ended('a', 0), begun('a', 0)])).toEqual([])
    const gone = ended('b', 1, { status: 'Deleted', billable: 0, usd: 0 })
    expect(openJobs([begun('b', 1), gone])).toEqual([])
    expect(openJobs([begun('b', 1), gone, begun('b', 1)])).toEqual([begun('b', 1)])
    expect(jobsUse({ header, entries: [begun('b', 1), gone] })).toMatchObject({ jobs: 0, trials: [] })
  })
})

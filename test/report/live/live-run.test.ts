import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { happeningText } from '../../../src/report/live/happening.js'
import { liveEvent } from '../../../src/report/live/live-event.js'
import { LiveRun, type RunView } from '../../../src/report/live/live-run.js'
import { announcedRungs } from '../../../src/report/live/live-setup.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import { type SimulatedJournal, end, report, restart, resume, setup, simulatedJournal, start } from './journals.js'

function follow(events: readonly RunEvent[], given = setup): LiveRun {
  const run = new LiveRun(given)
  for (const event of events) run.take(event)
  return run
}

describe('a run that is followed', () => {
  const events = [
    start(0, 0),
    start(0, 1),
    report(1, 0, 1, 0.5),
    report(2, 1, 1, 0.6, 'stop'),
    start(2, 2),
    report(3, 0, 2, 0.4),
    report(3.5, 2, 1, 0.55),
    report(4, 0, 3, 0.45, 'pause'),
    start(4, 3),
    restart(5, 2, 1, 'exit code 1'),
    report(6, 2, 2, Number.NaN, 'stop'),
    resume(6, 0, 3),
    end(7, 3, 'failed', 'exit code 2'),
    report(8, 0, 9, 0.41),
    end(8, 0, 'completed'),
    start(8, 4),
  ]
  const view = follow(events).view(10)

  it('counts its trials by what became of them', () => {
    expect(view.trials).toEqual({
      started: 5,
      running: 1,
      paused: 0,
      completed: 1,
      stopped: 1,
      diverged: 1,
      failed: 1,
    })
    expect(view.running).toEqual([{ trial: 4, level: 0, value: Number.NaN, seconds: 2 }])
  })

  it('knows who reached each rung, and what became of them there', () => {
    expect(view.rungs).toEqual([
      { level: 1, reached: 3, passed: 2, stopped: 1, paused: 0, best: { trial: 0, value: 0.5 } },
      { level: 2, reached: 2, passed: 1, stopped: 1, paused: 0, best: { trial: 0, value: 0.4 } },
      { level: 3, reached: 1, passed: 1, stopped: 0, paused: 0, best: { trial: 0, value: 0.45 } },
      { level: 9, reached: 1, passed: 0, stopped: 0, paused: 0, best: { trial: 0, value: 0.41 } },
    ])
  })

  it('keeps the first report with the least loss, with its configuration and what is reported for it', () => {
    expect(view.incumbents).toEqual([
      {
        metric: 'error',
        value: 0.4,
        report: 'test_error',
        reported: 0.41000000000000003,
        trial: 0,
        level: 2,
        time: 3,
        config: { lr: 0 },
      },
    ])
  })

  it('says what of the budget is used, how fast it goes, and how long it will take', () => {
    expect(view.limits).toEqual([{ limit: 'reports', used: 7, of: 20 }])
    // 6 reports after the first one, at 1 s, until now, at 10 s.
    expect(view.reportsPerMinute).toBeCloseTo(40)
    expect(view.secondsLeft).toBeCloseTo((13 / 6) * 9)
  })

  it('tells what a person wants to know, in its order', () => {
    expect(view.happenings.map(({ kind, trial }) => `${kind} ${trial}`)).toEqual([
      'started 0',
      'started 1',
      'incumbent 0',
      'passed 0',
      'stopped 1',
      'started 2',
      'incumbent 0',
      'passed 2',
      'paused 0',
      'started 3',
      'restarted 2',
      'diverged 2',
      'resumed 0',
      'failed 3',
      'completed 0',
      'started 4',
    ])
    expect(view.troubles.map(({ kind, trial }) => `${kind} ${trial}`)).toEqual(['restarted 2', 'failed 3'])
    expect(view.restarts).toBe(1)
  })

  it('judges a rung that was jumped over with the first report past it', () => {
    const { rungs } = follow([start(0, 0), report(1, 0, 4, 0.3, 'stop')]).view()
    expect(rungs).toMatchObject([
      { level: 1, reached: 1, passed: 1, stopped: 0 },
      { level: 3, reached: 1, passed: 0, stopped: 1 },
      { level: 9, reached: 0 },
    ])
  })

  it('knows limits of every kind', () => {
    const stop = {
      seconds: 40,
      trials: 10,
      evaluations: 4,
      reports: 100,
      cost: 0.01,
      target: { metric: 'error', value: 0 },
    }
    const { limits, secondsLeft } = follow(events, { ...setup, stop, pricePerHour: 3.6 }).view(10)
    const used = Object.fromEntries(limits.map((one) => [one.limit, one.used]))
    expect(used).toEqual({
      seconds: 10,
      trials: 5,
      evaluations: 4,
      reports: 7,
      cost: expect.closeTo(0.017, 6) as number,
    })
    expect(secondsLeft).toBe(0)
    // A cost without a price is no limit that could be shown.
    expect(follow(events, { ...setup, stop: { cost: 1 } }).view().limits).toEqual([])
  })
})

describe('the rungs that options imply', () => {
  const options = { gracePeriod: 1, reductionFactor: 3, sizes: 'algorithm' }
  it.each([
    ['asha-stopping', options, [1, 3, 9]],
    ['hyperband', { ...options, gracePeriod: 2 }, [3, 9]],
    ['median-stopping', { scheduler: { type: 'asha-stopping', ...options } }, [1, 3, 9]],
    ['fifo', {}, []],
    ['./own.js', { gracePeriod: -1, reductionFactor: 0 }, []],
  ])('of %s', (type, given, levels) => {
    expect(announcedRungs({ type, options: given }, 27)).toEqual(levels)
  })
})

describe('lines of any kind', () => {
  const take = (lines: readonly unknown[]): RunView => {
    const run = new LiveRun(setup)
    for (const line of lines) {
      const event = liveEvent(line as Record<string, unknown>)
      if (event !== undefined)
        for (const one of run.take(event)) happeningText(one, { resource: 'epoch', metric: 'error' })
    }
    return run.view()
  }

  it('that are not known are passed over', () => {
    const known = [start(0, 0), report(1, 0, 1, 0.5)]
    expect(take([{ event: 'session', time: 0 }, known[0], {}, { event: 'report' }, known[1]])).toEqual(take(known))
  })

  it('never throw', () => {
    const anything = fc.oneof(
      fc.integer({ min: -1, max: 4 }),
      fc.constantFrom('NaN', 'stop', 'failed', null),
      fc.anything(),
    )
    const line = fc.record(
      {
        event: fc.constantFrom('start', 'resume', 'restart', 'report', 'end', 'ignored', 'other'),
        time: anything,
        trial: anything,
        attempt: anything,
        config: anything,
        from: anything,
        resource: anything,
        values: fc.oneof(fc.array(anything), anything),
        decision: anything,
        state: anything,
        reason: anything,
      },
      { requiredKeys: ['event'] },
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(take(lines).trials.running).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('the journal of a whole run', () => {
  const two = {
    objectives: [
      { metric: 'error', report: 'test_error' },
      { metric: 'test_error', goal: 'max' as const },
    ],
  }
  const cases: readonly (readonly [string, Parameters<typeof simulatedJournal>])[] = [
    ['asha-stopping', [{ type: 'asha-stopping' }]],
    ['asha-promotion', [{ type: 'asha-promotion' }]],
    ['hyperband', [{ type: 'hyperband' }]],
    ['median-stopping', [{ type: 'median-stopping' }]],
    ['mo-asha-stopping', [{ type: 'mo-asha-stopping' }, two]],
  ]

  it.each(cases)('comes to what the summary of the run says: %s', async (_name, given) => {
    const { setup: itsSetup, events, summary } = await simulatedJournal(...given)
    const view = follow(events, itsSetup).view(summary.simulatedSeconds)
    expect(view.trials.started).toBe(summary.trials)
    expect(view.reports).toBe(summary.reports)
    expect(view.trials.running).toBe(summary.inFlight.trials)
    expect(view.running.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(summary.inFlight.seconds, 9)
    const { trial, resource, validation, test } = summary.best!
    expect(view.incumbents[0]).toMatchObject({ trial, level: resource, value: validation, reported: test })
    expect(view.front?.size).toBe(summary.pareto?.set.length)
    expect(view.front?.hypervolume).toBe(summary.pareto?.reported.final)
    const { trials, rungs } = view
    expect(Object.values(trials).reduce((sum, count) => sum + count, -trials.started)).toBe(trials.started)
    expect(rungs.reduce((sum, { paused }) => sum + paused, 0)).toBe(trials.paused)
    expect(rungs.reduce((sum, { stopped }) => sum + stopped, 0)).toBe(trials.stopped + trials.diverged)
    for (const [i, { reached, passed, stopped, paused }] of rungs.entries()) {
      expect(passed + stopped + paused).toBeLessThanOrEqual(reached)
      if (i > 0) expect(reached).toBeLessThanOrEqual(rungs[i - 1]!.reached)
    }
  })

  it('gives a state at every prefix, that only grows', async () => {
    const journals = await Promise.all(cases.map(([, given]) => simulatedJournal(...given)))
    const prefix = fc
      .constantFrom(...journals)
      .chain((journal) =>
        fc.nat({ max: journal.events.length }).map((length): [SimulatedJournal, number] => [journal, length]),
      )
    fc.assert(
      fc.property(prefix, ([journal, length]) => {
        const run = follow(journal.events.slice(0, length), journal.setup)
        // Looking changes nothing.
        const before = run.view()
        expect(run.view()).toEqual(before)
        for (const event of journal.events.slice(length)) run.take(event)
        expect(run.view()).toEqual(follow(journal.events, journal.setup).view())
        expect(before.reports).toBeLessThanOrEqual(run.view().reports)
        expect(before.happenings.length).toBeLessThanOrEqual(50)
      }),
    )
  })
})

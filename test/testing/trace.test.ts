import { describe, expect, it } from 'vitest'
import { type SchedulerDefinition, schedulers } from '../../src/core/schedulers/index.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { tableOf, traceExperiment, traceOf } from '../../src/testing/index.js'
import { parseTrace } from './parse-trace.js'
import definition from '../fixtures/own-scheduler.js'

const table = tableOf({ levels: 9, configurations: 12, value: ({ config, level }) => config.x + 1 / level })

describe('traceOf', () => {
  it('tells what was run, every event, and how it ended', () => {
    const trace = traceOf({ type: 'asha-promotion', reductionFactor: 2 }, table, 3, {
      workers: 2,
      budget: { trials: 3 },
    })
    expect(String(trace)).toBe(`${trace.lines.join('\n')}\n`)
    expect(String(trace)).toMatchInlineSnapshot(`
      "# scheduler   asha-promotion {"reductionFactor":2}
      # searcher    random
      # objectives  error (min)
      # table       in-memory: 12 configurations, 12 trainings, 9 levels, sha256 1f389ad6a443
      # seed        3
      # workers     2
      # budget      {"trials":3}
      # time              trial  level  error               decision
      0                   0      -      -                   start  x=0.45454545454545453
      0                   1      -      -                   start  x=0.2727272727272727
      1                   0      1      1.4545454545454546  pause
      1                   2      -      -                   start  x=0.9090909090909091
      1                   1      1      1.2727272727272727  pause
      1                   1      1      -                   resume
      2                   1      2      0.7727272727272727  pause
      2                   2      1      1.9090909090909092  pause
      2                   0      1      -                   resume
      3                   0      2      0.9545454545454546  pause
      3                   1      2      -                   resume
      4                   1      3      0.606060606060606   continue
      5                   1      4      0.5227272727272727  pause
      # end         limit in trials at 5 s: 3 trials, 7 reports
      "
    `)
  })

  it.each(Object.keys(schedulers))('%s: every step is a line that reads back to the last bit', (type) => {
    const trace = traceOf(type, table, 1, { workers: 3 })
    const read = parseTrace(String(trace))
    expect(read).toEqual(
      trace.steps.map(({ time, trial, kind, level, values }) => ({ time, trial, kind, level, values: [...values] })),
    )
    expect(trace.steps.length).toBeGreaterThan(12)
  })

  it('is the same for the same arguments, and another for another seed', () => {
    expect(String(traceOf('asha-stopping', table, 1))).toBe(String(traceOf('asha-stopping', table, 1)))
    expect(String(traceOf('asha-stopping', table, 1))).not.toBe(String(traceOf('asha-stopping', table, 2)))
  })

  it('takes a scheduler by name, by definition, and by either with options', () => {
    const asha = schedulers['asha-stopping']
    const steps = (scheduler: Parameters<typeof traceOf>[0]): unknown => traceOf(scheduler, table, 0).steps
    expect(steps(asha as unknown as SchedulerDefinition)).toEqual(steps('asha-stopping'))
    expect(steps({ type: asha as unknown as SchedulerDefinition, reductionFactor: 4 })).toEqual(
      steps({ type: 'asha-stopping', reductionFactor: 4 }),
    )
    expect(traceOf(definition as unknown as SchedulerDefinition, table, 0).lines[0]).toBe(
      '# scheduler   (given by value)',
    )
  })

  it('explains each decision where it is asked to, and decides the same', () => {
    const plain = traceOf('asha-stopping', table, 0, { workers: 2 })
    const explained = traceOf('asha-stopping', table, 0, { workers: 2, explain: true })
    expect(explained.lines.filter((line) => !line.startsWith('    '))).toEqual(plain.lines)
    const stopped = plain.steps.findIndex(({ kind }) => kind === 'stop')
    expect(plain.steps[stopped]!.explanation).toBeUndefined()
    const { explanation } = explained.steps[stopped]!
    expect(explanation).toContain(`trial ${plain.steps[stopped]!.trial}`)
    expect(explanation).toContain('does not pass')
    expect(plain.explain(stopped)).toBe(explanation)
    const lines = explanation!.split('\n').map((line) => `    ${line}`)
    expect(explained.lines.join('\n')).toContain(lines.join('\n'))
    expect(traceOf('fifo', table, 0, { explain: true }).lines).toEqual(traceOf('fifo', table, 0).lines)
  })

  it('ends at a time where it is told to: the beginning of the whole trace', () => {
    const whole = traceOf('asha-stopping', table, 0).steps
    const { steps, summary } = traceOf('asha-stopping', table, 0, { until: 12 })
    expect(steps).toEqual(whole.filter(({ time }) => time <= 12))
    expect(summary).toMatchObject({ reason: 'seconds', simulatedSeconds: 12 })
  })

  it('shows all objectives of a scheduler that ranks by all of them', () => {
    const two = tableOf({
      levels: 2,
      configurations: 2,
      metrics: { error: 'min', accuracy: 'max' },
      value: ({ metric, level }) => (metric === 'error' ? 1 / level : level),
    })
    const all = { ...schedulers.fifo, objectives: 'all' } as unknown as SchedulerDefinition
    expect(traceOf(all, two, 0).steps.map(({ values }) => values)).toContainEqual([0.5, 2])
    expect(traceOf('fifo', two, 0).steps.map(({ values }) => values)).toContainEqual([0.5])
    const chosen = traceOf('fifo', two, 0, { objectives: [{ metric: 'accuracy' }] })
    expect(chosen.lines).toContain('# objectives  accuracy (max)')
  })

  it('says what is wrong in one line', () => {
    expect(() => traceOf('asha-stoping', table, 0)).toThrow('unknown scheduler "asha-stoping"; did you mean')
    expect(() => traceOf({ type: 'asha-stopping', eta: 3 }, table, 0)).toThrow(/^scheduler has an unknown entry "eta"/)
    expect(() => traceOf('fifo', 'ngram-mprc', 0)).toThrow('did you mean "ngram-mrpc"?')
    expect(() => traceOf('fifo', table, -1)).toThrow('seed must be a whole number from 0 on, got -1')
    expect(() => traceOf('fifo', table, 0, { workers: 0 })).toThrow(/^options\.workers must be .*, got 0; /)
  })
})

describe('traceExperiment', () => {
  it('needs one method where a list of options makes several', async () => {
    const trace = (method: string) => traceExperiment('asha-vs-random', { method, seed: 0, until: 1 })
    await expect(trace('asha')).rejects.toThrow('asha-vs-random has no method "asha"; did you mean')
    await expect(trace('asha-stopping')).rejects.toThrow(
      'is one of several, write one of them: "asha-stopping[brackets=1]", "asha-stopping[brackets=3]"',
    )
    expect((await trace('asha-stopping[brackets=3]')).lines[0]).toBe('# scheduler   asha-stopping {"brackets":3}')
  })

  it('is what bench run runs', async () => {
    const trace = await traceExperiment('asha-vs-random', { method: 'asha-promotion', seed: 2, table: 'ngram-stsb' })
    const { set } = await runExperiment('asha-vs-random', {
      methods: ['asha-promotion'],
      tables: ['ngram-stsb'],
      seeds: [2],
      threads: 0,
      out: false,
    })
    const { cell: _cell, ...run } = set.runs[0]!
    expect(trace.summary).toMatchObject(run)
    expect(trace.lines).toContain('# seed        2')
  })
})

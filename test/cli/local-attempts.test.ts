/** Retries, time limits and what is known of each process, through the command line and in the journal. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readLocalRun } from '../../src/store/local-run.js'
import { bench } from './fake-terminal.js'
import { type LocalToy, makeLocalToy } from './local-toy.js'

let toy: LocalToy
afterEach(() => toy.remove())

const CRASH = 'exit code 1: out of memory'

describe('bench run --backend local', () => {
  it('--retries: a crashed trial is started again, which the journal says and no scheduler sees', async () => {
    toy = makeLocalToy('crashes', {
      program: { arguments: { crash_at: 2, times: 1 } },
      experiment: { budget: { trials: 1 }, simulation: { checkpoints: false } },
    })
    const { code, out, err } = await bench(toy.run('out', '--retries', '2'))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/Used: 2 processes, 1 of them started again after a crash; (at most \d+ MiB each; )?no GPU/)
    const told = toy.events('out').map((event) => {
      if (event.event === 'report') return `report ${event.resource}`
      if (event.event === 'restart')
        return `restart ${event.trial}.${event.attempt} from ${event.from}: ${event.reason}`
      return event.event === 'end' ? `end ${event.state}` : event.event
    })
    expect(told).toEqual([
      'start',
      'report 1',
      'report 2',
      `restart 0.0 from 2: ${CRASH}`,
      'report 3',
      'report 4',
      'end completed',
    ])
    const attempts = toy.journal('out').filter(({ event }) => event === 'attempt')
    expect(attempts).toMatchObject([
      { trial: 0, attempt: 0, restarts: 0, worker: 0, gpus: [], shared: 0, exit: CRASH },
      { trial: 0, attempt: 0, restarts: 1, worker: 0, gpus: [], shared: 0, exit: 'exit code 0' },
    ])
    for (const { begun, ended } of attempts) expect(ended).toBeGreaterThan(begun as number)
    const run = readLocalRun(join(toy.directory, 'out', 'runs', '000-0'))!
    expect(run.summary).toMatchObject({ failures: 0, machine: { processes: 2, restarts: 1, gpus: [], shared: 0 } })
    // A table can be made of such a run: it has every level once.
    const table = join(toy.directory, 'made.arrow')
    const made = await bench(['record', '--from-run', join(toy.directory, 'out'), '--out', table])
    expect(made).toMatchObject({ code: 0, err: '' })
  })

  it('--trial-timeout: a trial that runs longer fails, and says why', async () => {
    toy = makeLocalToy('no-end', { experiment: { budget: { trials: 1 } } })
    const { code, err } = await bench(toy.run('out', '--trial-timeout', '1s', '--retries', '3'))
    expect(code).toBe(1)
    expect(err).toMatch(/^bench: no run has a result, as every trial failed; why stands in .*journal\.jsonl\n$/)
    expect(toy.events('out').at(-1)).toMatchObject({ event: 'end', state: 'failed', reason: 'ran longer than 1 s' })
    expect(readFileSync(join(toy.directory, 'out', 'report.md'), 'utf8')).toContain('1 trial of random failed')
  })

  it('trials whose program never reports fail and say what a report looks like; no run has a result', async () => {
    toy = makeLocalToy('steps', { program: { arguments: { mute: 4 } } })
    const { code, err, out } = await bench(toy.run('out'))
    expect(code).toBe(1)
    expect(err).toMatch(/^bench: no run has a result, as every trial failed; why stands in .*journal\.jsonl\n$/)
    expect(out).toContain('Warning: local-toy: 3 trials of random failed.')
    const ends = toy.events('out').filter(({ event }) => event === 'end')
    const reason = 'ended without a report; programs report by lines like [tune-metric]: {"epoch": 1, "loss": 0.5}'
    expect(ends).toMatchObject([0, 1, 2].map(() => ({ state: 'failed', reason })))
  })

  it('says what a budget in evaluations comes to by the times of the table', async () => {
    toy = makeLocalToy('environment', { experiment: { budget: { fullEvaluations: 1000, trials: 1 } } })
    const { code, err } = await bench(toy.run('out'))
    expect(code).toBe(0)
    expect(err).toBe('1000 full evaluations = 1 h 7 min by the times of the table local-toy; this machine may differ\n')
  })
})

describe('bench record', () => {
  it('--trial-timeout: a training that runs longer fails', async () => {
    toy = makeLocalToy('no-end')
    const out = join(toy.directory, 'made.arrow')
    const { code, err } = await bench(['record', toy.recording, '--trial-timeout', '1s', '--limit', '1', '--out', out])
    expect(code).not.toBe(0)
    expect(err).toContain('1 training failed; the journal says why')
    expect(readFileSync(`${out}.journal.jsonl`, 'utf8')).toContain('ran longer than 1 s')
  })
})

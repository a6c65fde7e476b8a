import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryFollower } from '../../../src/cli/live/directory-follower.js'
import { liveText } from '../../../src/report/live/live-text.js'
import type { JournalLine } from '../../../src/store/journal.js'
import { lockJournal } from '../../../src/store/journal-lock.js'
import { LocalDirectory, localManifest } from './local-directory.js'
import { end, report, start } from '../../report/live/journals.js'

let path: string
let directory: LocalDirectory
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'rungbench-follow-'))
  directory = new LocalDirectory(path)
})
afterEach(() => {
  directory.close()
  rmSync(path, { recursive: true, force: true })
})

const NOW = Date.parse('2026-11-01T12:01:00Z')
const events = [start(0, 0), report(1, 0, 1, 0.5), report(2, 0, 3, 0.4, 'stop')]

/** Everything that is new. */
function newsOf(follower: DirectoryFollower): string[] {
  const texts: string[] = []
  for (;;) {
    const { news, more } = follower.poll()
    texts.push(...news.map(({ text }) => text))
    if (!more) return texts
  }
}

describe('a run directory', () => {
  it('that has not begun', () => {
    const follower = new DirectoryFollower(path, localManifest(2))
    expect(newsOf(follower)).toEqual([])
    expect(follower.view(NOW)).toMatchObject({ state: 'waiting', runs: [{ state: 'waiting' }, { state: 'waiting' }] })
  })

  it('is followed from its beginning to its end', () => {
    const follower = new DirectoryFollower(path, localManifest(2))
    newsOf(follower)
    const unlock = lockJournal(join(path, 'runs'))
    expect(follower.view(NOW)).toMatchObject({ state: 'running', writer: { pid: process.pid } })
    const first = directory.begin(0)
    expect(newsOf(follower)).toEqual(['run 1 of 2 begins: toy, asha, seed 0'])
    first.write(...events)
    expect(newsOf(follower)).toEqual([
      'trial 0 starts: lr=0',
      'new best error 0.5, test_error 0.51 by trial 0 at epoch 1',
      'trial 0 passes epoch 1, error 0.5',
      'new best error 0.4, test_error 0.41 by trial 0 at epoch 3',
      'trial 0 stopped at epoch 3, error 0.4',
    ])
    expect(follower.view(NOW)).toMatchObject({
      state: 'running',
      runs: [{ state: 'running' }, { state: 'waiting' }],
      current: { at: 0, run: { reports: 2, trials: { stopped: 1 } } },
    })
    first.finish()
    expect(newsOf(follower)).toEqual(['run 1 of 2 ended: toy, asha, seed 0: test_error 0.41, 1 trial, 2 s'])
    // Between two runs: nobody writes a journal, but the process is at work.
    expect(follower.view(NOW)).toMatchObject({ state: 'running', runs: [{ state: 'finished' }, { state: 'waiting' }] })
    // Begun and ended between two looks.
    const second = directory.begin(1)
    second.write(start(0, 0), end(1, 0, 'failed', 'exit code 1'))
    second.finish()
    unlock()
    expect(newsOf(follower)).toEqual([
      'run 2 of 2 begins: toy, asha, seed 1',
      'trial 0 starts: lr=0',
      'trial 0 failed after epoch 0: exit code 1',
      'run 2 of 2 ended: toy, asha, seed 1: no finite value, 1 trial, 1 s',
    ])
    expect(follower.view(NOW)).toMatchObject({ state: 'finished', current: { at: 1, run: { elapsed: 1 } } })
  })

  it('is no news where it was there before; what is said of times follows the journal', () => {
    const run = directory.begin(0)
    run.write(...events)
    const follower = new DirectoryFollower(path, localManifest(1))
    expect(newsOf(follower)).toEqual([])
    run.write(start(3, 1), { event: 'session', at: '2026-11-01T13:00:00.000Z', time: 10 }, start(11, 2))
    const { news } = follower.poll()
    expect(news.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-11-01T12:00:03.000Z',
      '2026-11-01T13:00:01.000Z',
    ])
  })

  it('of a process that was ended is told from one that is written', () => {
    directory.begin(0).write(...events)
    const follower = new DirectoryFollower(path, localManifest(2))
    newsOf(follower)
    expect(follower.view(NOW).state).toBe('running')
    directory.close()
    expect(follower.view(NOW)).toMatchObject({
      state: 'unfinished',
      runs: [{ state: 'unfinished' }, { state: 'waiting' }],
      current: { run: { elapsed: 2 } },
    })
    expect(follower.view(NOW)).not.toHaveProperty('writer')
    // Of another machine nothing is known: its process counts as alive.
    writeFileSync(join(path, 'runs.lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: 'x', began: '' }))
    expect(follower.view(NOW).state).toBe('running')
    rmSync(join(path, 'runs.lock'))
  })

  it('whose run gave up goes on with the next', () => {
    const unlock = lockJournal(join(path, 'runs'))
    const follower = new DirectoryFollower(path, localManifest(2))
    newsOf(follower)
    const first = directory.begin(0)
    first.write(...events)
    newsOf(follower)
    first.close()
    directory.begin(1)
    expect(newsOf(follower)).toEqual([
      'run 1 of 2 ended: toy, asha, seed 0: no result; its journal is kept',
      'run 2 of 2 begins: toy, asha, seed 1',
    ])
    expect(follower.view(NOW).runs.map(({ state }) => state)).toEqual(['unfinished', 'running'])
    unlock()
  })

  it('whose journal is another kind of file', () => {
    mkdirSync(join(path, 'runs', '000-0'), { recursive: true })
    writeFileSync(join(path, 'runs', '000-0', 'journal.jsonl'), '{"journal":"rungbench-recording"}\n')
    const follower = new DirectoryFollower(path, localManifest(1))
    expect(() => newsOf(follower)).toThrow(/journal\.jsonl is not the journal of a local run$/)
  })
})

describe('runs whose trials are training jobs', () => {
  const made = (job: string, since: number, usdPerHour: number | null = 3600): JournalLine => ({
    event: 'job-made',
    time: since,
    job,
    since,
    usdPerHour,
  })
  const ended = (job: string, usd: number | null, status = 'Completed'): JournalLine => ({
    event: 'job-end',
    job,
    usd,
    status,
  })
  const spentAfter = (...lines: JournalLine[]) => {
    const follower = new DirectoryFollower(path, localManifest(1))
    directory.begin(0).write(...lines)
    newsOf(follower)
    return follower.view(NOW).spent
  }

  it('say what was spent: bills of jobs that have ended, and time of those that have not', () => {
    // The last event is of second 2: a dollar a second, asked for at 0.5 and 1; the first has ended for less.
    const spent = spentAfter(...events.slice(0, 1), made('a', 0.5), made('b', 1), ended('a', 0.25), ...events.slice(1))
    expect(spent!.jobs).toBe(1)
    expect(spent!.usd).toBeGreaterThanOrEqual(1.25)
    expect(spent).not.toHaveProperty('limit')
  })

  it('with the limit that was given; a job that is found again is counted once', () => {
    const runs = { id: 'a', prefix: 'toy-a-', region: 'us-east-1', endpoints: {}, maxCost: 20 }
    writeFileSync(join(path, 'sagemaker.json'), JSON.stringify(runs))
    const again = [made('a', 0), ended('a', 2), made('a', 0), { event: 'pool', job: 'a', seconds: 9, usd: 1 }]
    expect(spentAfter(...again)).toEqual({ usd: 3, jobs: 0, limit: 20 })
  })

  it('not known where a price is missing; nothing is said where there is no job', () => {
    expect(spentAfter(made('a', 0, null))).toEqual({ usd: Number.NaN, jobs: 1 })
    directory.close()
    rmSync(path, { recursive: true })
    mkdirSync(path)
    expect(spentAfter(...events)).toBeUndefined()
  })

  it('and draw it', () => {
    const runs = { id: 'a', prefix: 'toy-a-', region: 'us-east-1', endpoints: {}, maxCost: 20 }
    writeFileSync(join(path, 'sagemaker.json'), JSON.stringify(runs))
    const follower = new DirectoryFollower(path, localManifest(2))
    const run = directory.begin(0)
    run.write(...events, made('a', 0), ended('a', 5), made('b', 1, 0))
    newsOf(follower)
    const options = { columns: 100, colors: false, advice: '' }
    expect(liveText(follower.view(NOW), options)).toContain(
      'spent    ██████░░░░░░░░░░░░░░░░░░ 25 %, 5.00 US dollars of 20.00 US dollars, 1 job in progress',
    )
    rmSync(join(path, 'sagemaker.json'))
    expect(liveText(follower.view(NOW), options)).toContain('spent    5.00 US dollars, 1 job in progress')
  })
})

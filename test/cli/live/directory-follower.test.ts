import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryFollower } from '../../../src/cli/live/directory-follower.js'
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

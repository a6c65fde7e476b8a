/** The law of every real run: its journal, given to a fresh scheduler, makes the same decisions again. */
import { drawConfig } from '../../../src/core/encoding.js'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LocalBackend } from '../../../src/backends/local/local-backend.js'
import { SpaceSource } from '../../../src/core/config-source.js'
import { driveReal } from '../../../src/core/drive.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { Scheduler } from '../../../src/core/scheduler.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import type { Searcher } from '../../../src/core/searcher.js'
import { float } from '../../../src/core/space.js'
import { Tuner } from '../../../src/core/tuner.js'
import { replayJournal } from '../../../src/run/replay-events.js'
import { JournalRecorder, type RunEvent, runEvent } from '../../../src/store/journal-recorder.js'
import { JournalWriter, readJournal } from '../../../src/store/journal.js'

const program = fileURLToPath(new URL('../../fixtures/programs/checkpoint.mjs', import.meta.url))
const TRIALS = 9
const objectives = [{ metric: 'loss', goal: 'min', report: 'loss' }] as const

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-replay-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function freshSearcher(): Searcher {
  const random = new RandomStreams(3).stream('searcher')
  let left = TRIALS
  return { suggest: () => (left-- > 0 ? drawConfig({ lr: float(0, 1) }, random) : undefined) }
}

function fresh(type: 'asha-stopping' | 'asha-promotion', searcher: Searcher): Scheduler {
  const source = new SpaceSource({ lr: float(0, 1) })
  const context = { searcher, source, objectives, maxResource: 4, random: new RandomStreams(3) }
  return schedulers[type].create(schedulers[type].options.parse({ reductionFactor: 2 }) as never, context)
}

test.each(['asha-stopping', 'asha-promotion'] as const)('%s decides again as it did', async (type) => {
  const path = join(directory, 'run.jsonl')
  const { writer } = JournalWriter.open(path, {})
  const backend = new LocalBackend({
    program: { command: ['node', program], arguments: { pause: 20 } },
    workers: 3,
    resource: 'epoch',
    maxResource: 4,
    metrics: ['loss'],
    directory: join(directory, 'trials'),
    checkpoints: true,
  })
  const searcher = freshSearcher()
  const recorder = new JournalRecorder(writer)
  const scheduler = fresh(type, searcher)
  await driveReal(new Tuner({ scheduler, searcher, backend, recorder, objectives, maxResource: 4, stop: {} }), backend)
  writer.close()

  const events = readJournal(path).entries.map((line) => runEvent(line)!)
  const again = freshSearcher()
  const parts = { searcher: again, objectives, maxResource: 4 }
  const found = replayJournal(events, { ...parts, scheduler: fresh(type, again) })
  expect(found).toEqual({
    decisions: countOf(events, 'start', 'resume', 'report'),
    ends: ended(events),
    difference: undefined,
  })
  // A journal in which one decision was changed is found out there.
  const changed = events.findIndex((event) => event.event === 'report' && event.resource === 1)
  const forged = events.map((event, i) =>
    i === changed ? { ...event, decision: 'stop' as const } : event,
  ) as RunEvent[]
  const third = freshSearcher()
  expect(replayJournal(forged, { ...parts, searcher: third, scheduler: fresh(type, third) }).difference?.index).toBe(
    changed,
  )
  expect(events.filter(({ event }) => event === 'start')).toHaveLength(TRIALS)
  const made = new Set(events.map((event) => event.event === 'report' && event.decision))
  expect(made).toContain(type === 'asha-stopping' ? 'stop' : 'pause')
})

function countOf(events: readonly RunEvent[], ...kinds: RunEvent['event'][]): number {
  return events.filter(({ event }) => kinds.includes(event)).length
}

function ended(events: readonly RunEvent[]): number {
  return events.filter((event) => event.event === 'report' && event.decision !== 'continue').length
}

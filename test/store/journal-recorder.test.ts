import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { JournalRecorder, runEvent } from '../../src/store/journal-recorder.js'
import { JournalWriter, readJournal } from '../../src/store/journal.js'

test('every event of a run can be read back', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rungbench-journal-'))
  try {
    const path = join(directory, 'run.jsonl')
    const { writer } = JournalWriter.open(path, {})
    const recorder = new JournalRecorder(writer)
    const config = { lr: 0.1, name: 'NaN', flag: false, depth: 0 }
    recorder.start(0, 1, { ...config, depth: -0 })
    recorder.report(0.5, 1, 0, 1, Float64Array.of(Number.NaN, -Infinity, -0, 1 / 3), 'pause')
    recorder.resume(0.75, 1, 1, 1)
    recorder.ignored(0.8, 1, 1, Number.NaN, 'no level')
    recorder.restart(0.9, 1, 1, 1, 'exit code 137')
    recorder.end(1 / 3, 1, 1, 'failed', 'exit code 1')
    recorder.start(2, 2, config, { trial: 1, resource: 1 })
    writer.append({ event: 'something else' })
    writer.close()
    expect(readJournal(path).entries.map((entry) => runEvent(entry))).toEqual([
      { event: 'start', time: 0, trial: 1, config },
      {
        event: 'report',
        time: 0.5,
        trial: 1,
        attempt: 0,
        resource: 1,
        values: [Number.NaN, -Infinity, -0, 1 / 3],
        decision: 'pause',
      },
      { event: 'resume', time: 0.75, trial: 1, attempt: 1, from: 1 },
      { event: 'ignored', time: 0.8, trial: 1, attempt: 1, resource: Number.NaN, reason: 'no level' },
      { event: 'restart', time: 0.9, trial: 1, attempt: 1, from: 1, reason: 'exit code 137' },
      { event: 'end', time: 1 / 3, trial: 1, attempt: 1, state: 'failed', reason: 'exit code 1' },
      { event: 'start', time: 2, trial: 2, config, copy: { trial: 1, resource: 1 } },
      undefined,
    ])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

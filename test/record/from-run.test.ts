import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Config } from '../../src/core/space.js'
import { tableFromRun } from '../../src/record/from-run.js'
import { runHeader } from '../../src/record/run-header.js'
import { JournalRecorder } from '../../src/store/journal-recorder.js'
import { JournalWriter } from '../../src/store/journal.js'
import { readTable } from '../../src/surrogates/read.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { writeTable } from '../../src/surrogates/write.js'
import { fakeFolder, fakeRecording, removeFolders } from './fake.js'

afterAll(removeFolders)

let folder: string
let path: string
beforeEach(() => {
  folder = fakeFolder()
  path = join(folder, 'run.jsonl')
})

const OWN_TIMES = ['loss', 'accuracy', 'size', 'elapsed_time']
const RED: Config = { lr: 0.1, depth: 1, color: 'red' }
const BLUE: Config = { lr: 0.5, depth: -0, color: 'sky blue' }

/** Journals a run and makes a table of it, as it is after it was written and read. */
function tableOf(
  play: (recorder: JournalRecorder) => void,
  values: readonly string[] = OWN_TIMES,
  checkpoints = true,
): TableData {
  const dataDir = join(folder, 'data')
  const header = runHeader({ recording: fakeRecording(folder), dataDir, values, workers: 3, checkpoints })
  const { writer } = JournalWriter.open(path, { ...header, table: 'fake', seed: 4 })
  play(new JournalRecorder(writer))
  writer.close()
  const out = join(folder, 'run.arrow')
  writeTable(out, tableFromRun({ journals: [path] }).table)
  return readTable(out)
}

/** A report of `loss`, whose accuracy is 0.5 and whose size is 7. */
function report(
  recorder: JournalRecorder,
  [time, trial, attempt, level]: readonly [number, number, number, number],
  loss: number,
  own?: number,
): void {
  const values = own === undefined ? [loss, 0.5, 7] : [loss, 0.5, 7, own]
  recorder.report(time, trial, attempt, level, Float64Array.from(values), 'continue')
}

const ends = (table: TableData): string[] => Array.from(table.ended, (code) => ENDED[code]!)
const row = (column: ArrayLike<number>, at: number): number[] => Array.from(column).slice(at * 3, at * 3 + 3)

describe('the trials of a run as a table', () => {
  test('stopped trials hold fewer levels; the same configuration again is a repetition', () => {
    const table = tableOf((recorder) => {
      recorder.start(0, 0, RED)
      recorder.start(0, 1, BLUE)
      report(recorder, [1, 0, 0, 1], 0.5, 0.75)
      recorder.report(1.5, 1, 0, 1, Float64Array.of(0.75, 0.5, 7, 1.25), 'stop')
      recorder.start(1.5, 2, RED)
      report(recorder, [2, 0, 0, 2], 0.25, 1.75)
      report(recorder, [3, 0, 0, 3], 0.125, 2.75)
      recorder.end(3.25, 0, 0, 'completed', '')
      report(recorder, [4, 2, 0, 1], 1, 2)
      recorder.end(5, 2, 0, 'failed', 'exit code 1')
      recorder.start(5, 3, RED)
      recorder.end(6, 3, 0, 'failed', 'exit code 1')
      // Neither reported nor failed: it says nothing.
      recorder.start(6, 4, RED)
    })
    expect(ends(table)).toEqual(['completed', 'stopped', 'failed', 'failed'])
    expect(Array.from(table.reached)).toEqual([3, 1, 1, 0])
    expect(Array.from(table.repetition)).toEqual([0, 0, 1, 2])
    expect(row(table.curves['loss']!, 0)).toEqual([0.5, 0.25, 0.125])
    expect(row(table.curves['loss']!, 1)).toEqual([0.75, Number.NaN, Number.NaN])
    expect(row(table.elapsed, 0)).toEqual([0.75, 1.75, 2.75])
    expect(Array.from(table.statics['size']!)).toEqual([7, 7, 7, Number.NaN])
    expect(Array.from(table.hyperparameters['lr']!.values)).toEqual([0.1, 0.5, 0.1, 0.1])
    expect(Array.from(table.hyperparameters['depth']!.values)).toEqual([1, 0, 1, 1])
    expect(table.metadata).toMatchObject({
      name: 'fake-run',
      provenance: { kind: 'recorded', workers: 3, trainings: 4 },
    })
  })

  test('resumed attempts are joined; a clock that starts again goes on', () => {
    const table = tableOf((recorder) => {
      recorder.start(0, 0, RED)
      report(recorder, [1, 0, 0, 1], 0.5, 1)
      recorder.resume(10, 0, 1, 1)
      report(recorder, [11, 0, 1, 2], 0.25, 0.75)
      report(recorder, [12, 0, 1, 3], 0.125, 1.75)
      recorder.end(12, 0, 1, 'completed', '')
    })
    expect(ends(table)).toEqual(['completed'])
    expect(row(table.elapsed, 0)).toEqual([1, 1.75, 2.75])
  })

  test('without own times the clock counts: on top of earlier attempts, or from zero where one starts over', () => {
    const table = tableOf(
      (recorder) => {
        for (const trial of [0, 1]) {
          recorder.start(0, trial, trial === 0 ? RED : BLUE)
          report(recorder, [2, trial, 0, 1], 0.5)
          recorder.resume(10, trial, 1, 1)
          if (trial === 1) recorder.ignored(12, trial, 1, 1, 'epoch 1 was reported before')
          report(recorder, [14, trial, 1, 2], 0.25)
          recorder.resume(20, trial, 2, 2)
          recorder.end(21, trial, 2, 'failed', '')
        }
      },
      ['loss', 'accuracy', 'size'],
    )
    expect(ends(table)).toEqual(['failed', 'failed'])
    expect(row(table.elapsed, 0)).toEqual([2, 6, Number.NaN])
    expect(row(table.elapsed, 1)).toEqual([2, 4, Number.NaN])
  })

  test.each([true, false])('a program that was started again, checkpoints %s', (checkpoints) => {
    const table = tableOf(
      (recorder) => {
        recorder.start(0, 0, RED)
        report(recorder, [2, 0, 0, 1], 0.5)
        recorder.restart(10, 0, 0, 1, 'exit code 1')
        report(recorder, [14, 0, 0, 2], 0.25)
        recorder.end(16, 0, 0, 'failed', '')
      },
      ['loss', 'accuracy', 'size'],
      checkpoints,
    )
    expect(row(table.elapsed, 0)).toEqual([2, checkpoints ? 6 : 4, Number.NaN])
  })

  test('own times that some report lacked are not taken: the clock counts', () => {
    const table = tableOf((recorder) => {
      recorder.start(0, 0, RED)
      report(recorder, [2, 0, 0, 1], 0.5, 0.75)
      report(recorder, [4, 0, 0, 2], 0.25, Number.NaN)
    })
    expect(row(table.elapsed, 0)).toEqual([2, 4, Number.NaN])
    expect(table.metadata.provenance['times']).toMatchObject({ elapsed_time: expect.stringMatching(/^measured from/) })
  })

  test('a diverged trial does not come back, whatever it reported', () => {
    const table = tableOf((recorder) => {
      recorder.start(0, 0, RED)
      report(recorder, [1, 0, 0, 1], 0.5, 1)
      report(recorder, [2, 0, 0, 2], Number.NaN, 2)
      report(recorder, [3, 0, 0, 3], 0.25, 3)
      recorder.start(3, 1, BLUE)
      report(recorder, [4, 1, 0, 1], 1e300, 1)
    })
    expect(ends(table)).toEqual(['diverged', 'diverged'])
    expect(row(table.curves['loss']!, 0)).toEqual([0.5, Number.NaN, Number.NaN])
    expect(row(table.curves['accuracy']!, 0)).toEqual([0.5, 0.5, 0.5])
    expect(row(table.curves['loss']!, 1)).toEqual([Infinity, Number.NaN, Number.NaN])
  })

  test('a run that was cut off within a line is a table of what it did', () => {
    tableOf((recorder) => {
      recorder.start(0, 0, RED)
      report(recorder, [1, 0, 0, 1], 0.5, 1)
    })
    appendFileSync(path, '{"event":"report","ti')
    expect(tableFromRun({ journals: [path], name: 'other' }).table).toMatchObject({
      rows: 1,
      metadata: { name: 'other' },
    })
  })
})

describe('attempts that were started again', () => {
  const NO_TIMES = ['loss', 'accuracy', 'size']

  test('go on from the level where they repeat one, by the clock', () => {
    const table = tableOf((recorder) => {
      recorder.start(0, 0, RED)
      report(recorder, [2, 0, 0, 1], 0.5)
      report(recorder, [4, 0, 0, 2], 0.25)
      recorder.restart(9, 0, 0, 2, 'the runner was killed')
      // From the checkpoint of level 1, after three seconds of start-up.
      recorder.ignored(14, 0, 0, 2, 'epoch 2 was reported before')
      report(recorder, [17, 0, 0, 3], 0.125)
      recorder.end(17, 0, 0, 'completed', '')
    }, NO_TIMES)
    expect(row(table.elapsed, 0)).toEqual([2, 4, 7])
  })

  test('go on from the last level where they repeat none, start-up included', () => {
    const table = tableOf((recorder) => {
      recorder.start(0, 0, RED)
      report(recorder, [2, 0, 0, 1], 0.5)
      recorder.restart(9, 0, 0, 1, 'exit code 1')
      report(recorder, [14, 0, 0, 2], 0.25)
    }, NO_TIMES)
    expect(row(table.elapsed, 0)).toEqual([2, 7, Number.NaN])
  })

  test('keep the times of a program that counts on, and mend those of one that starts again', () => {
    const table = tableOf((recorder) => {
      for (const [trial, config] of [RED, BLUE].entries()) {
        recorder.start(0, trial, config)
        report(recorder, [1, trial, 0, 1], 0.5, 1)
        report(recorder, [2, trial, 0, 2], 0.25, 2)
        recorder.restart(10, trial, 0, 2, 'exit code 1')
        recorder.ignored(15, trial, 0, 2, 'epoch 2 was reported before')
        // The first counts from its checkpoint, the second from its start.
        report(recorder, [16.5, trial, 0, 3], 0.125, trial === 0 ? 3 : 1.75)
      }
    })
    expect(row(table.elapsed, 0)).toEqual([1, 2, 3])
    expect(row(table.elapsed, 1)).toEqual([1, 2, 3.5])
  })
})

describe('several runs as one table', () => {
  /** Writes the journal of a run. */
  const journal = (name: string, seed: number, play: (recorder: JournalRecorder) => void, more = {}): string => {
    const file = join(folder, name)
    const given = { recording: fakeRecording(folder), dataDir: join(folder, 'data'), values: OWN_TIMES, workers: 1 }
    const { writer } = JournalWriter.open(file, { ...runHeader(given), seed, ...more })
    play(new JournalRecorder(writer))
    writer.close()
    return file
  }
  const trained =
    (loss: number, levels: number, config = RED) =>
    (recorder: JournalRecorder) => {
      recorder.start(0, 0, config)
      for (let level = 1; level <= levels; level++) report(recorder, [level, 0, 0, level], loss / level, level)
    }

  test('number repetitions on; the same training counts once, as far as it went', () => {
    const { table, leftOut } = tableFromRun({
      journals: [
        journal('a', 1, trained(0.5, 1)),
        // The same seed, trial and configuration: the same training, once farther, once not.
        journal('b', 1, trained(0.5, 3)),
        journal('c', 1, trained(0.5, 2)),
        // The same seed, but not the same curve; another seed; another configuration.
        journal('d', 1, trained(0.75, 1)),
        journal('e', 2, trained(0.5, 1)),
        journal('f', 1, trained(0.5, 1, BLUE)),
      ],
    })
    expect(ends(table)).toEqual(['completed', 'stopped', 'stopped', 'stopped'])
    expect(Array.from(table.reached)).toEqual([3, 1, 1, 1])
    expect(Array.from(table.repetition)).toEqual([0, 1, 2, 0])
    expect(leftOut).toEqual({ withoutReport: 0, copied: 0, again: 2 })
    expect(table.metadata.provenance).toMatchObject({ runs: 6, trainings: 4, leftOut })
  })

  test('count what is no row, and why', () => {
    const play = (recorder: JournalRecorder): void => {
      trained(0.5, 2)(recorder)
      recorder.start(3, 1, BLUE)
      recorder.start(4, 2, BLUE, { trial: 0, resource: 2 })
      report(recorder, [5, 2, 0, 3], 0.1, 1)
    }
    const silent = (recorder: JournalRecorder): void => recorder.start(0, 0, RED)
    const { table, leftOut } = tableFromRun({ journals: [journal('a', 1, silent), journal('b', 1, play)] })
    expect(leftOut).toEqual({ withoutReport: 2, copied: 1, again: 0 })
    expect(table.rows).toBe(1)
  })

  test('must be of one program', () => {
    const other = { program: { name: 'fake program', command: [], sha256: 'x' } }
    const journals = [journal('a', 1, trained(1, 1)), journal('b', 1, trained(1, 1), other)]
    expect(() => tableFromRun({ journals })).toThrow(/a and .*b are not of one table: their program differs; name/)
  })
})

describe('refused in one line', () => {
  test('a run without a report', () => {
    expect(() => tableOf((recorder) => recorder.start(0, 0, RED))).toThrow(/run\.jsonl holds no report/)
  })

  test('levels that were skipped', () => {
    expect(() =>
      tableOf((recorder) => {
        recorder.start(0, 0, RED)
        report(recorder, [1, 0, 0, 2], 0.5, 1)
      }),
    ).toThrow(/trial 0 reported epoch 2 after 0; a table needs every epoch/)
  })

  test('an event of a trial that never began', () => {
    expect(() => tableOf((recorder) => recorder.end(0, 0, 0, 'failed', ''))).toThrow(
      /trial 0 has a "end" before its start/,
    )
  })

  test('a configuration of another space', () => {
    expect(() =>
      tableOf((recorder) => {
        recorder.start(0, 0, { ...RED, depth: 99 })
        report(recorder, [1, 0, 0, 1], 0.5, 1)
      }),
    ).toThrow(/run\.jsonl: a trial.*depth/)
  })

  test('another kind of journal', () => {
    writeFileSync(path, '{"journal":"rungbench-recording"}\n')
    expect(() => tableFromRun({ journals: [path] }).table).toThrow(/is not the journal of a real run/)
    mkdirSync(join(folder, 'empty'))
    writeFileSync(join(folder, 'empty', 'run.jsonl'), '')
    expect(() => tableFromRun({ journals: [join(folder, 'empty', 'run.jsonl')] })).toThrow(
      /is not the journal of a real run/,
    )
  })
})

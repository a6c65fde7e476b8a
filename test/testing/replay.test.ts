/** Recorded decisions, decided again. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayFile } from '../../src/testing/replay/replay.js'
import { bench } from '../cli/fake-terminal.js'
import { recordedFolder } from '../core/recorded.js'

const fixtures = fileURLToPath(new URL('../fixtures/traces/', import.meta.url))

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl.gz'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

const files = filesIn(fixtures)
const all = filesIn(recordedFolder)

describe('recorded decisions come out equal', () => {
  it('the files are here', () => expect(files.length).toBeGreaterThan(6))

  it.each([...files, ...all])('%s', (file) => {
    const result = replayFile(file)
    expect(result.difference).toBeUndefined()
    expect(result.cases).toBeGreaterThan(9)
    expect(result.decisions).toBeGreaterThan(100)
    expect(result.equal).toBe(result.decisions)
  })
})

describe('bench replay', () => {
  const stopping = join(fixtures, 'asha_stopping.jsonl.gz')
  const lines = gunzipSync(readFileSync(stopping)).toString('utf8').trim().split('\n')
  interface Run {
    scheduler: string
    params: Record<string, unknown>
    events: [string, ...unknown[]][]
  }
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function write(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  function changed(change: (run: Run) => void): string {
    const run = JSON.parse(lines[0]!) as Run
    change(run)
    return write('changed.jsonl', `${JSON.stringify(run)}\n${lines[1]!}\n`)
  }

  it('prints how many decisions came out equal', async () => {
    const { code, out, err } = await bench(['replay', stopping, join(fixtures, 'rung_levels.jsonl.gz')])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [first, second] = out.trim().split('\n')
    expect(first).toMatch(/asha_stopping\.jsonl\.gz: \d+ cases, decisions (\d+), equal \1$/)
    expect(second).toMatch(/rung_levels\.jsonl\.gz: 602 cases, decisions 1806, equal 1806$/)
  })

  it('shows the first decision that differs with its rung, and exits 1', async () => {
    const path = changed((run) => {
      const stop = run.events.findIndex(([kind, , , , decision], i) => i > 20 && kind === 'r' && decision === 'S')
      run.events[stop]![4] = 'C'
    })
    const { code, out } = await bench(['replay', path])
    expect(code).toBe(1)
    expect(out).toMatch(/2 cases, decisions \d+, equal \d+\n1 case came out different, the first:\n/)
    expect(out).toMatch(/event \d+ \["r",\d+,\d+,[-\d.]+,"C"\]: recorded continue, ours stop\n/)
    expect(out).toMatch(/rung \d+: trial \d+ with \S+ is \d+\w\w of \d+ and does not pass\n +[-\d. ]+\| /)
    const json = JSON.parse((await bench(['replay', path, '--json'])).out) as [{ cases: number; different: number }]
    expect(json).toMatchObject([{ cases: 2, different: 1 }])
  })

  it('compares rungs, and shows names as text', async () => {
    const path = changed((run) => {
      Object.assign(run, { id: 'odd \u001B[31m\n', rungs: [[1, 0.5]] })
    })
    const { code, out } = await bench(['replay', path])
    expect(code).toBe(1)
    expect(out).not.toContain('\u001B')
    expect(out).toMatch(/rungs: recorded \[1\], ours \[3,9,27\]\n/)
  })

  it('finds that exact integers decide otherwise than floating point', async () => {
    const all = lines.map((line) => JSON.parse(line) as Run)
    // A cut-off at 1 - 1/3 of ten distinct values, mode max: four pass by exact arithmetic, three in floating point.
    const values = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    const events = [
      ...values.map((_, i) => ['s', i, null, 9]),
      ...values.toReversed().map((v, i) => ['r', i, 1, v, 'C']),
    ]
    const one = {
      ...all[0]!,
      id: 'ten',
      params: { ...all[0]!.params, mode: 'max', max_t: 9, grace_period: 1, reduction_factor: 3 },
    }
    const rungs = [1, 3].map((level) => [level, 1 / 3])
    const run = { ...one, scheduler: 'asha_stopping', rungs, events }
    const { code, out } = await bench(['replay', write('ten.jsonl', JSON.stringify(run))])
    // Every later trial is better than all before it, so that all go on.
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('decisions 20, equal 20') as string })
    const fourth = { ...run, events: run.events.slice(0, 10) as unknown[] }
    for (const [i, v] of [10, 9, 8, 6, 5, 4, 3, 2, 1, 7].entries())
      fourth.events.push(['r', i, 1, v, i === 0 || i === 9 ? 'C' : 'S'])
    expect((await bench(['replay', write('fourth.jsonl', JSON.stringify(fourth))])).out).toMatch(
      /"r",9,1,7,"C"\]: recorded continue, ours stop\n.*\n *10 9 8 \| 7 6 5 4 3 2 1/,
    )
  })

  it.each([
    ['no such file', () => join(folder, 'none.jsonl'), /none\.jsonl cannot be read: ENOENT/],
    ['a folder', () => folder, /cannot be read: EISDIR/],
    ['blank lines', () => write('blank.jsonl', '\n\n'), /blank\.jsonl is empty/],
    [
      'a report of a trial that was never started',
      () => changed((run) => (run.events[run.events.length - 1] = ['r', 4000, 1, 0.5, 'C'])),
      /line 1: case "asha_stopping-2": event \d+ must be of one of the \d+ trials that were started, got/,
    ],
    [
      'a trial that is not the next',
      () => changed((run) => (run.events[0] = ['s', 5, null, 81])),
      /event 0 must offer trial 0, the next one/,
    ],
    [
      'too many values',
      () => changed((run) => (run.events.find(([kind]) => kind === 'r')![3] = [1, 2])),
      /event \d+ must have 1 values/,
    ],
    ['no values', () => changed((run) => (run.events.find(([kind]) => kind === 'r')![3] = [])), /must have 1 values/],
    ['two goals', () => changed((run) => (run.params['mode'] = ['min', 'max'])), /params\.mode must be one goal/],
    ['brackets', () => changed((run) => (run.params['brackets'] = 3)), /line 1\.params\.brackets/],
    [
      'no eta',
      () => changed((run) => delete run.params['reduction_factor']),
      /must have grace_period and reduction_factor/,
    ],
    ['a trial number without end', () => changed((run) => (run.events[0] = ['s', 2 ** 40])), /line 1\.events\.0/],
    [
      'levels without end',
      () =>
        write(
          'levels.jsonl',
          '{"max_t":1e9,"grace_period":1,"reduction_factor":1.0000001,"asha_levels":[1],"asha_quantiles":[1],"moasha_levels":[1]}',
        ),
      /line 1\.reduction_factor/,
    ],
    ['empty', () => write('empty.jsonl', ''), /empty\.jsonl is empty; it needs one JSON case a line/],
    ['not JSON', () => write('text.jsonl', `${lines[0]!}\nhello\n`), /text\.jsonl line 2 is not JSON/],
    [
      'torn',
      () => write('torn.jsonl.gz', readFileSync(stopping).subarray(0, 500).toString('latin1')),
      /torn\.jsonl\.gz/,
    ],
    ['of no kind', () => write('kind.jsonl', '{"a":1}\n'), /line 1 is of no known kind/],
    ['a wrong event', () => changed((run) => (run.events[3] = ['r', 0])), /line 1\.events\.3/],
    [
      'an unknown scheduler',
      () => changed((run) => (run.scheduler = 'asha_stoping')),
      /decisions of "asha_stoping" cannot be replayed; did you mean "asha_stopping"\?/,
    ],
    ['a wrong option', () => changed((run) => (run.params['grace_period'] = 1.5)), /options of asha-stopping/],
  ])('says in one line what is wrong: %s', async (_, path, message) => {
    const { code, out, err } = await bench(['replay', path()])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
    expect(err.trim()).not.toContain('\n')
  })
})

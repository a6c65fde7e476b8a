/** Real runs as users type them: population-based training, checkpoints that are removed, and going on after Ctrl-C. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type LocalToy, makeLocalToy } from './local-toy.js'
import { missing, startBench, until } from './process.js'

let toy: LocalToy | undefined
afterEach(() => toy?.remove())

const bench = (args: readonly string[]): ReturnType<typeof startBench>['ended'] =>
  startBench(args, toy!.directory).ended
const program = { arguments: { pause: 20 } }

describe.skipIf(missing !== undefined)('checkpoints', () => {
  test('population-based training copies them', async () => {
    const scheduler = { type: 'population-based-training', populationSize: 4, quantile: 0.5 }
    const experiment = { methods: { pbt: { scheduler } }, budget: { trials: 10 }, workers: 2 }
    toy = makeLocalToy('in-place', { program, experiment })
    expect((await bench(toy.run('out', '--checkpoint-budget', '1GB'))).status).toBe(0)
    const manifest = readFileSync(join(toy.directory, 'out', 'manifest.json'), 'utf8')
    expect(manifest).not.toContain('assumed')
    const copied = toy.journal('out').filter(({ event }) => event === 'copied')
    const starts = toy.events('out').flatMap((event) => (event.event === 'start' ? [event] : []))
    const copies = starts.flatMap(({ trial, copy }) => (copy === undefined ? [] : [[trial, copy.trial]]))
    expect(copies.length).toBeGreaterThan(0)
    // They are made one beside the other: in any order.
    expect(copied.map(({ trial, source }) => [trial, source]).toSorted(byTrial)).toEqual(copies.toSorted(byTrial))
    const ended = toy.events('out').flatMap((event) => (event.event === 'end' ? [event.trial] : []))
    const historyOf = (trial: number): string[] =>
      JSON.parse(toy!.file('out', trial, join('checkpoints', 'state.json'))) as string[]
    for (const { trial, config, copy } of starts) {
      // Others were killed, perhaps while they saved.
      if (!ended.includes(trial) || (copy !== undefined && !ended.includes(copy.trial))) continue
      const history = historyOf(trial)
      const donor = copy === undefined ? [] : historyOf(copy.trial)
      const line = copied.find((one) => one['trial'] === trial)
      // The journal names the level that was copied (null: what the donor had saved last, which is not known). A program this
      // fast may have saved the next one before the copy was made.
      const least = copy === undefined ? 0 : Number(line?.['level'] ?? 1)
      const levels = copy === undefined ? [0] : Array.from({ length: donor.length - least + 1 }, (_, i) => least + i)
      const expected = levels.map((level) => history.map((_, i) => (i < level ? donor[i] : String(config['lr']))))
      // What it did not copy it has trained itself.
      expect(expected).toContainEqual(history)
    }
  })

  test('beyond their budget they are removed, and who is resumed starts over', async () => {
    const scheduler = { type: 'asha-promotion', reductionFactor: 2 }
    const experiment = { methods: { asha: { scheduler } }, budget: { trials: 6 }, workers: 2 }
    toy = makeLocalToy('in-place', { program, experiment })
    expect((await bench(toy.run('out', '--checkpoint-budget', '1B'))).status).toBe(0)
    const removed = toy.journal('out').filter(({ event }) => event === 'removed')
    expect(removed.length).toBeGreaterThan(0)
    const reports = toy.events('out').filter(({ event }) => event === 'report')
    const levels = new Map<number, number[]>()
    for (const event of reports)
      if (event.event === 'report') levels.set(event.trial, [...(levels.get(event.trial) ?? []), event.resource])
    for (const reached of levels.values()) expect(reached).toEqual(reached.map((_, i) => i + 1))
  })

  test('a copy needs some', async () => {
    const experiment = {
      methods: { pbt: { scheduler: { type: 'population-based-training' } } },
      simulation: { checkpoints: false },
    }
    toy = makeLocalToy('in-place', { program, experiment })
    const { status, err } = await bench(toy.run('out'))
    expect([status, err]).toEqual([2, expect.stringContaining('but simulation.checkpoints is false')])
  })
})

describe.skipIf(missing !== undefined)('--resume', () => {
  test('goes on after Ctrl-C, and then has nothing left to do', async () => {
    toy = makeLocalToy('in-place', { program: { arguments: { pause: 150 } }, experiment: { budget: { trials: 4 } } })
    const { child, ended } = startBench(toy.run('out'), toy.directory)
    const journal = join(toy.directory, 'out', 'runs', '000-0', 'journal.jsonl')
    await until(() => existsSync(journal) && readFileSync(journal, 'utf8').includes('"event":"report"'))
    child.kill('SIGINT')
    const { status, err } = await ended
    expect([status, err]).toEqual([
      130,
      expect.stringMatching(/what is journalled is kept, go on with: .* --resume\n$/),
    ])
    const before = readFileSync(journal, 'utf8')
    const resumed = await bench(toy.run('out', '--resume'))
    expect([resumed.status, resumed.err]).toEqual([0, ''])
    const after = readFileSync(journal, 'utf8')
    expect(after.startsWith(before)).toBe(true)
    expect(after).toContain('"event":"restart"')
    const again = await bench(toy.run('out', '--resume', '--json'))
    expect(again.status).toBe(0)
    expect(JSON.parse(again.out)).toMatchObject({ results: [{ trials: 4, reports: 16 }] })
    expect(readFileSync(journal, 'utf8')).toBe(after)
  })

  test('refuses a run whose program was changed', async () => {
    toy = makeLocalToy('in-place', { program })
    expect((await bench(toy.run('out', '--budget', '2reports'))).status).toBe(0)
    const other = await bench(toy.run('out', '--resume'))
    expect([other.status, other.err]).toEqual([2, expect.stringContaining('is another one (its cells differ)')])
  })
})

function byTrial([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return Number(a) - Number(b)
}

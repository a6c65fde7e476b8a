import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bench } from './fake-terminal.js'
import { type Toy, makeToy } from './toy.js'

let toy: Toy
beforeAll(() => {
  toy = makeToy()
})
afterAll(() => toy.remove())

describe('bench instances', () => {
  it('lists types with their prices, their source and their date', async () => {
    const { code, out, err } = await bench(['instances', '--gpus', '1', '--max-price', '5'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^instance type +vCPUs +memory +GPUs +memory each +USD\/hour$/)
    expect(lines[1]).toMatch(/^ml\.g4dn\.xlarge +4 +16 GiB +1 +16 GiB +0\.736$/)
    expect(lines).toHaveLength(13)
    expect(lines.at(-1)).toMatch(/^11 of 47 types; prices: Syne Tune 0\.13.*2024-03$/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120)
  })

  it('--json prints one document', async () => {
    const { out } = await bench(['instances', '--min-memory', '700', '--gpus', '0', '--json'])
    expect(JSON.parse(out)).toEqual({
      source: expect.stringContaining('Syne Tune') as string,
      date: '2024-03',
      types: [],
    })
  })

  it('reads prices of a user', async () => {
    const path = join(toy.directory, 'prices.csv')
    writeFileSync(path, 'instance,vcpu,memory_gib,usd_per_hour,gpus,gpu_memory_gib\nmine.large,2,8,,0,0\n')
    const { out } = await bench(['instances', '--prices', path])
    expect(out).toMatch(/mine\.large +2 +8 GiB +0 +unknown\n1 of 1 types; prices: prices\.csv, no date given\n$/)
    writeFileSync(path, 'instance,vcpu,memory_gib,usd_per_hour,gpus,gpu_memory_gib,date\na,2,8,1,0,0,2026-11\n')
    expect((await bench(['instances', '--prices', path])).out).toMatch(/prices: prices\.csv, 2026-11\n$/)
  })

  it.each([
    [['--gpus', 'two'], '--gpus must be a whole number from 0 on, got "two"'],
    [['--gpus', '1.5'], '--gpus must be a whole number from 0 on'],
    [['--max-price', '-1'], '--max-price must be a number from 0 on'],
    [['--prices', ''], '--prices must name a file, got ""'],
  ])('%j is refused in one line', async (args, message) => {
    const { code, out, err } = await bench(['instances', ...args])
    expect(err).toContain(message)
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 })
  })
})

describe('bench derive', () => {
  const path = (name: string): string => join(toy.directory, name)

  it('writes a table that says it is modelled, and runs', async () => {
    const out = path('types.arrow')
    const made = await bench(['derive', 'ngram-cola', '--instances', 'ml.m5.large,ml.c5.xlarge', '--out', out])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toContain('1,230 recorded trainings with 2 modelled instance types')
    const shown = await bench(['show', out])
    expect(shown.out).toMatch(/kind +modelled\n +from +ngram-cola\n +rule +speed = /)
    expect(shown.out).toMatch(
      /Modelled: instance_type\n +ml\.m5\.large +1 times the recorded speed, 0\.134 US dollars per/,
    )
    for (const line of shown.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    const experiment = path('types.mjs')
    const definition = {
      name: 'types',
      question: 'Which?',
      tables: [out],
      objectives: [{ metric: 'validation_error' }, { metric: 'cost', accumulates: 'per-level' }],
      methods: { random: { scheduler: { type: 'fifo' } }, asha: { scheduler: { type: 'asha-stopping' } } },
      budget: { cost: 0.0005 },
    }
    writeFileSync(experiment, `export default ${JSON.stringify(definition)}\n`)
    const run = await bench(['run', experiment, '--seeds', '2', '--threads', '0', '--out', path('run')])
    expect(run).toMatchObject({ code: 0, err: expect.not.stringContaining('bench:') as string })
    expect(run.out).toContain('modelled (ngram-cola-modelled)')
    const compared = (...more: string[]) => bench(['compare', path('run'), path('run'), ...more])
    const { out: text } = await compared()
    expect(text).toMatch(/^Note: ngram-cola-modelled: modelled; times and costs follow a rule/m)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    expect(JSON.parse((await compared('--json')).out)).toMatchObject({
      tables: [{ name: 'ngram-cola-modelled', provenance: 'modelled' }],
      notes: [expect.stringMatching(/^ngram-cola-modelled: modelled; /) as string],
    })
  })

  it('warns of what is not known', async () => {
    const args = ['--instances', 'ml.m5.8xlarge,ml.m9.large', '--out', path('warned.arrow')]
    const { code, err } = await bench(['derive', 'ngram-cola', ...args])
    expect(code).toBe(0)
    expect(err).toMatch(
      /^bench: warning: ml\.m5\.8xlarge: no price is known.*\nbench: warning: ml\.m9\.large: .* as fast as the recorded machine\nbench: warning: ml\.m9\.large: no price is known.*\n$/,
    )
    expect((await bench(['show', path('warned.arrow')])).out).toContain('price unknown')
  })

  it.each([
    [['ngram-cola', '--out', 'x.arrow'], /^bench: name instance types: --instances/],
    [['ngram-cola', '--families', 'm5', '--out', 'x.csv'], /^bench: --out must end in \.arrow/],
    [
      ['ngram-cola', '--families', 'g5', '--out', 'x.arrow'],
      /is a GPU type, but the table "ngram-cola" was recorded on a CPU/,
    ],
    [['ngram-cola', '--families', 'm5', '--parallel-fraction', '2', '--out', 'x.arrow'], /--parallel-fraction must be/],
    [['ngram-mrpc-modelled-instances', '--families', 'm5', '--out', 'x.arrow'], /has instance types already/],
    [['ngram-coal', '--families', 'm5', '--out', 'x.arrow'], /unknown table "ngram-coal"; did you mean "ngram-cola"/],
  ])('%j is refused in one line', async (args, message) => {
    const { code, out, err } = await bench(['derive', ...args])
    expect(err).toMatch(message)
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 })
  })

  it('writes over nothing without --force, and never over what it is derived from', async () => {
    const out = path('precious.arrow')
    const call = (table: string, ...more: string[]) =>
      bench(['derive', table, '--instances', 'ml.m5.large', '--out', out, ...more])
    writeFileSync(out, 'precious')
    const refused = await call('ngram-cola')
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toMatch(/^bench: --out must not be there yet, got .*; name another file, or add --force .*\n$/)
    expect(readFileSync(out, 'utf8')).toBe('precious')
    expect(await call('ngram-cola', '--force')).toMatchObject({ code: 0, err: '' })
    copyFileSync(new URL('../../surrogates/ngram-cola/ngram-cola.arrow', import.meta.url), out)
    symlinkSync(out, path('link.arrow'))
    const before = readFileSync(out)
    for (const table of [out, path('link.arrow')]) {
      // oxlint-disable-next-line no-await-in-loop -- one file
      const { code, err } = await call(table, '--force')
      expect([code, err]).toEqual([2, expect.stringMatching(/^bench: --out must not be the table that it is derived/)])
    }
    expect(readFileSync(out).equals(before)).toBe(true)
    const folder = await bench(['derive', 'ngram-cola', '--families', 'm5', '--out', `${out}/x.arrow`])
    expect(folder.code).not.toBe(0)
    expect(existsSync(`${out}/x.arrow`)).toBe(false)
  })

  it('is called otherwise than the table that ships, so that both can be run together', async () => {
    const out = path('beside.arrow')
    await bench(['derive', 'ngram-mrpc', '--instances', 'ml.m5.large,ml.c5.xlarge', '--out', out])
    const both = ['--tables', `ngram-mrpc-modelled-instances,${out}`, '--seeds', '1', '--threads', '0']
    const run = await bench(['run', 'instance-selection', ...both, '--budget', '2evals', '--out', path('both')])
    expect(run.code).toBe(0)
    expect(run.out).toContain('ngram-mrpc-modelled:')
    // The report says what the rule was given, and on which recording it rests.
    const how = readFileSync(join(path('both'), 'report.md'), 'utf8').split('### Table ngram-mrpc-modelled\n')[1]!
    for (const line of [
      /^- figure of m5: 3\.1 GHz, taken for the recorded machine; Amazon EC2, DescribeInstanceTypes: .*, noted 2026-11-23$/m,
      /^- figure of c5: 3\.4 GHz; Amazon EC2, .*, noted 2026-11-23$/m,
      /^- type ml\.m5\.large: 1 times the recorded speed, 0\.134 US dollars per hour \(2024-03\)$/m,
      /^- type ml\.c5\.xlarge: 1\.097 times the recorded speed, 0\.238 US dollars per hour \(2024-03\)$/m,
      /^- recorded: program: trainer\/ngram, sha256 cfc3277354cd21ff$/m,
      /^- recorded: when: 2026-11-23 09:47 to 2026-11-23 10:21 UTC$/m,
      /^- recorded: machine: AMD EPYC, 1 core, 1 training at a time$/m,
    ])
      expect(how).toMatch(line)
    expect(how).not.toContain('figure of m4')
  })

  it('warns where nobody knows that the program has one thread, and so does the table', async () => {
    const out = path('threads.arrow')
    const args = ['derive', 'minilm-small-mrpc', '--families', 'm5', '--out', out, '--force']
    const { code, err } = await bench(args)
    expect(code).toBe(0)
    expect(err).toMatch(
      /^bench: warning: more cores are taken to change nothing, .* "trainer\/glue" has one thread; .*\n$/,
    )
    expect((await bench(['show', out])).out).toMatch(/warning +more cores are taken to change nothing/)
    expect(await bench([...args, '--parallel-fraction', '0'])).toMatchObject({ code: 0, err: '' })
    expect((await bench(['show', out])).out).not.toContain('more cores are taken')
  })

  it('has examples in its help that run one after the other', async () => {
    const { out } = await bench(['derive', '--help'])
    const calls = [...out.matchAll(/derive (ngram-\S+ --\S+ \S+) --out (\S+)/g)]
    expect(calls).toHaveLength(2)
    for (const [, args, file] of calls)
      // oxlint-disable-next-line no-await-in-loop -- in their order
      expect(await bench(['derive', ...args!.split(' '), '--out', path(file!)])).toMatchObject({ code: 0, err: '' })
  })

  it('a table without hardware is refused', async () => {
    const { err } = await bench(['derive', toy.table, '--families', 'm5', '--out', path('y.arrow')])
    expect(err).toMatch(/the table "toy" is synthetic and says nothing about the machine/)
  })
})

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Outcome, bench } from './fake-terminal.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-import-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const map = {
  name: 'mine',
  resource: { name: 'epoch', column: 'epoch' },
  repetition: 'seed',
  elapsed: { column: 'seconds' },
  hyperparameters: { lr: { domain: { type: 'float', low: 0.001, high: 1, scale: 'log' } } },
  metrics: { error: { goal: 'min', split: 'validation' } },
  defaultConfig: { lr: 0.1 },
  licence: 'CC0',
  source: 'made up',
}

/** One row per configuration, seed and level. */
function rows(): string {
  const lines = ['lr,seed,epoch,seconds,error']
  for (const lr of [0.01, 0.1, 0.5])
    for (const seed of [1, 2])
      for (const epoch of [1, 2, 3])
        lines.push(`${lr},${seed},${epoch},${epoch * 2},${lr / 10 + 1 / epoch + seed / 100}`)
  return `${lines.join('\n')}\n`
}

function importMine(csv: string, mapping: unknown = map, more: readonly string[] = []): Promise<Outcome> {
  writeFileSync(join(directory, 'curves.csv'), csv)
  writeFileSync(join(directory, 'map.json'), JSON.stringify(mapping))
  const [file, mapFile, out] = ['curves.csv', 'map.json', 'mine.arrow'].map((name) => join(directory, name))
  return bench(['import', 'csv', file!, '--map', mapFile!, '--out', out!, ...more])
}

describe('bench import csv', { timeout: 300_000 }, () => {
  it("makes a table of one's own, which can be shown and run", async () => {
    const table = join(directory, 'mine.arrow')
    expect(await importMine(rows())).toEqual({
      code: 0,
      out: `6 trainings imported into ${table}\nLook at it: bench show ${table}\n`,
      err: '',
    })
    const shown = await bench(['show', table])
    expect(shown.out).toContain('6 trainings of 3 configurations, 3 levels (epoch)')
    expect(shown.out).toMatch(/licence +CC0/)

    const experiment = {
      name: 'own',
      question: 'Does it work?',
      tables: ['./mine.arrow'],
      objectives: [{ metric: 'error' }],
      methods: {
        default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
        random: { scheduler: { type: 'fifo' } },
      },
      budget: { fullEvaluations: 2 },
    }
    const module = join(directory, 'own.mjs')
    writeFileSync(module, `export default ${JSON.stringify(experiment)}`)
    const run = await bench(['run', module, '--threads', '0', '--out', join(directory, 'result')])
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(run.out).toContain('Tables: imported (mine).')
  })

  it.each([
    ['a value that is no number', rows().replace('0.01,1,2,4,', '0.01,1,2,x,'), map, /curves\.csv.*"x"/],
    ['a column that is missing', rows().replace('seconds', 'secs'), map, /"seconds"/],
    [
      'a mapping with an unknown entry',
      rows(),
      { ...map, metrix: {} },
      /map\.json.*"metrix"; did you mean "metrics"\?/,
    ],
  ])('says in one line that there is %s', async (_name, csv, mapping, message) => {
    const { code, out, err } = await importMine(csv, mapping)
    expect(err).toMatch(message)
    expect(err).toMatch(/^bench: [^\n]+\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(existsSync(join(directory, 'mine.arrow'))).toBe(false)
  })

  it('writes over a table that is there only with --force', async () => {
    const table = join(directory, 'mine.arrow')
    writeFileSync(table, 'precious')
    const refused = await importMine(rows())
    expect(refused).toEqual({
      code: 2,
      out: '',
      err: `bench: --out must not be there yet, got ${JSON.stringify(table)}; name another file, or add --force to write over it\n`,
    })
    expect(readFileSync(table, 'utf8')).toBe('precious')
    expect(await importMine(rows(), map, ['--force'])).toMatchObject({ code: 0, err: '' })
    expect((await bench(['show', table])).out).toContain('6 trainings of 3 configurations')
  })

  it('refuses a folder as the table, also with --force', async () => {
    mkdirSync(join(directory, 'mine.arrow'))
    const { code, err } = await importMine(rows(), map, ['--force'])
    expect(err).toMatch(/^bench: --out must not be a folder, got "[^"]+mine\.arrow"; name a file\n$/)
    expect(code).toBe(2)
  })

  it('says in one line that a file is missing, or is a folder', async () => {
    const folder = await bench(['import', 'csv', directory, '--map', directory, '--out', 'x.arrow'])
    expect(folder).toMatchObject({ code: 2, err: `bench: ${directory}: is a folder; name a file\n` })
    for (const format of ['taskset', 'lcbench']) {
      const read = await bench(['import', format, directory, '--out', 'x.arrow'])
      expect(read).toMatchObject({ code: 2, err: `bench: ${directory}: is a folder; name a file\n` })
    }
    const { code, err } = await bench(['import', 'csv', 'nowhere.csv', '--map', 'nowhere.json', '--out', 'x.arrow'])
    expect(err).toBe('bench: nowhere.json: is not there; name a file that is\n')
    expect(code).toBe(2)
  })
})

describe('a format by path', { timeout: 300_000 }, () => {
  it('is the default export of a module', async () => {
    const [, code] = readFileSync('docs/tables.md', 'utf8').split('// squares.ts')
    const importer = join(directory, 'squares.ts')
    const index = pathToFileURL(resolve('src/formats/importer.ts')).href
    writeFileSync(importer, `// squares.ts${code!.slice(0, code!.indexOf('```'))}`.replace("'rungbench'", `'${index}'`))
    writeFileSync(join(directory, 'data.txt'), '1 0.5 0.25\n2 0.7 0.3\n1 0.4 0.2\n')
    const out = join(directory, 'squares.arrow')
    const given = ['import', importer, join(directory, 'data.txt'), '--name', 'squares', '--out', out]
    const unsaid = await bench(given)
    expect(unsaid.err).toMatch(/data\.txt: has no times; give a rule with --seconds-per-level/)
    const said = await bench([...given, '--seconds-per-level', '1', '--source', 'me', '--licence', 'CC0-1.0'])
    expect(said).toMatchObject({ code: 0, err: '' })
    const { out: shown } = await bench(['show', out])
    expect(shown).toContain('3 trainings of 2 configurations, 2 levels (epoch)')
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('times are a rule, not measured: 1 seconds per level')
  })

  it('is refused where the module exports something else, and so is an unknown name', async () => {
    writeFileSync(join(directory, 'odd.mjs'), 'export default {}')
    const odd = await bench(['import', join(directory, 'odd.mjs'), 'x', '--out', 'x.arrow'])
    expect(odd).toMatchObject({ code: 2, err: expect.stringMatching(/odd\.mjs must default-export an importer/) })
    const gone = await bench(['import', './gone.ts', 'x', '--out', 'x.arrow'])
    expect(gone.err).toMatch(
      /^bench: format must be the path of a module that is there, got "\.\/gone\.ts"; write one .*, or name one of csv, .*taskset[^\n]*\n$/,
    )
    const unknown = await bench(['import', 'tasket', 'x', '--out', 'x.arrow'])
    expect(unknown.err).toMatch(/unknown format "tasket"; did you mean "taskset"\?/)
  })
})

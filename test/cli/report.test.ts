import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCommand, openFile } from '../../src/cli/open.js'
import { bench } from './fake-terminal.js'
import { type Toy, makeToy } from './toy.js'

let toy: Toy
beforeEach(() => {
  toy = makeToy()
})
afterEach(() => toy.remove())

/** Runs the toy into a folder. */
async function run(name: string, ...more: string[]): Promise<string> {
  const out = join(toy.directory, name)
  const { code, err } = await bench(['run', toy.experiment, '--threads', '0', '--out', out, ...more])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

function read(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8')
}

describe('bench report', () => {
  it('makes the report of bench run again, to the letter', async () => {
    const out = await run('a')
    const before = [read(out, 'report.html'), read(out, 'report.md')]
    rmSync(join(out, 'report.html'))
    const { code, out: said } = await bench(['report', out])
    expect(code).toBe(0)
    expect(said).toBe(`Report: ${join(out, 'report.html')}\nMarkdown: ${join(out, 'report.md')}\n`)
    expect([read(out, 'report.html'), read(out, 'report.md')]).toEqual(before)
    expect(before[1]).toContain(`bench run ${toy.experiment}`)
  })

  it('reads old runs with names that would do harm, and shows every character of them', async () => {
    const out = await run('a', '--methods', 'default,asha')
    const [bad, seen] = ['a\u001B[31mb\nc\u202E', String.raw`a\u{1b}[31mb`]
    const path = join(out, 'manifest.json')
    writeFileSync(path, read(path).replaceAll('"asha"', JSON.stringify(bad)))
    const { code, err } = await bench(['report', out, '--full'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const files = ['report.html', 'report.md', ...readdirSync(join(out, 'report')).map((file) => join('report', file))]
    const shown = files.filter((file) => /\.(html|md|csv|svg|vl\.json)$/.test(file)).map((file) => read(out, file))
    expect(shown.length).toBeGreaterThan(5)
    // The libraries of the page have a few of their own.
    for (const text of shown)
      for (const unseen of ['\u001B', '\u202E'])
        expect(text.replaceAll(/<script>[^]*?<\/script>/g, '')).not.toContain(unseen)
    expect(read(out, 'report.html')).toContain(seen)
    expect(read(out, 'report', 'improvement.svg')).toContain(seen)
    const compared = await bench(['compare', out, out], { colors: true })
    for (const unseen of ['\u001B[31m', '\u202E']) expect(compared.out).not.toContain(unseen)
    expect(compared.out).toContain(String.raw`a\u{1b}`)
  })

  it('puts several runs together: seeds of the same methods, and methods on the same table', async () => {
    const whole = await run('whole', '--seeds', '4')
    const parts = [
      await run('a', '--seeds', '0-2', '--methods', 'default,asha'),
      await run('b', '--seeds', '2-3', '--methods', 'default,asha'),
      await run('c', '--seeds', '0-3', '--methods', 'default,random'),
    ]
    const both = join(toy.directory, 'both')
    const { code, err } = await bench(['report', ...parts, '--out', both, '--full'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    await bench(['report', whole, '--full'])
    // The same numbers as of one run of everything; methods stand in the order of the runs.
    const rows = (folder: string): string[] => read(folder, 'report', 'results.csv').split('\r\n').toSorted()
    expect(rows(both)).toEqual(rows(whole))
    expect(read(both, 'report.md')).toContain('report/incumbent-1.svg')
    const files = readdirSync(join(both, 'report'))
    expect(files).toEqual(expect.arrayContaining(['improvement.svg', 'improvement.png', 'improvement.vl.json']))
  })

  it('says what is wrong in one line, and exits with 2', async () => {
    const a = await run('a')
    const empty = join(toy.directory, 'nothing')
    const check = async (argv: readonly string[], message: RegExp): Promise<void> => {
      const { code, out, err } = await bench(['report', ...argv])
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(message)
      expect(err).toMatch(/^bench: [^\n]+\n$/)
    }
    await check([empty], /must be a folder that exists, got ".*nothing"/)
    await check([toy.directory], /is no run directory: it has no manifest\.json/)
    await check([a, a], /a report of several runs needs a folder of its own; add --out DIR/)
    const damaged = await run('damaged')
    const file = readdirSync(join(damaged, 'runs')).find((name) => name.endsWith('.events.arrow'))!
    writeFileSync(join(damaged, 'runs', file), 'not an Arrow file')
    await check([damaged], /or its events are damaged; run the experiment again with --resume/)
    const other = makeToy({ methods: { asha: { scheduler: { type: 'asha-stopping', reductionFactor: 2 } } } })
    const b = join(other.directory, 'b')
    await bench(['run', other.experiment, '--threads', '0', '--out', b])
    await check([a, b, '--out', empty], /two different (tables|methods) of the name "(toy|asha)"/)
    other.remove()
  })
})

describe('bench report --out', () => {
  it('writes over its own reports only', async () => {
    const a = await run('mine')
    const other = await run('other')
    const folder = join(toy.directory, 'keep')
    const report = (out: string) => bench(['report', a, '--out', out, '--full'])
    expect((await report(folder)).code).toBe(0)
    const html = read(folder, 'report.html')
    expect((await report(folder)).code).toBe(0)
    expect(read(folder, 'report.html')).toBe(html)
    for (const [file, name] of [
      [join(folder, 'report.html'), 'report.html'],
      [join(folder, 'report.md'), 'report.md'],
    ] as const) {
      rmSync(join(folder, 'report.html'), { force: true })
      writeFileSync(file, 'of somebody else')
      // oxlint-disable-next-line no-await-in-loop -- one folder
      const { code, out, err } = await report(folder)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(new RegExp(`^bench: --out holds a ${name} that was not made by this command, got .*\n$`))
      expect(readFileSync(file, 'utf8')).toBe('of somebody else')
    }
    const before = read(other, 'report.html')
    expect((await report(other)).err).toMatch(/^bench: --out must not be the directory of another run/)
    expect(read(other, 'report.html')).toBe(before)
    expect((await report(a)).code).toBe(0)
    expect((await report(join(folder, 'report.md'))).err).toMatch(/^bench: --out must be a folder or not exist/)
  })
})

describe('bench report where report.json is damaged', () => {
  it.each(['', '{"repeat": 3', 'null', '[]', '{"repeat": 3, "elapsedSeconds": "long", "failures": [{}]}'])(
    'says less, and nothing wrong: %j',
    async (text) => {
      const out = await run('a')
      writeFileSync(join(out, 'report.json'), text)
      const { code, err } = await bench(['report', out])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      const page = read(out, 'report.md')
      expect(page).toContain('## How this was made')
      expect(page).not.toContain('To repeat it')
      expect(page).not.toMatch(/wall time|undefined|NaN|object Object/)
    },
  )
})

describe('--open', () => {
  const path = process.env['PATH']
  afterEach(() => {
    process.env['PATH'] = path
  })

  /** Puts a program that opens files before all others. */
  function opener(script: string): void {
    const bin = join(toy.directory, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    process.env['PATH'] = `${bin}:${path}`
  }

  it.runIf(process.platform === 'linux')('hands the report to what the system opens files with', async () => {
    const out = await run('a')
    const seen = join(toy.directory, 'seen')
    opener(`printf %s "$1" > '${seen}'`)
    const { code, err } = await bench(['report', out, '--open'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(read(seen)).toBe(join(out, 'report.html'))
  })

  it.runIf(process.platform === 'linux')('says in one line with the path what failed, and exits with 1', async () => {
    const out = await run('a')
    opener('exit 3')
    const { code, err } = await bench(['report', out, '--open'])
    const html = join(out, 'report.html')
    expect({ code, err }).toEqual({
      code: 1,
      err: `bench: cannot open ${html}: xdg-open ended with 3; open it in a browser yourself\n`,
    })
    process.env['PATH'] = ''
    const none = await bench(['report', out, '--open'])
    expect(none.code).toBe(1)
    expect(none.err).toMatch(/^bench: cannot open [^\n]*report\.html: [^\n]*ENOENT; open it in a browser yourself\n$/)
  })

  it.runIf(process.platform === 'linux')('does not wait for a browser to be closed', async () => {
    opener('read line < "$1"')
    const pipe = join(toy.directory, 'pipe')
    execFileSync('mkfifo', [pipe])
    await expect(openFile(pipe, 20)).resolves.toBeUndefined()
    // The program still waits; this ends it.
    writeFileSync(pipe, 'closed\n')
  })
})

describe('openCommand', () => {
  it('is what each system opens files with', () => {
    expect(openCommand('linux', '/a b.html')).toEqual(['xdg-open', '/a b.html'])
    expect(openCommand('darwin', '/a b.html')).toEqual(['open', '/a b.html'])
    expect(openCommand('win32', 'C:\\a.html')).toEqual(['explorer.exe', 'C:\\a.html'])
  })
})

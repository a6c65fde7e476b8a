import { describe, expect, it } from 'vitest'
import { bench } from './fake-terminal.js'

describe('help', () => {
  it('bench alone teaches how to begin', async () => {
    const { code, out, err } = await bench([])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('bench run asha-vs-default --seeds 5')
    expect(out).toContain('bench help COMMAND')
    expect(out.split('\n').length).toBeLessThan(25)
  })

  it('speaks of the command as it was called', async () => {
    expect((await bench([], { command: 'npx rungbench' })).out).toContain('npx rungbench run asha-vs-default')
    expect((await bench(['help', 'run'], { command: 'npx bench' })).out).toContain('npx bench run asha-vs-default')
  })

  it.each(['run', 'list', 'show', 'trace', 'record', 'import', 'diff', 'compare'])(
    'bench help %s = bench %s --help, with examples',
    async (command) => {
      const help = await bench(['help', command])
      expect(help).toMatchObject({ code: 0, err: '' })
      expect(help.out).toContain(`bench ${command}`)
      expect(help.out).toContain('Examples:')
      expect(await bench([command, '--help'])).toEqual(help)
      for (const line of help.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    },
  )

  it('bench help lists the commands', async () => {
    const { code, out } = await bench(['help'])
    expect(code).toBe(0)
    for (const command of ['run', 'list', 'show', 'trace', 'record', 'import', 'diff', 'compare', 'help'])
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    expect((await bench(['--help'])).out).toBe(out)
  })

  it('--version', async () => {
    expect(await bench(['--version'])).toEqual({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
      err: '',
    })
  })
})

describe('bad input is one line that helps, and exit code 2', () => {
  it.each([
    ['rn', "unknown command 'rn'; did you mean run?"],
    ['frobnicate', "unknown command 'frobnicate'; see bench help"],
    ['help rnu', 'unknown command "rnu"; did you mean "run"?'],
    ['run', "missing required argument 'experiment'; see bench help run"],
    ['run a b', "too many arguments for 'run'. Expected 1 argument but got 2; see bench help run"],
    ['run a --sedes 5', "unknown option '--sedes'; did you mean --seeds?"],
    ['run a --zzzzzz', "unknown option '--zzzzzz'; see bench help run"],
    ['run a --seeds', "option '--seeds <N|A-B|A,B>' argument missing; see bench help run"],
    ['run a --seeds 0', '--seeds must be at least 1, got "0"; write --seeds 5'],
    ['run a --seeds x', '--seeds must be a number of seeds, a range or a list, got "x"'],
    ['run a --budget 13', '--budget must be an amount and a unit, got "13"'],
    ['run a --backend locl', 'unknown backend "locl"; did you mean "local"?'],
    ['run a --resume', '--resume needs --out, the folder of the run to go on with'],
    ['run a --data /nowhere', '--data is for --backend local only'],
    ['run a --backend local --data /nowhere', '--data must be a folder that exists, got "/nowhere"'],
    ['run a --backend local --threads 2', '--threads is for the simulated backend only'],
    ['run a --gpus 0', '--gpus is for --backend local only'],
    ['run a --trials-per-gpu 2', '--trials-per-gpu is for --backend local only'],
    ['run a --recording x', '--recording is for --backend local only'],
    ['run a --backend local --gpus first', '--gpus must be all, none, or indices or UUIDs of GPUs, got "first"; write'],
    ['run a --backend local --gpus 0,0', '--gpus names "0" twice, got "0,0"; name each once'],
    ['run a --backend local --threads-per-trial 0', '--threads-per-trial must be a whole number from 1 to 4096'],
    ['run a --backend local --retries -1', '--retries must be a whole number from 0 to 1000, got "-1"'],
    ['run a --backend local --trial-timeout 5', '--trial-timeout must be an amount of time, got "5"; write'],
    ['run a --trial-timeout 5s', '--trial-timeout is for --backend local only'],
    ['record', 'record needs the name or the module of a recording; see bench list'],
    ['record x --rows 3', '--rows is for --check'],
    ['record x --workers 0', '--workers must be a whole number from 1 to 1024, got "0"'],
    ['record x --data /nowhere', '--data must be a folder that exists'],
    ['record --check a --from-run b', 'give --check or --from-run, not both'],
    ['record --check a --out b.arrow', '--out is for recording, not for --check'],
    ['record --from-run b', '--from-run needs --out'],
    ['record --from-run b --out c', '--out must end in .arrow, got "c"; write --out c.arrow'],
    ['record x --from-run b --out c.arrow', '--from-run needs no recording, got "x"'],
    ['record --from-run /nowhere --out c.arrow', '--from-run must be a run directory that exists, got "/nowhere"'],
    ['import cvs x --map m --out o.arrow', 'unknown format "cvs"; did you mean "csv"?'],
    ['import csv x', "required option '--out <table.arrow>' not specified; see bench help import"],
    ['import csv x --out x.arrow', 'this format needs a mapping, which says what the columns are; give --map'],
    ['import taskset x --out x.txt', '--out must end in .arrow, got "x.txt"'],
    ['import taskset x --seconds-per-level 0 --out x.arrow', '--seconds-per-level must be a number greater than 0'],
    ['export ngram-cola --out x', "required option '--format <name>' not specified; see bench help export"],
    ['import csv x --map m --out o', '--out must end in .arrow'],
  ])('bench %s', async (line, message) => {
    const { code, out, err } = await bench(line.split(' '))
    expect(err).toContain(message)
    expect(err).toMatch(/^bench: [^\n]+\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })
})

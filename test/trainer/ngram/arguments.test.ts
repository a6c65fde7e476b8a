import { describe, expect, it } from 'vitest'
import { DEFAULTS, parseArguments } from '../../../trainer/ngram/arguments.js'
import { run } from './fixture.js'

const needed = ['--task', 'mrpc', '--data', 'glue']

describe('parseArguments', () => {
  it('fills in defaults', () => {
    expect(parseArguments(needed)).toEqual({ ...DEFAULTS, task: 'mrpc', data: 'glue' })
    expect(DEFAULTS.epochs).toBe(27)
    expect(DEFAULTS.seed).toBe(0)
  })

  it('reads numbers as schedulers write them', () => {
    const args = parseArguments([
      ...needed,
      '--learning_rate',
      '1.5e-4',
      '--batch_size',
      '16.0',
      '--st_checkpoint_dir',
      'c',
    ])
    expect(args).toMatchObject({ learning_rate: 1.5e-4, batch_size: 16, st_checkpoint_dir: 'c' })
  })

  const bad: readonly (readonly [string[], string])[] = [
    [['--learning_rate', '0'], '--learning_rate: must be a number above 0, got "0"; give a value such as'],
    [['--learning_rate', 'fast'], 'got "fast"'],
    [['--learning_rate', ''], 'got ""'],
    [['--learning_rate', 'NaN'], 'got "NaN"'],
    [['--batch_size', '2.5'], '--batch_size: must be an integer of at least 1, got "2.5"'],
    [['--warmup_ratio', '1.01'], '--warmup_ratio: must be a number from 0 to 1'],
    [['--weight_decay', '-1'], '--weight_decay: must be a number of at least 0'],
    [['--dropout', '1'], '--dropout: must be at least 0 and below 1, got "1"'],
    [['--epochs', '0'], '--epochs: must be an integer of at least 1'],
    [['--seed', '-1'], '--seed: must be an integer from 0'],
    [['--model', 'transformer'], '--model: must be one of words-narrow, words,'],
    [['--momentum', '0.9'], '--momentum: is not an argument of this program; use "--name value" with --task'],
    [['--learning_rate=1'], '--learning_rate=1: is not an argument'],
    [['stray', '1'], 'stray: is not an argument'],
    [['--toString', '1'], '--toString: is not an argument'],
    [['--seed'], '--seed: has no value; give a value such as 0'],
    [['--seed', '1', '--seed', '2'], '--seed: is given twice; give it once'],
  ]
  for (const [argv, message] of bad) {
    it(`refuses ${argv.join(' ')} in one line, status 2`, () => {
      const { status, lines, errors } = run([...needed, ...argv])
      expect(status).toBe(2)
      expect(lines).toEqual([])
      expect(errors).toHaveLength(1)
      expect(errors[0]).toContain(message)
      expect(errors[0]).not.toContain('\n')
    })
  }

  it('asks for what must be given', () => {
    expect(run([]).errors[0]).toContain('--task: is missing and must be one of mrpc, cola, stsb')
    expect(run(['--task', 'cola']).errors[0]).toContain('--data: is missing')
  })
})

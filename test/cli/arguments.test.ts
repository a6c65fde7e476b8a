import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  MOST_SEEDS,
  parseBackend,
  parseBudget,
  parseCount,
  parseList,
  parseSeeds,
  parseThreads,
  parseWorkers,
  quoted,
} from '../../src/cli/arguments.js'
import { BenchError } from '../../src/core/errors.js'

describe('--seeds', () => {
  it.each([
    ['1', [0]],
    ['5', [0, 1, 2, 3, 4]],
    ['3-5', [3, 4, 5]],
    ['7-7', [7]],
    ['2,9,4', [2, 9, 4]],
    ['0, 10-12', [0, 10, 11, 12]],
  ])('%s', (text, seeds) => expect(parseSeeds(text)).toEqual(seeds))

  it.each([
    ['0', /must be at least 1, got "0"; write --seeds 5/],
    ['x', /must be a number of seeds, a range or a list, got "x"; write --seeds 5/],
    ['', /must be a number of seeds/],
    ['-5', /must be a number of seeds/],
    ['1.5', /must be a number of seeds/],
    ['1e3', /must be a number of seeds/],
    ['1,,2', /must be a number of seeds/],
    ['1-', /must be a number of seeds/],
    ['5-2', /has a range that runs backwards, got "5-2"; write 2-5/],
    ['1,2,1', /holds seed 1 twice/],
    ['0-5,3', /holds seed 3 twice/],
    ['100001', /must be at most 100000 seeds/],
    ['0-4000000000', /must not hold seeds above 2147483647/],
    ['0-200000', /must be at most 100000 seeds/],
    ['99999999999999999999999', /must be at most 100000 seeds/],
  ])('refuses %j', (text, message) => expect(() => parseSeeds(text)).toThrow(message))

  it('gives distinct seeds or one line, for any text', () => {
    const sound = (text: string): boolean => {
      try {
        const seeds = parseSeeds(text)
        return seeds.length > 0 && seeds.length <= MOST_SEEDS && new Set(seeds).size === seeds.length
      } catch (error) {
        return error instanceof BenchError && /^--seeds [^\n]+$/.test(error.message)
      }
    }
    expect(() => fc.assert(fc.property(fc.stringMatching(/^[0-9,-]{0,12}$/), sound))).not.toThrow()
  })
})

describe('--budget', () => {
  it.each([
    ['13evals', { fullEvaluations: 13 }],
    ['1eval', { fullEvaluations: 1 }],
    ['2.5 evals', { fullEvaluations: 2.5 }],
    ['1800s', { seconds: 1800 }],
    ['30min', { seconds: 1800 }],
    ['0.5h', { seconds: 1800 }],
    ['500reports', { reports: 500 }],
    ['40trials', { trials: 40 }],
    ['12USD', { cost: 12 }],
  ])('%s', (text, rule) => expect(parseBudget(text)).toEqual(rule))

  it.each([
    ['13', /must be an amount and a unit, got "13"; write --budget 13evals/],
    ['evals', /must be an amount and a unit/],
    ['-3s', /must be an amount and a unit/],
    ['0s', /must be more than 0/],
    ['1.5trials', /must be a whole number of trials/],
    ['13evls', /unknown unit "evls"; did you mean "evals"\?/],
    ['13constructor', /unknown unit "constructor"; known: evals, s, min/],
  ])('refuses %j', (text, message) => expect(() => parseBudget(text)).toThrow(message))
})

describe('other options', () => {
  it('--workers takes one number or several', () => {
    expect(parseWorkers('4')).toEqual([4])
    expect(parseWorkers('1,4,16')).toEqual([1, 4, 16])
    expect(() => parseWorkers('0')).toThrow('--workers must be a whole number from 1 to 100000, got "0"')
    expect(() => parseWorkers('1,x')).toThrow('got "x"')
    expect(() => parseWorkers('4,04')).toThrow('--workers holds 4 twice')
  })

  it('--threads may be 0: the calling thread', () => {
    expect(parseThreads('0')).toBe(0)
    expect(() => parseThreads('two')).toThrow('--threads must be a whole number from 0 to 256, got "two"')
    expect(() => parseThreads('100000')).toThrow('--threads')
  })

  it('lists hold each name once', () => {
    expect(parseList('--tables', 'a, ./b.arrow')).toEqual(['a', './b.arrow'])
    expect(() => parseList('--tables', 'a,,b')).toThrow('--tables must be names separated by commas, got "a,,b"')
    expect(() => parseList('--methods', 'asha,asha')).toThrow('--methods names "asha" twice')
  })

  it('--backend suggests', () => {
    expect(parseBackend('local')).toBe('local')
    expect(() => parseBackend('simulate')).toThrow('unknown backend "simulate"; did you mean "simulated"?')
  })

  it('counts have limits', () => {
    expect(parseCount('--rows', '5', 1, 10)).toBe(5)
    for (const text of ['', '0', '11', '1.0', ' 1', '0x1'])
      expect(() => parseCount('--rows', text, 1, 10)).toThrow('--rows')
  })

  it('are quoted for a shell where needed', () => {
    expect(['--seeds=1,2', './a b.ts', "it's", '$(x)', ''].map((text) => quoted(text))).toEqual([
      '--seeds=1,2',
      "'./a b.ts'",
      String.raw`'it'\''s'`,
      "'$(x)'",
      "''",
    ])
  })
})

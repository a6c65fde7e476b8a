import { describe, expect, it } from 'vitest'
import {
  columnFormat,
  columnOf,
  decimalsFor,
  formatBudget,
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  listed,
  plural,
  together,
  withSpread,
  wrap,
} from '../../src/report/format.js'

describe('formats', () => {
  it.each([
    [0, '0 s'],
    [0.012_345, '0.012 s'],
    [1.13, '1.1 s'],
    [9.96, '10.0 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min'],
    [245, '4 min 5 s'],
    [3599.6, '1 h'],
    [11_520, '3 h 12 min'],
    [47 * 3600 + 59 * 60 + 40, '2 d'],
    [183_600, '2 d 3 h'],
    [Infinity, '?'],
  ])('duration %d', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

  it.each([
    [0, '0.0 %'],
    [0.0691, '+6.9 %'],
    [-0.0691, '-6.9 %'],
    [0.000_449, '+0.045 %'],
    [0.000_51, '+0.1 %'],
    [12.5, '+1250 %'],
    // Not 0, so they do not read as 0.
    [0.000_004_9, '+0.0005 %'],
    [-0.000_000_1, '-0.00001 %'],
    [2e-11, '+2e-9 %'],
    // What rounding leaves of 0 does: 0.1 + 0.2 - 0.3.
    [0.1 + 0.2 - 0.3, '0.0 %'],
    [1.234_567e9, '+1.235e11 %'],
    [Number.NaN, '-'],
  ])('share %d', (share, text) => expect(formatPercent(share)).toBe(text))

  it.each([
    [0.030_14, '0.03014'],
    [12.5, '12.5'],
    [0, '0'],
    [1.234_56e-7, '1.235e-7'],
    [123_456_789, '1.235e8'],
    [Number.NaN, 'NaN'],
  ])('number %d', (value, text) => expect(formatNumber(value)).toBe(text))

  it('counts', () => {
    expect([0, 999, 1000, 1_234_567].map((count) => formatCount(count))).toEqual(['0', '999', '1,000', '1,234,567'])
    expect([plural(1, 'run'), plural(2, 'run'), plural(3, 'entry', 'entries')]).toEqual([
      '1 run',
      '2 runs',
      '3 entries',
    ])
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ])
  })

  it('gives the smallest spread two digits', () => {
    expect([[0.0123, 0.5], [3], [null, 0], [1e-9]].map((spreads) => decimalsFor(spreads))).toEqual([3, 2, 4, 6])
  })

  it.each([
    ['decimals as given', 2, [0.5, 12], ['0.50', '12.00']],
    ['more where a value would read as 0', 2, [0.0031, 0.5], ['0.003', '0.500']],
    ['an exponent beside numbers a million times as large', 2, [1e-6, 1e6, 3], ['1e-6', '1000000.00', '3.00']],
    ['as many decimals as there is room for', 2, [0.0004, 999], ['0.0004', '999.0000']],
    ['values of one small magnitude', 4, [1.5e-300, 0], ['1.5e-300', '0.0000']],
    ['large ones', 2, [1.084_254_9e25, -2e7, 9_999_999], ['1.084e25', '-2e7', '9999999.00']],
    ['what is not finite', 2, [Number.NaN, -Infinity], ['-', '-']],
  ])('a column shows %s', (_, decimals, values, texts) => {
    const show = columnFormat(decimals, values)
    expect(values.map((value) => show(value))).toEqual(texts)
  })

  it('means with spreads that are far apart, too large for a double, or of a single number', () => {
    const results = [
      { n: 3, mean: 0.31, std: 0.012 },
      { n: 3, mean: 2e-9, std: 0 },
      { n: 3, mean: 1e308, std: null },
      { n: 1, mean: 0.25, std: null },
    ]
    const show = columnOf(results)
    expect(results.map((result) => withSpread(result, show))).toEqual([
      '0.310 ± 0.012',
      '2e-9 ± 0.000',
      '1e308 ± -',
      '0.250',
    ])
  })

  it('budgets', () => {
    expect(formatBudget({ fullEvaluations: 13 })).toBe('13 full evaluations')
    expect(formatBudget({ fullEvaluations: 1 })).toBe('1 full evaluation')
    expect(formatBudget({ seconds: 1800, reports: 1000, target: { metric: 'error', value: 0.1 } })).toBe(
      '30 min or 1,000 reports or error = 0.1',
    )
    expect(formatBudget({ trials: 40, evaluations: 1, cost: 2.5 })).toBe('40 trials or 1 ended trial or 2.5 US dollars')
    expect(formatBudget({ cost: 1 })).toBe('1 US dollar')
  })

  it('wraps at blanks and keeps together what belongs together', () => {
    expect(wrap('one two three four', 9, '  ')).toBe('one two\n  three\n  four')
    expect(wrap(`a long ${together('6.9 %')} b`, 9)).toBe('a long\n6.9 % b')
  })
})

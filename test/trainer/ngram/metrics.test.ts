import { describe, expect, it } from 'vitest'
import { accuracy, averageRanks, f1, matthews, pearson, spearman } from '../../../trainer/ngram/metrics.js'

describe('metrics of classes', () => {
  // 3 true positives, 1 false positive, 2 true negatives, 1 false negative
  const gold = [1, 1, 1, 0, 0, 0, 1]
  const logits = [2, 0.1, 5, 1, -1, -0.5, -3]

  it('agrees with hand values', () => {
    expect(accuracy(logits, gold)).toBeCloseTo(5 / 7, 12)
    expect(f1(logits, gold)).toBeCloseTo(6 / 8, 12)
    expect(matthews(logits, gold)).toBeCloseTo((3 * 2 - 1 * 1) / Math.sqrt(4 * 4 * 3 * 3), 12)
  })

  it('counts a logit of 0 as class 0', () => {
    expect(accuracy([0, 0], [0, 1])).toBe(0.5)
  })

  it('scores constants 0 where nothing else is defined', () => {
    expect(matthews([1, 1, 1], [1, 0, 1])).toBe(0)
    expect(matthews([-1, -1, -1], [1, 0, 1])).toBe(0)
    expect(matthews([1, -1, 1], [1, 1, 1])).toBe(0)
    expect(f1([-1, -1], [1, 0])).toBe(0)
  })

  it('reaches both ends', () => {
    expect(matthews([1, -1, 1], [1, 0, 1])).toBe(1)
    expect(matthews([1, -1, 1], [0, 1, 0])).toBe(-1)
  })
})

describe('correlations', () => {
  it('shares ranks among ties', () => {
    expect([...averageRanks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4])
    expect([...averageRanks([-0, 0])]).toEqual([1.5, 1.5])
  })

  it('agrees with hand values', () => {
    expect(pearson([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12)
    expect(spearman([1, 2, 3, 400], [1, 3, 2, 4])).toBeCloseTo(0.8, 12)
    // ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12)
  })

  it('scores constants 0, also where rounding leaves a remainder', () => {
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBe(0)
    expect(spearman([0.1, 0.1, 0.1], [1, 2, 3])).toBe(0)
    expect(spearman([1, 2, 3], [7, 7, 7])).toBe(0)
  })

  it('does not care about monotone changes of scale (Spearman)', () => {
    const a = [0.3, -2, 5, 1.5, 1.5]
    const b = [1, 2, 9, 4, 3]
    expect(spearman(a.map(Math.exp), b)).toBeCloseTo(spearman(a, b), 12)
  })
})

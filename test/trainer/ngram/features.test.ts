import { describe, expect, it } from 'vitest'
import { hashTexts } from '../../../trainer/ngram/bags.js'
import { FAMILIES } from '../../../trainer/ngram/families.js'
import { FeatureHasher } from '../../../trainer/ngram/features.js'

const wide = { rows: 2 ** 20, dimension: 8 }

function hashed(family: ConstructorParameters<typeof FeatureHasher>[0], text: string): Map<number, number> {
  const hasher = new FeatureHasher(family)
  hasher.hash(text)
  return new Map(Array.from({ length: hasher.size }, (_, i) => [hasher.ids[i]!, hasher.counts[i]!]))
}

describe('FeatureHasher', () => {
  it('counts words whatever their case, and punctuation marks as words', () => {
    const family = { ...wide, words: true, bigrams: false }
    expect([...hashed(family, 'The cat saw the CAT, the end.').values()]).toEqual([3, 2, 1, 1, 1, 1])
    expect(hashed(family, 'cat the')).toEqual(hashed(family, '  The\tCat '))
  })

  it('counts neighbours, with both edges', () => {
    const family = { ...wide, words: false, bigrams: true }
    expect(hashed(family, 'a b c').size).toBe(4)
    expect(hashed(family, 'a b')).not.toEqual(hashed(family, 'b a'))
    expect(hashed(family, '').size).toBe(1)
  })

  it('counts runs of characters inside a word with its boundaries', () => {
    const family = { ...wide, words: false, bigrams: false, characters: [3, 4] as const }
    // <abc> has <ab abc bc> and <abc abc>
    expect(hashed(family, 'abc').size).toBe(5)
    expect(hashed(family, 'a').size).toBe(1)
    expect(hashed(family, 'ab cd').size).toBe(hashed(family, 'ab').size + hashed(family, 'cd').size)
  })

  it('keeps letters outside ASCII in words', () => {
    const family = { ...wide, words: true, bigrams: false }
    expect(hashed(family, 'Été naïve').size).toBe(2)
    expect(hashed(family, '“hi”').size).toBe(3)
  })

  it('grows for long texts and stays within its buckets', () => {
    const text = Array.from({ length: 5000 }, (_, i) => `word${i}`).join(' ')
    expect(hashed({ ...wide, words: true, bigrams: false }, text).size).toBeGreaterThan(4950)
    for (const family of Object.values(FAMILIES)) {
      const ids = [...hashed(family, text).keys()]
      expect(ids.every((id) => id >= 0 && id < family.rows)).toBe(true)
    }
  })
})

describe('hashTexts', () => {
  it('gives each text weights of length 1, and an empty text none', () => {
    const bags = hashTexts(new FeatureHasher(FAMILIES['words']!), ['a a b', '', 'c'], 1)
    expect([...bags.offsets]).toEqual([0, 2, 2, 3])
    expect(bags.weights[0]).toBeCloseTo(2 / Math.sqrt(5), 6)
    expect(bags.weights[2]).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import { show } from '../../src/core/errors.js'
import { experimentSchema } from '../../src/core/experiment.js'
import { nameFault, sentenceSchema } from '../../src/core/names.js'
import { parseOr } from '../../src/core/zod-error.js'
import { printable, printableJson, printableLines, printableStyled, printableTexts } from '../../src/core/printable.js'

/** One of each kind: C0, DEL, C1, separators, bidirectional controls. */
const UNSEEN = ['\u0000', '\u001B', '\u007F', '\u009B', '\u2028', '\u202E', '\u2066', '\u200F', '\u061C']

describe('a name', () => {
  it.each([...UNSEEN, '\n', '\t'])('has no %j', (character) => {
    expect(nameFault(`a${character}b`)).toMatch(/must hold no control characters.*; rename it/)
  })

  it('has 1 to 200 characters', () => {
    expect(nameFault('')).toMatch(/must not be empty/)
    expect(nameFault('a'.repeat(200))).toBeUndefined()
    expect(nameFault('a'.repeat(201))).toMatch(/at most 200/)
    expect(nameFault('größe, 学習率 🙂')).toBeUndefined()
  })

  it('a question is one line', () => {
    expect(sentenceSchema.parse('Is it\n  so?')).toBe('Is it so?')
    expect(sentenceSchema.safeParse('a\u001B[2J').success).toBe(false)
    expect(sentenceSchema.safeParse(' \n').success).toBe(false)
  })
})

describe('an experiment', () => {
  const good = {
    name: 'e',
    question: 'q?',
    tables: ['ngram-mrpc'],
    objectives: [{ metric: 'error' }],
    methods: { base: { scheduler: { type: 'fifo' } } },
    budget: { fullEvaluations: 1 },
  }

  it.each([
    ['a method without a name', { methods: { '': good.methods.base } }, /methods.*must not be empty.*got ""/],
    ['a long one', { methods: { ['a'.repeat(201)]: good.methods.base } }, /methods.*at most 200 characters; give it/],
    ['one in colour', { methods: { 'a\u001B[31m': good.methods.base } }, /methods.*rename it.*got "a\\u001b\[31m"/],
    ['a metric that turns text round', { objectives: [{ metric: 'a\u202E' }] }, /0\.metric.*got "a\\u\{202e\}"/],
    ['a table with a line break', { tables: ['./a\nb.arrow'] }, /tables\.0.*rename it.*got "\.\/a\\nb\.arrow"/],
    ['a question that sets the title', { question: '\u001B]0;x\u0007' }, /question.*leave them out/],
  ])('with %s is refused', (_, change, message) => {
    expect(() => parseOr(experimentSchema, { ...good, ...change }, 'experiment')).toThrow(message)
  })

  it('may have tables with long paths', () => {
    const tables = [`./${'folder/'.repeat(60)}a.arrow`]
    expect(parseOr(experimentSchema, { ...good, tables }, 'experiment').tables).toEqual(tables)
  })
})

describe('what cannot be seen', () => {
  it.each(UNSEEN)('%j becomes its code, and nothing else changes', (character) => {
    const code = `\\u{${character.codePointAt(0)!.toString(16)}}`
    expect(printable(`a${character}\tb\nc`)).toBe(`a${code} b c`)
    expect(printableLines(`a${character}b\nc`)).toBe(`a${code}b\nc`)
    expect(show(`a${character}b`)).not.toContain(character)
    expect(printableTexts({ [`k${character}`]: [character, 1, null] })).toEqual({ [`k${code}`]: [code, 1, null] })
  })

  it('JSON means the same', () => {
    const value = { [UNSEEN.join('')]: `a\n${UNSEEN.join('')}` }
    const json = printableJson(JSON.stringify(value, null, 2))
    expect(JSON.parse(json)).toEqual(value)
    for (const character of UNSEEN) expect(json).not.toContain(character)
  })

  it('colours of our own stay, what moves the cursor or hides text does not', () => {
    expect(printableStyled('\u001B[1mbold\u001B[22m')).toBe('\u001B[1mbold\u001B[22m')
    expect(printableStyled('\u001B[2J\u001B]0;title\u0007')).toBe(String.raw`\u{1b}[2J\u{1b}]0;title\u{7}`)
  })
})

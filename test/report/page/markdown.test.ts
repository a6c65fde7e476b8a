import { describe, expect, it } from 'vitest'
import { escapeMarkdown } from '../../../src/report/page/markdown.js'
import { HOSTILE } from '../hostile.js'

describe('escapeMarkdown', () => {
  it.each(HOSTILE)('leaves no markup of %s', (text) => {
    const made = escapeMarkdown(text)
    expect(made.replaceAll('<!-- -->', '')).not.toMatch(/[<>]/)
    expect(made).not.toMatch(/(^|[^\\])[[\]`|*_]/)
    expect(made).not.toContain('://')
  })

  it('leaves no formulas, no names of people or issues, no links without a scheme, and nothing unseen', () => {
    expect(escapeMarkdown('$x$ @name a@b.c #1 www.example.com C# 5')).toBe(
      String.raw`\$x\$ @<!-- -->name a@<!-- -->b.c #<!-- -->1 www&#46;example.com C# 5`,
    )
    expect(escapeMarkdown('a\u001B[31mb\u202E')).toBe(String.raw`a\\u{1b}\[31mb\\u{202e}`)
  })

  it('keeps a line a line, and what begins a block no beginning', () => {
    expect(escapeMarkdown('two\n  lines')).toBe('two lines')
    for (const [text, made] of [
      ['# title', String.raw`\# title`],
      ['- item', String.raw`\- item`],
      ['1. first', String.raw`1\. first`],
      ['-0.5 %', '-0.5 %'],
    ] as const)
      expect(escapeMarkdown(text)).toBe(made)
  })
})

import { describe, expect, it } from 'vitest'
import { inlineScript, markup, scriptData } from '../../../src/report/page/escape.js'
import { HOSTILE } from '../hostile.js'

describe('markup', () => {
  it.each(HOSTILE)('shows %s as text, in content and in attributes', (text) => {
    const made = markup`<p title="${text}">${text}</p>`.text
    const inside = made.slice('<p title="'.length, -'</p>'.length)
    expect(inside.match(/[<>"]/g)).toEqual(['"', '>'])
    const back = inside.slice(inside.indexOf('>') + 1).replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => {
      return { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }[name]!
    })
    expect(back).toBe(text)
  })

  it('puts markup into markup as it is', () => {
    const items = ['a<b', 'c'].map((text) => markup`<li>${text}</li>`)
    expect(markup`<ul>${items}${undefined}${markup`<li>${3}</li>`}</ul>`.text).toBe(
      '<ul><li>a&lt;b</li><li>c</li><li>3</li></ul>',
    )
  })
})

describe('scripts', () => {
  it.each(HOSTILE)('hold %s as data that no tag can end', (text) => {
    const data = { [text]: [text, '\u2028'] }
    const made = scriptData(data).text
    expect(made).not.toContain('<')
    expect(made).not.toContain('\u2028')
    expect(JSON.parse(made)).toEqual(data)
  })

  it('refuse code that would end them', () => {
    expect(inlineScript('let a = 1 < 2').text).toBe('<script>let a = 1 < 2</script>')
    expect(() => inlineScript('"</SCRIPT>"')).toThrow(/end of a script/)
    expect(() => inlineScript('"<!--"')).toThrow(/end of a script/)
  })
})

import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../../src/report/page/csv.js'

describe('renderCsv', () => {
  it('quotes what must be quoted, keeps all digits, and makes no formulas', () => {
    const table = {
      id: 'a',
      title: 'A',
      columns: [
        { name: 'name, with comma' },
        { name: 'shown', only: 'page' as const },
        { name: '=value', format: () => 'no' },
      ],
      rows: [
        ['say "hi"\nthere', 'x', 0.1 + 0.2],
        ['=1+1', 'x', -3],
        ['@sum', 'x', null],
        ['a\u001B[2J\u202E\r', 'x', 1],
      ],
    }
    expect(renderCsv(table)).toBe(
      `"name, with comma",'=value\r\n"say ""hi""\nthere",0.30000000000000004\r\n'=1+1,-3\r\n'@sum,\r\na\\u{1b}[2J\\u{202e}\\u{d},1\r\n`,
    )
  })
})

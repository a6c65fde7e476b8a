import CliTable from 'cli-table3'
import { describe, expect, it } from 'vitest'
import { RULES, WIDTH, brokenName, fitted } from '../../src/report/layout.js'

function tableWith(names: readonly string[], longest: number, room = 40): CliTable.Table {
  const table = new CliTable({
    head: ['method', 'a\nb'],
    colAligns: ['left', 'right'],
    chars: RULES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
  })
  table.push([{ content: 'heading', colSpan: 2 }])
  for (const name of names) table.push([brokenName(name, longest), '1'.padStart(room, '.')])
  return table
}

describe('fitted', () => {
  const names = ['short', 'a-name[with=brackets,and=commas,that=takes,several=lines]', 'z'.repeat(90)]

  it('looks as cli-table3 has it', () => {
    const own = tableWith(names, 32)
      .toString()
      .split('\n')
      .map((line) => line.replaceAll('\u00a0', ' ').trimEnd())
    expect(fitted((longest) => tableWith(names, longest)).split('\n')).toEqual(own)
  })

  it('breaks names shorter where there is no room', () => {
    const lines = fitted((longest) => tableWith(names, longest, 75)).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(WIDTH)
  })

  it('takes no time for names of any length, and cuts those that nobody can read', () => {
    const begun = performance.now()
    const text = fitted((longest) => tableWith(['a'.repeat(100_000), 'b'.repeat(1000)], longest, 95))
    expect(performance.now() - begun).toBeLessThan(3000)
    expect(text.match(/a/g)!.length).toBeLessThanOrEqual(201)
    expect(text).toContain('…')
  })
})

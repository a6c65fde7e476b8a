import { expect, it } from 'vitest'
import { Screen } from '../../../src/cli/live/screen.js'

/** As much of a terminal as the screen needs: text, line ends, cursor up, and the two ways to erase. */
class TinyTerminal {
  lines: string[] = ['']
  row = 0

  write(text: string): void {
    // eslint-disable-next-line no-control-regex
    for (const [part] of text.matchAll(/\u001B\[\??\d*[a-zA-Z]|\r|\n|[^\u001B\r\n]+/g)) {
      if (part === '\n') {
        this.row++
        this.lines[this.row] ??= ''
      } else if (part === '\r' || part.startsWith('\u001B[?7') || part.endsWith('m')) continue
      else if (part.endsWith('A')) this.row -= Number(part.slice(2, -1))
      else if (part === '\u001B[K') continue
      else if (part === '\u001B[J') this.lines = [...this.lines.slice(0, this.row), '']
      else this.lines[this.row] = part
    }
  }

  get text(): string {
    return this.lines.join('\n').trimEnd()
  }
}

it('draws lines in the place of those before, whether there are more or fewer', () => {
  const terminal = new TinyTerminal()
  const screen = new Screen(
    (text) => terminal.write(text),
    () => ({ columns: 20, rows: 10 }),
  )
  terminal.write('$ bench\n')
  screen.draw(['a', 'b'])
  expect(terminal.text).toBe('$ bench\na\nb')
  screen.draw(['c', '\u001B[1mwide but plain\u001B[22m', 'e'])
  expect(terminal.text).toMatch(/^\$ bench\nc\n.*\ne$/)
  screen.draw(['f'])
  expect(terminal.text).toBe('$ bench\nf')
  screen.clear()
  expect(terminal.text).toBe('$ bench')
  screen.clear()
  expect(terminal.text).toBe('$ bench')
})

it('leaves alone what others wrote below', () => {
  const terminal = new TinyTerminal()
  const screen = new Screen(
    (text) => terminal.write(text),
    () => ({ columns: 20, rows: 10 }),
  )
  screen.draw(['a'])
  terminal.write('a warning\n')
  screen.release()
  screen.draw(['b'])
  expect(terminal.text).toBe('a\na warning\nb')
})

it('goes up over the lines that a narrower terminal made of one', () => {
  let columns = 20
  const written: string[] = []
  const screen = new Screen(
    (text) => void written.push(text),
    () => ({ columns, rows: 10 }),
  )
  screen.draw(['x'.repeat(20), 'y'])
  columns = 10
  screen.draw(['z'])
  expect(written[1]!.startsWith('\r\u001B[3A')).toBe(true)
  expect(screen.room).toEqual({ columns: 20, rows: 9 })
})

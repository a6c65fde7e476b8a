import { describe, expect, it } from 'vitest'
import { ProgressBar } from '../../src/cli/progress.js'

describe('the progress bar', () => {
  const make = (): { bar: ProgressBar; lines: string[]; clock: { now: number } } => {
    const lines: string[] = []
    const clock = { now: 0 }
    return {
      bar: new ProgressBar(
        (text) => lines.push(text.replace('\r\u001B[K', '')),
        'runs',
        () => clock.now,
      ),
      lines,
      clock,
    }
  }

  it('shows how far, how fast and how long', () => {
    const { bar, lines, clock } = make()
    bar.begin(0)
    clock.now = 2
    bar.update(100, 400)
    expect(lines).toEqual([`${'█'.repeat(8)}${'░'.repeat(22)} 100/400 runs  50/s  6 s left`])
    bar.clear()
    bar.clear()
    expect(lines).toEqual([expect.any(String), ''])
  })

  it('is drawn ten times a second at most, and at the end', () => {
    const { bar, lines, clock } = make()
    for (let i = 1; i <= 100; i++) {
      clock.now = i / 100
      bar.update(i, 100)
    }
    expect(lines.length).toBeLessThanOrEqual(11)
    expect(lines.at(-1)).toContain('100/100')
  })

  it('counts the rate from where it began', () => {
    const { bar, lines, clock } = make()
    bar.begin(90)
    clock.now = 60
    bar.update(91, 100, '  1 failed')
    expect(lines[0]).toContain('91/100 runs  1/min  9 min left  1 failed')
  })

  it('gives slow rates per hour', () => {
    const { bar, lines, clock } = make()
    bar.begin(0)
    clock.now = 3600
    bar.update(2, 4)
    expect(lines[0]).toContain('2/h  1 h left')
  })

  it('erases nothing where nothing was drawn', () => {
    const { bar, lines } = make()
    bar.clear()
    new ProgressBar(undefined, 'runs').update(1, 2)
    expect(lines).toEqual([])
  })
})

/** A compact chart for a terminal: the improvement of every method with its interval, a line each. */
import { groupLabel, namesOf } from './answer.js'
import { type Comparison, type ComparisonGroup, verdictOf } from './comparison.js'
import { formatPercent, wrap } from './format.js'
import { type Colors, WIDTH, shorten } from './layout.js'

/** With more lines than this nobody would read them; the table has all. */
const MOST_LINES = 24
const [LONGEST_LABEL, LONGEST_METHOD] = [30, 22]

interface Line {
  readonly label: string
  readonly comparison: Comparison
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** `├──●──┤` a line, with zero marked; empty where no interval is known or there are too many lines. */
export function intervalChart(groups: readonly ComparisonGroup[], colors: Colors): string {
  const lines = groups.flatMap((group) =>
    group.comparisons.flatMap((comparison): Line[] => {
      const { mean, ci95 } = comparison.relativeImprovement
      if (mean === null || ci95 === null) return []
      return [{ label: groupLabel(group, groups), comparison, mean, low: ci95[0], high: ci95[1] }]
    }),
  )
  if (lines.length === 0 || lines.length > MOST_LINES) return ''
  const labels = lines.map(({ label }, i) => (lines[i - 1]?.label === label ? '' : shorten(label, LONGEST_LABEL)))
  const methods = lines.map(({ comparison }) => shorten(comparison.method, LONGEST_METHOD))
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))
  const [labelWidth, methodWidth] = [widest(labels), widest(methods)]
  const room = WIDTH - labelWidth - methodWidth - 4
  const from = Math.min(0, ...lines.map(({ low }) => low))
  const to = Math.max(0, ...lines.map(({ high }) => high))
  const at = (share: number): number => (to > from ? Math.round(((share - from) / (to - from)) * (room - 1)) : 0)
  const rows = lines.map((line, i) => {
    const verdict = verdictOf(line.comparison)
    const paint = verdict === 'better' ? colors.green : verdict === 'worse' ? colors.red : (text: string) => text
    return `${labels[i]!.padEnd(labelWidth)}  ${methods[i]!.padEnd(methodWidth)}  ${paint(barOf(line, at, room))}`
  })
  const title = `improvement of ${namesOf(groups, 'metric')} over ${namesOf(groups, 'baseline')}: mean and 95 % interval`
  const axis = `${' '.repeat(labelWidth + methodWidth + 4)}${axisOf(from, to, at, room)}`
  return [wrap(title, WIDTH, '  '), ...rows, axis].map((row) => row.trimEnd()).join('\n')
}

function barOf({ mean, low, high }: Line, at: (share: number) => number, room: number): string {
  const cells = Array.from({ length: room }, (_, k): string => {
    const within = k > at(low) && k < at(high)
    if (k === at(0)) return within ? '┼' : '│'
    return within ? '─' : ' '
  })
  cells[at(low)] = '├'
  cells[at(high)] = '┤'
  cells[at(mean)] = '●'
  return cells.join('').trimEnd()
}

/** Both ends and zero, where these are apart. */
function axisOf(from: number, to: number, at: (share: number) => number, room: number): string {
  const low = from < 0 ? formatPercent(from) : '0'
  const high = to > 0 ? formatPercent(to) : '0'
  const zero = at(0)
  const fits = zero > low.length && zero < room - high.length - 1
  const start = fits ? `${low.padEnd(zero)}0` : low
  return start + high.padStart(room - start.length)
}

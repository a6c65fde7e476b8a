/** Which parts of a view are shown where there is not room for all. */

export interface Section {
  /** A line above; counts as one. */
  readonly title?: string
  /** Whether the title says how many are left out. */
  readonly counted?: boolean
  readonly lines: readonly string[]
  /** What is kept where there is not room for all of it; `all`: all or nothing. */
  readonly keep: 'first' | 'last' | 'all'
  /** Who gets room first: 1 before 2. */
  readonly order: number
  /** So many lines before the next gets any. */
  readonly wish: number
}

/** The lines of the sections in the order given, at most `rows` of them. Each gets what it wishes, then what is left. */
export function fitSections(sections: readonly Section[], rows: number): string[] {
  const given = sections.map(() => 0)
  let left = rows
  const byOrder = sections.map((_, i) => i).toSorted((a, b) => sections[a]!.order - sections[b]!.order)
  for (const most of [(section: Section) => section.wish, () => Infinity])
    for (const i of byOrder) {
      const section = sections[i]!
      const { lines, keep } = section
      const title = section.title !== undefined && given[i] === 0 ? 1 : 0
      const more = Math.min(lines.length, most(section), left - title + given[i]!) - given[i]!
      if (more <= 0 || (keep === 'all' && given[i]! + more < lines.length)) continue
      given[i]! += more
      left -= more + title
    }
  return sections.flatMap(({ title, counted, lines, keep }, i) => {
    const count = given[i]!
    if (count === 0) return []
    const hidden = lines.length - count
    const shown = keep === 'last' ? lines.slice(-count) : lines.slice(0, count)
    return [
      ...(title === undefined
        ? []
        : [hidden > 0 && counted === true ? `${title} (${count} of ${lines.length})` : title]),
      ...shown,
    ]
  })
}

/** Text from outside as it may be shown: nothing in it moves a cursor, changes colours or turns the direction of text round. */

/** Controls, line and paragraph separators, and what turns the direction of text round. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
/** What {@link printableStyled} lets through: colours and weights as picocolors writes them. */
const STYLE = new RegExp(`(${String.fromCodePoint(0x1b)}\\[\\d{1,2}m)`)

/** As one line: line breaks and tabs become blanks, every other unprintable character its code, e.g. `\u{1b}`. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? ' ' : codeOf(character),
  )
}

/** As several lines: like {@link printable}, but line breaks and tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? character : codeOf(character),
  )
}

/** As several lines with our own colours: what they surround must be {@link printable} already. */
export function printableStyled(text: string): string {
  return text
    .split(STYLE)
    .map((part, i) => (i % 2 === 1 ? part : printableLines(part)))
    .join('')
}

/**
 * Plain data of which every text, names of entries too, can be shown. What is no plain data stays as it is.
 *
 * @param shown {@link printable} where every text is one line
 */
export function printableTexts<T>(data: T, shown: (text: string) => string = printableLines): T {
  const mapped = (value: unknown): unknown => {
    if (typeof value === 'string') return shown(value)
    if (Array.isArray(value)) return value.map(mapped)
    if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [shown(key), mapped(one)]))
  }
  return mapped(data) as T
}

/** A JSON text without unprintable characters that means the same. */
export function printableJson(json: string): string {
  return json.replaceAll(UNPRINTABLE, (character) =>
    character === '\n' ? character : `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}

/** Whether a text holds a character that cannot be shown as it is; line breaks are among them. */
export function hasUnprintable(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0
}

function codeOf(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}

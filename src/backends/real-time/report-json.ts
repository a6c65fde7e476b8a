/** JSON as Python writes it: with the tokens NaN, Infinity and -Infinity, which are no JSON. Works on one line at most. */

const BACKSLASH = 0x5c
const QUOTE = 0x22

/** Where the JSON object that begins at `start` ends (exclusive), by counting braces outside strings; -1 if nowhere. */
export function objectEnd(text: string, start: number): number {
  if (text[start] !== '{') return -1
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === QUOTE) {
      i = stringEnd(text, i) - 1
      if (i < 0) return -1
    } else if (char === 0x7b) depth++
    else if (char === 0x7d && --depth === 0) return i + 1
  }
  return -1
}

/** Where the string that begins with the quote at `start` ends (exclusive); 0 if nowhere. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === BACKSLASH) i++
    else if (char === QUOTE) return i + 1
  }
  return 0
}

/** Stands for NaN between the two passes; a text with this value would be read as NaN. */
const NAN_MARK = '\u0000NaN'
const NAN_TOKEN = JSON.stringify(NAN_MARK)
const TOKEN = /(-?Infinity|NaN)/g

/** Parses an object that has NaN, Infinity or -Infinity outside its strings; undefined if it is broken otherwise. */
export function nonFiniteJson(text: string): Readonly<Record<string, unknown>> | undefined {
  let rewritten = ''
  let at = 0
  while (at < text.length) {
    const quote = text.indexOf('"', at)
    const outside = text.slice(at, quote < 0 ? text.length : quote)
    // A number beyond the largest double parses as infinity.
    rewritten += outside.replace(TOKEN, (token) =>
      token === 'NaN' ? NAN_TOKEN : token === 'Infinity' ? '1e999' : '-1e999',
    )
    if (quote < 0) break
    at = stringEnd(text, quote)
    if (at === 0) return undefined
    rewritten += text.slice(quote, at)
  }
  try {
    return JSON.parse(rewritten, (_key, value: unknown) => (value === NAN_MARK ? Number.NaN : value)) as Record<
      string,
      unknown
    >
  } catch {
    return undefined
  }
}

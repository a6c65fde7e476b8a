/** Text that has only so much room. */

/** The first `width` characters, the last of them `…` where something was cut. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text
  const characters = Array.from(text)
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}

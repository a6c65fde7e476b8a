/** Text into HTML, and data into inline scripts: the only place where they are made safe. */
import { printableLines } from '../../core/printable.js'

/** HTML that is safe to put into a page. Only {@link markup} makes it from text. */
export class SafeHtml {
  constructor(readonly text: string) {}
}

type Part = string | number | SafeHtml | readonly SafeHtml[] | undefined

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * A template of HTML: what is put in is text and is escaped, but for SafeHtml and lists of it. Attributes must be quoted.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): SafeHtml {
  let text = strings[0]!
  for (const [i, part] of parts.entries()) text += render(part) + strings[i + 1]!
  return new SafeHtml(text)
}

function render(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof SafeHtml) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('')
  return printableLines(String(part)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/** Data for an inline script of a type that is not run: JSON in which no tag can begin or end. */
export function scriptData(data: unknown): SafeHtml {
  const text = JSON.stringify(data).replaceAll('<', String.raw`\u003c`)
  return new SafeHtml(text.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`))
}

/** Code as an inline script, to the letter: its hash is in the policy. @throws Error if it holds the end of a script */
export function inlineScript(code: string): SafeHtml {
  if (/<\/script|<!--/i.test(code)) throw new Error('the code of a page must not hold the end of a script')
  return new SafeHtml(`<script>${code}</script>`)
}

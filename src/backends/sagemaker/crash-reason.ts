/** Why a program crashed: what the service says, and what its log ends with. */
import { stripVTControlCharacters } from 'node:util'
import { hidden } from './secrets.js'

/** Characters of one line of a log, and of the whole reason. */
const LINE = 200
const WHOLE = 700
/** What could rewrite a terminal that shows it, or turn the direction of its text round. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/**
 * One line, e.g. `AlgorithmError: exit code: 1; its log ends: Traceback ... | boom`. What the service quotes of the log itself is
 * not said twice.
 *
 * @param lines the last ones of its log
 * @param secrets are hidden in all of it
 */
export function crashReason(reason: string, lines: readonly string[], secrets: readonly string[]): string {
  const told = hidden(reason, secrets)
  const said = lines
    .map((line) => hidden(stripVTControlCharacters(line).replaceAll(CONTROLS, ' '), secrets).trim())
    .filter((line) => line !== '' && !told.includes(line))
    .map((line) => cut(line, LINE))
  return cut([told, ...(said.length === 0 ? [] : [`its log ends: ${said.join(' | ')}`])].join('; '), WHOLE)
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text
}

/** Text that others wrote, without what the user put into the environment of jobs. */

/** Shorter values say nothing, and stand in every message. */
const LEAST_SECRET = 4

/**
 * One line, with `***` in place of every secret. Of one with several lines each line is a secret too: logs tell them apart.
 *
 * @param secrets of four characters or more; shorter ones stay
 */
export function hidden(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, ...secret.split(/[\r\n]+/)])
    .map(oneLine)
    .filter(({ length }) => length >= LEAST_SECRET)
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, '***'), oneLine(text))
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

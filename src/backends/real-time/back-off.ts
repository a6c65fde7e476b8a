/** How long a crashed program rests before it is started again. */

/** Seconds before the first restart, unless said otherwise. */
export const FIRST_REST = 1
const LONGEST_REST = 60

/** Doubled each time, up to a minute. @param restarts how often the program was started again before */
export function restSeconds(restarts: number, first: number = FIRST_REST): number {
  return Math.min(LONGEST_REST, first * 2 ** restarts)
}

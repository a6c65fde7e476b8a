/** Reads a trace back, a line at a time: the naive counterpart of what writes it. */
export function parseTrace(text: string) {
  return text
    .split('\n')
    .filter((line) => line !== '' && !/^[#\s]/.test(line))
    .map((line) => {
      const [time, trial, level, ...rest] = line.split(/\s+/)
      const at = rest.findIndex((word) => /^[a-z]+$/.test(word))
      return {
        time: Number(time),
        trial: Number(trial),
        kind: rest[at]!,
        level: level === '-' ? 0 : Number(level),
        values: rest.slice(0, at).flatMap((word) => (word === '-' ? [] : [Number(word)])),
      }
    })
}

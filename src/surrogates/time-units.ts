/** Units of metrics that are measured times: they never come out equal twice, and a faster machine makes them smaller. */
export const TIME_UNITS: ReadonlySet<string> = new Set(['s', 'ms', 'us', 'µs', 'ns', 'seconds', 'milliseconds'])

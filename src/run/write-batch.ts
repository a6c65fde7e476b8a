/** Writes a simulated batch: its events and its trials, a file each. */
import { encodeEvents, encodeTrials } from '../store/batch-file.js'
import { writeWhole } from '../store/write-whole.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Batch } from './simulate.js'

/**
 * Writes the events first: a batch counts as finished when its trials are there.
 *
 * @param path what the names of the files begin with
 * @throws BenchError (exit 1), e.g. on a full disk
 */
export function writeBatch(
  path: string,
  { events, trials, summaries }: Batch,
  metrics: readonly string[],
  table: SurrogateTable,
): void {
  const configs = trials.configs ?? Array.from(trials.row, (row) => table.configuration(table.configurationOf[row]!))
  writeWhole(`${path}.events.arrow`, encodeEvents(events, metrics, summaries))
  writeWhole(`${path}.trials.arrow`, encodeTrials(trials.offsets, trials.row, configs, summaries))
}

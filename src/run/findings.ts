/** Gathers, batch by batch, what the events and trials of a run set say beside its summaries. */
import { type IncumbentSteps, joinSteps } from '../store/incumbent-steps.js'
import type { RunDetails } from '../store/run-set.js'
import type { SurrogateTable } from '../surrogates/table.js'

export class Findings {
  readonly #incumbents: { readonly firstRun: number; readonly steps: IncumbentSteps }[] = []
  /** By table, per row whether a trial met it. */
  readonly #met: ReadonlyMap<string, Uint8Array>

  constructor(tables: readonly SurrogateTable[]) {
    this.#met = new Map(tables.map(({ name, data }) => [name, new Uint8Array(data.rows)]))
  }

  /**
   * @param firstRun position in the plan of the first run of the batch
   * @param rows per trial the row of the table, or -1
   */
  add(firstRun: number, table: string, steps: IncumbentSteps, rows: Int32Array): void {
    this.#incumbents.push({ firstRun, steps })
    const met = this.#met.get(table)!
    for (const row of rows) if (row >= 0) met[row] = 1
  }

  /** In plan order, whatever order batches came in. */
  all(): RunDetails {
    const steps = this.#incumbents.sort((a, b) => a.firstRun - b.firstRun).map((part) => part.steps)
    const count = (met: Uint8Array): number => met.reduce((sum, one) => sum + one, 0)
    return {
      incumbents: joinSteps(steps),
      rowsUsed: Object.fromEntries(Array.from(this.#met, ([table, met]) => [table, count(met)])),
    }
  }
}

/**
 * What a report costs with many simulated workers: the event queue is a heap of workers, so it must grow with the logarithm
 * of their number and with nothing else. Random search, so that there is little but the queue; also on a table with
 * instance types, whose workers have different prices.
 */
import { SurrogateTable } from '../src/surrogates/table.js'
import { engineExperiment } from './engine.js'
import { type Figure, type Suite, interleaved } from './figures.js'
import { studyTable } from './study-table.js'
import { type TimedRun, timedRun } from './timed-run.js'

const WORKERS = [1, 4, 100, 10_000] as const

export const workers: Suite = async ({ share, rounds }) => {
  const data = studyTable(1000, 2, 81)
  const names = ['small', 'medium', 'large', 'huge']
  const types = names.map((name, i) => ({ name, speed: i + 1, usdPerHour: (i + 1) ** 1.5 }))
  const priced = {
    ...data,
    metadata: { ...data.metadata, name: 'priced', instances: { hyperparameter: 'instance', scaled: [], types } },
  }
  const tables = { 'one price': new SurrogateTable(data), 'four instance types': new SurrogateTable(priced) }
  const figures: Figure[] = []
  for (const [kind, table] of Object.entries(tables)) {
    const timed: Record<string, TimedRun> = {}
    for (const count of WORKERS)
      timed[count] = await timedRun(
        engineExperiment(table.name, { type: 'fifo' }, Math.max(200_000, 2_000_000 * share), count),
        table,
        1,
      )
    const cost = interleaved(timed, rounds)
    for (const count of WORKERS)
      figures.push({
        name: `fifo, ${kind}, ${count.toLocaleString('en')} workers`,
        value: cost[count]!,
        unit: 'ns/report',
        digest: timed[count]!.digest,
      })
    // log2(10,000) is 13.3 and log2(4) is 2: what grows with the logarithm grows at most by the ratio.
    figures.push({
      name: `fifo, ${kind}, 10,000 beside 4 workers`,
      value: cost[10_000]! / cost[4]!,
      unit: 'x',
      most: 6.6,
    })
  }
  return figures
}

/** A small experiment whose runs are made by hand: two tables, three methods, six seeds. */
import { makeRuns } from '../report/runs.js'

/** @param names other names than these: of the first table, of the reported metric, and where tables come from */
export function exampleRuns({ easy = 'easy', metric = 'test_error', kind = 'synthetic' } = {}) {
  const about = {
    description: 'Errors made by hand',
    rows: 200,
    configurations: 100,
    levels: 27,
    resource: 'epoch',
    units: { [metric]: '' },
    provenance: { kind, generator: 'by hand', seed: 7 },
  }
  const cells = [
    { table: easy, method: 'default', values: [0.3, 0.31, 0.29, 0.305, 0.295, 0.3] },
    { table: easy, method: 'asha', values: [0.25, 0.27, 0.25, 0.26, 0.26, 0.24] },
    { table: easy, method: 'random-search', values: [0.28, 0.27, 0.3, 0.29, null, 0.27] },
    { table: 'hard', method: 'default', values: [0.5, 0.52, 0.51, 0.49, 0.5, 0.53] },
    { table: 'hard', method: 'asha', values: [0.51, 0.5, 0.5, 0.52, 0.49, 0.5] },
    { table: 'hard', method: 'random-search', values: [0.55, 0.53, 0.58, 0.54, 0.56, 0.57] },
  ]
  const objectives = [{ metric: 'validation_error', goal: 'min' as const, report: metric }]
  const named = cells.map(({ table, method, values }) => ({ table, method, values, objectives }))
  return makeRuns(named, {
    manifest: {
      tables: [easy, 'hard'].map((name) => ({ name, sha256: 'ab'.repeat(32), provenance: kind, about })),
    },
  })
}

export const FRAME = { repeat: 'bench run example --seeds 6', elapsedSeconds: 0.5 }

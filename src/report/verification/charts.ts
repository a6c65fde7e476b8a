/** The charts of a verification: values on a diagonal, and times by level. */
import { agreementChart } from '../charts/agreement.js'
import type { Chart } from '../charts/chart.js'
import { timeRatioChart } from '../charts/time-ratio.js'
import { formatCount, formatNumber } from '../format.js'
import { type TableMeasure, ratioOf } from './measure.js'

/** @param resourceOf what levels of a table are called */
export function verificationCharts(measures: readonly TableMeasure[], resourceOf: (table: string) => string): Chart[] {
  const scatters: Chart[] = []
  const times: Chart[] = []
  for (const [i, { about, trainings, errors }] of measures.entries()) {
    const { name, steering, rungs } = about
    const resource = resourceOf(name)
    const points = trainings.flatMap(({ row, curves }) =>
      rungs.flatMap((level) => {
        const [table, real] = [curves[steering]?.table[level - 1] ?? null, curves[steering]?.real[level - 1] ?? null]
        return table === null || real === null ? [] : [{ level, name: `row ${row}`, table, real }]
      }),
    )
    const error = errors.find(({ metric }) => metric === steering)
    if (points.length > 0 && error !== undefined) {
      const finding =
        error.equal === error.values
          ? 'all lie on the diagonal.'
          : `${formatCount(error.equal)} of ${formatCount(error.values)} values at all levels are equal, the mean absolute error is ${formatNumber(error.absolute?.mean ?? Number.NaN)}.`
      scatters.push(
        agreementChart({ id: `agreement-${i + 1}`, table: name, metric: steering, resource, points, finding }),
      )
    }
    const longest = Math.max(0, ...trainings.map(({ reached }) => reached))
    const levels = Array.from({ length: longest }, (_, at) => {
      const found = ratioOf(
        trainings.map(({ elapsed }) => {
          const [real, table] = [elapsed.real[at] ?? null, elapsed.table[at] ?? null]
          return real === null || table === null || real <= 0 || table <= 0 ? undefined : real / table
        }),
      )
      return found === null ? [] : [{ level: at + 1, trainings: found.n, ...found }]
    }).flat()
    if (levels.length > 0) times.push(timeRatioChart({ id: `time-ratio-${i + 1}`, table: name, resource, levels }))
  }
  return [...scatters, ...times]
}

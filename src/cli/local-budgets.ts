/** What a budget in full evaluations means where trials train for real. */
import { formatBudget, formatDuration } from '../report/format.js'
import type { Manifest } from '../store/manifest.js'

/** One line per table and budget: full evaluations were measured on the machine that recorded the table. */
export function budgetWarnings({ cells, backend }: Manifest): string[] {
  const where = backend === 'local' ? 'this machine' : 'the machines of its jobs, which also take minutes to start,'
  const lines = cells.flatMap(({ table, budget: { fullEvaluations }, fullSeconds }) =>
    fullEvaluations === undefined
      ? []
      : [
          `${formatBudget({ fullEvaluations })} = ${formatDuration(fullEvaluations * fullSeconds)} by the times of the ` +
            `table ${table}; ${where} may differ`,
        ],
  )
  return [...new Set(lines)]
}

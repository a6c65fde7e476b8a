/** The tables of a verification. */
import type { SampleVerification } from '../../store/verification.js'
import type { Cell, DataTable } from '../data-table.js'
import { formatCount, formatNumber, formatPercent, together } from '../format.js'
import type { Interval } from '../statistics/student.js'
import type { ComparedConclusion } from './conclusion.js'
import type { Ratio, TableMeasure } from './measure.js'

const count = { format: formatCount }
const number = { format: formatNumber }

/** `[0.9, 1.2]`, or what stands for no interval. */
export function intervalText(interval: Interval | null, format: (value: number) => string = formatNumber): string {
  return interval === null ? '-' : `[${format(interval[0])}, ${format(interval[1])}]`
}

export function strataTable({ strata }: SampleVerification): DataTable {
  return {
    id: 'verify-sample',
    title: 'What was drawn: trainings by the highest rung that they reached in the simulation',
    columns: [{ name: 'table' }, { name: 'rung' }, { name: 'replayed', ...count }, { name: 'drawn', ...count }],
    rows: strata.map(({ table, level, trainings, drawn }) => [
      table,
      level === 0 ? 'none' : String(level),
      trainings,
      drawn,
    ]),
  }
}

export function errorTable(measures: readonly TableMeasure[]): DataTable {
  return {
    id: 'verify-errors',
    title: 'Error of the recorded values (real - recorded), at all levels',
    columns: [
      { name: 'table' },
      { name: 'metric' },
      { name: 'trainings', ...count },
      { name: 'values', ...count },
      { name: 'equal', ...count },
      { name: 'mean absolute', ...number },
      { name: '95 %' },
      { name: 'median', ...number },
      { name: 'largest', ...number },
      { name: 'mean', ...number },
      { name: 'of the spread', format: (share) => formatPercent(share).replace('+', '') },
    ],
    rows: measures.flatMap(({ about, errors }) =>
      errors.map((one): Cell[] => [
        about.name,
        one.metric,
        one.trainings,
        one.values,
        one.equal,
        one.absolute?.mean ?? null,
        // Where nothing differs there is nothing to be uncertain about.
        one.equal === one.values ? '-' : intervalText(one.absolute?.ci95 ?? null),
        one.median,
        one.largest,
        one.signed?.mean ?? null,
        one.relative?.mean ?? null,
      ]),
    ),
  }
}

export function timeTable(measures: readonly TableMeasure[]): DataTable {
  const line = (table: string, what: string, ratio: Ratio | null): Cell[][] =>
    ratio === null ? [] : [[table, what, ratio.n, ratio.mean, intervalText(ratio.ci95), ratio.least, ratio.greatest]]
  return {
    id: 'verify-times',
    title: 'Times: real / recorded, geometric mean over trainings',
    columns: [
      { name: 'table' },
      { name: 'of' },
      { name: 'trainings', ...count },
      { name: 'ratio', ...number },
      { name: '95 %' },
      { name: 'least', ...number },
      { name: 'greatest', ...number },
    ],
    rows: measures.flatMap(({ about, time, startup, statics }) => [
      ...line(about.name, 'training', time),
      ...line(about.name, 'start-up', startup),
      ...statics.flatMap(({ metric, ratio, equal, n }) => (equal === n ? [] : line(about.name, metric, ratio))),
    ]),
  }
}

export function rungTable(measures: readonly TableMeasure[]): DataTable {
  return {
    id: 'verify-rungs',
    title: 'Order of the trainings at each rung, by recorded and by real value',
    columns: [
      { name: 'table' },
      { name: 'rung', ...count },
      { name: 'trainings', ...count },
      { name: 'equal', ...count },
      { name: 'Spearman rho' },
      { name: '95 % of rho' },
      { name: 'Kendall tau-b' },
      { name: '95 % of tau-b' },
      { name: 'time ratio', ...number },
    ],
    rows: measures.flatMap(({ about, levels }) =>
      levels.map(({ level, trainings, equal, ranks, time }): Cell[] => [
        about.name,
        level,
        trainings,
        equal,
        ranks?.spearman == null ? 'too few' : formatNumber(ranks.spearman),
        intervalText(ranks?.spearman95 ?? null),
        ranks?.kendall == null ? 'too few' : formatNumber(ranks.kendall),
        intervalText(ranks?.kendall95 ?? null),
        time?.mean ?? null,
      ]),
    ),
  }
}

export function decisionTable({ decisions }: SampleVerification): DataTable {
  return {
    id: 'verify-decisions',
    title: 'Decisions with the real values in the place of the recorded ones',
    columns: [
      { name: 'table' },
      { name: 'method' },
      { name: 'runs', ...count },
      { name: 'values replaced', ...count },
      { name: 'agree', ...count },
      { name: 'disagree', ...count },
      { name: 'not known', ...count },
      { name: 'stops and pauses that agree', ...count },
      { name: 'that disagree', ...count },
    ],
    rows: decisions.map((one): Cell[] => [
      one.table,
      one.method,
      one.runs,
      one.replaced,
      one.agree,
      one.disagree,
      one.undecidable,
      one.endsAgree,
      one.endsDisagree,
    ]),
  }
}

export function conclusionTable(conclusions: readonly ComparedConclusion[], id: string, title: string): DataTable {
  const side = ({ mean, ci95 }: ComparedConclusion['simulated']['relativeImprovement']): Cell[] => [
    mean === null ? '-' : together(formatPercent(mean)),
    intervalText(ci95, (share) => together(formatPercent(share))),
  ]
  return {
    id,
    title,
    columns: [
      { name: 'table' },
      { name: 'method' },
      { name: 'simulated' },
      { name: '95 % simulated' },
      { name: 'real' },
      { name: '95 % real' },
      { name: 'real seeds', ...count },
      { name: 'conclusion' },
      { name: 'why' },
    ],
    rows: conclusions.map(({ table, method, simulated, real, standing, why }): Cell[] => [
      table,
      method,
      ...side(simulated.relativeImprovement),
      ...(real === undefined ? ['-', '-', 0] : [...side(real.relativeImprovement), real.seeds]),
      standing,
      why,
    ]),
  }
}

/** The rules of the table format, checked on typed arrays in one pass over the cells. */
import { BenchError, invalid, show } from '../core/errors.js'
import { type Domain, type Value, contains, describeDomain } from '../core/space.js'
import { RowIndex, orderRows } from './grouping.js'
import { OPTIONAL_COLUMNS, describes, parseTableMetadata } from './metadata.js'
import { ENDED, type HyperparameterColumn, SHARED_UNKNOWN, type TableData } from './table-data.js'

const DIVERGED = ENDED.indexOf('diverged')

/**
 * Checks that a table keeps the rules of the format. Rows are counted from 0, levels from 1.
 *
 * @param file what messages begin with
 * @throws BenchError naming the column, row and level, the rule and the cure
 */
export function checkTable(data: TableData, file: string): void {
  const metadata = parseTableMetadata(data.metadata, file)
  checkShapes(data, file)
  for (const [name, domain] of Object.entries(metadata.space))
    checkHyperparameter(data.hyperparameters[name]!, domain, `${file}: column ${show(name)}`)
  checkRepetitions(data, file)
  checkEnds(data, file)
  checkTimes(data, file)
  for (const [name, curve] of Object.entries(data.curves)) checkCurve(data, curve, `${file}: column ${show(name)}`)
  checkPerRow(data, file)
}

function checkShapes(data: TableData, file: string): void {
  const { metadata, rows, levels } = data
  if (rows === 0) throw new BenchError(`${file}: has no rows; a table needs at least one training`)
  if (levels !== metadata.resource.levels)
    throw invalid(`${file}: levels`, levels, `must be resource.levels of the metadata (${metadata.resource.levels})`)
  const expected = { hyperparameters: Object.keys(metadata.space), curves: [] as string[], statics: [] as string[] }
  for (const [name, metric] of Object.entries(metadata.metrics))
    (metric.kind === 'curve' ? expected.curves : expected.statics).push(name)
  const columns: [string, { readonly length: number }, number][] = [
    ['repetition', data.repetition, rows],
    ['levels', data.reached, rows],
    ['ended', data.ended, rows],
    ['elapsed_time', data.elapsed, rows * levels],
    ['startup_time', data.startup, rows],
    ['cpu_time', data.cpu, rows],
  ]
  const optional = { shared: data.shared, hardware: data.hardware?.values }
  for (const name of OPTIONAL_COLUMNS) {
    const column = optional[name]
    if (column === undefined) continue
    if (describes(metadata, name))
      throw invalid(`${file}: column`, name, 'is a hyperparameter or metric of the table', 'rename that one')
    columns.push([name, column, rows])
  }
  for (const name of expected.hyperparameters) columns.push([name, data.hyperparameters[name]?.values ?? [], rows])
  for (const name of expected.curves) columns.push([name, data.curves[name] ?? [], rows * levels])
  for (const name of expected.statics) columns.push([name, data.statics[name] ?? [], rows])
  for (const [name, { length }, wanted] of columns)
    if (length !== wanted) throw invalid(`${file}: column ${show(name)}`, length, `must hold ${wanted} values`)
  for (const group of ['hyperparameters', 'curves', 'statics'] as const)
    for (const name of Object.keys(data[group]))
      if (!expected[group].includes(name))
        throw new BenchError(`${file}: column ${show(name)} (of ${group}) is not described in the metadata`)
}

function checkHyperparameter(column: HyperparameterColumn, domain: Domain, place: string): void {
  const bad =
    column.kind === 'text' || column.kind === 'bool'
      ? firstBadCode(column, domain, place)
      : firstBadNumber(column.values, domain)
  if (bad < 0) return
  const cell = column.values[bad]!
  const value = column.kind === 'text' ? column.dictionary[cell] : column.kind === 'bool' ? cell === 1 : cell
  throw invalid(
    `${place}, row ${bad}`,
    value,
    `must be ${describeDomain(domain)}`,
    'drop the row or correct the space in the metadata',
  )
}

/** The first row whose code stands for no text or for a value outside the domain, or -1. */
function firstBadCode(
  column: HyperparameterColumn & { readonly kind: 'text' | 'bool' },
  domain: Domain,
  place: string,
): number {
  const values: readonly Value[] = column.kind === 'text' ? column.dictionary : [false, true]
  if (new Set(values).size !== values.length) throw new BenchError(`${place}: the dictionary lists a text twice`)
  const good = values.map((value) => contains(domain, value))
  return column.values.findIndex((code) => good[code] !== true)
}

/** The first row whose number lies outside the domain, or -1. */
function firstBadNumber(values: Float64Array | Int32Array, domain: Domain): number {
  if (domain.type !== 'float' && domain.type !== 'int')
    return values.findIndex((value: number) => !contains(domain, value))
  const { low, high } = domain
  const whole = domain.type === 'int'
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) return row
  }
  return -1
}

function checkRepetitions(data: TableData, file: string): void {
  const { repetition, rows, hyperparameters } = data
  const index = new RowIndex(hyperparameters, rows)
  const { rowStart, rowOrder } = orderRows(index, repetition)
  for (let i = 0; i < index.configurations; i++)
    for (let at = rowStart[i]!; at < rowStart[i + 1]!; at++) {
      const row = rowOrder[at]!
      const wanted = at - rowStart[i]!
      if (repetition[row] === wanted) continue
      if (wanted > 0 && repetition[row] === wanted - 1)
        throw new BenchError(
          `${file}: column "repetition": rows ${rowOrder[at - 1]!} and ${row} are both repetition ${wanted - 1} of one ` +
            'configuration; number its repetitions 0, 1, 2, ...',
        )
      throw new BenchError(
        `${file}: column "repetition": repetition ${wanted} of the configuration of row ${row} is missing (it has ` +
          `${repetition[row]}); number the repetitions of each configuration 0, 1, 2, ...`,
      )
    }
}

function checkEnds(data: TableData, file: string): void {
  for (let row = 0; row < data.rows; row++) {
    const reached = data.reached[row]!
    if (!(reached >= 0 && reached <= data.levels))
      throw invalid(`${file}: column "levels", row ${row}`, reached, `must be a whole number in [0, ${data.levels}]`)
    const end = ENDED[data.ended[row]!]
    if (end === undefined) throw invalid(`${file}: column "ended", row ${row}`, data.ended[row], 'has an unknown code')
    if (end === 'completed' && reached < data.levels)
      throw new BenchError(
        `${file}: column "ended", row ${row} says completed but holds ${reached} of ${data.levels} levels; ` +
          'say stopped, failed or diverged',
      )
    if ((end === 'stopped' || end === 'failed') && reached === data.levels)
      throw new BenchError(
        `${file}: column "ended", row ${row} says ${end} but holds all ${data.levels} levels; say completed`,
      )
  }
}

function checkTimes(data: TableData, file: string): void {
  const { elapsed, reached, levels } = data
  const cell = firstBadTime(elapsed, reached, levels)
  if (cell < 0) return
  const row = Math.floor(cell / levels)
  const level = cell - row * levels + 1
  const place = `${file}: column "elapsed_time", row ${row}, level ${level}`
  if (level > reached[row]!)
    throw invalid(place, elapsed[cell], `must be NaN, as the row holds ${reached[row]} levels`, 'correct "levels"')
  const before = level === 1 ? 0 : elapsed[cell - 1]!
  throw invalid(place, elapsed[cell], `must be a time later than ${before} s`, 'times count from the start of training')
}

/** The first cell whose time is not later than the one before or, past `reached`, is not NaN; or -1. */
function firstBadTime(elapsed: Float64Array, reached: Int32Array, levels: number): number {
  for (let row = 0, start = 0; row < reached.length; row++, start += levels) {
    const end = start + reached[row]!
    let last = 0
    for (let cell = start; cell < end; cell++) {
      const time = elapsed[cell]!
      if (!(time > last && time < Infinity)) return cell
      last = time
    }
    for (let cell = end; cell < start + levels; cell++) if (!Number.isNaN(elapsed[cell]!)) return cell
  }
  return -1
}

function checkCurve(data: TableData, curve: Float32Array | Float64Array, place: string): void {
  const { reached, levels } = data
  const cell = firstBadValue(curve, data)
  if (cell < 0) return
  const row = Math.floor(cell / levels)
  const level = cell - row * levels + 1
  const where = `${place}, row ${row}, level ${level}`
  if (level > reached[row]!)
    throw invalid(where, curve[cell], `must be NaN, as the row holds ${reached[row]} levels`, 'correct "levels"')
  if (data.ended[row] === DIVERGED)
    throw invalid(where, curve[cell], 'must be NaN, as the level before is', 'a diverged training does not come back')
  throw invalid(where, curve[cell], 'must be finite', 'if the training diverged, say so in "ended"')
}

/** The first cell that is not finite although the row did not diverge, follows a NaN, or is past `reached`; or -1. */
function firstBadValue(curve: Float32Array | Float64Array, data: TableData): number {
  const { reached, ended, levels } = data
  for (let row = 0, start = 0; row < reached.length; row++, start += levels) {
    const end = start + reached[row]!
    if (ended[row] === DIVERGED) {
      for (let cell = start + 1; cell < end; cell++)
        if (Number.isNaN(curve[cell - 1]!) && !Number.isNaN(curve[cell]!)) return cell
    } else {
      // x - x is 0 for every finite x and NaN for the others
      for (let cell = start; cell < end; cell++) if (curve[cell]! - curve[cell]! !== 0) return cell
    }
    for (let cell = end; cell < start + levels; cell++) if (!Number.isNaN(curve[cell]!)) return cell
  }
  return -1
}

function checkPerRow(data: TableData, file: string): void {
  const { startup, cpu, statics, ended, shared, hardware } = data
  const slow = startup.findIndex((seconds) => !(seconds >= 0 && seconds < Infinity))
  if (slow >= 0)
    throw invalid(`${file}: column "startup_time", row ${slow}`, startup[slow], 'must be seconds, 0 or more')
  const odd = cpu.findIndex((seconds) => !(Number.isNaN(seconds) || (seconds >= 0 && seconds < Infinity)))
  if (odd >= 0)
    throw invalid(`${file}: column "cpu_time", row ${odd}`, cpu[odd], 'must be seconds, 0 or more, or NaN if unknown')
  const negative = shared?.findIndex((others) => others < SHARED_UNKNOWN) ?? -1
  if (negative >= 0)
    throw invalid(
      `${file}: column "shared", row ${negative}`,
      shared![negative],
      `must be a number of trainings, 0 or more, or ${SHARED_UNKNOWN} if unknown`,
    )
  const nameless = hardware?.values.findIndex((code) => !isName(hardware.dictionary[code])) ?? -1
  if (nameless >= 0)
    throw invalid(
      `${file}: column "hardware", row ${nameless}`,
      hardware!.dictionary[hardware!.values[nameless]!],
      'must be a text of 1 to 200 characters without control characters',
    )
  for (const [name, values] of Object.entries(statics)) {
    const bad = values.findIndex((value, row) => ended[row] === 0 && !Number.isFinite(value))
    if (bad >= 0)
      throw invalid(`${file}: column ${show(name)}, row ${bad}`, values[bad], 'must be finite in a completed training')
  }
}

/** Whether a text can stand in a list of machines. */
function isName(text: string | undefined): boolean {
  return text !== undefined && text !== '' && text.length <= 200 && !/\p{Cc}/u.test(text)
}

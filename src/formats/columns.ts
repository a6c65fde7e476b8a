/** Trainings as the typed columns of a table, in shared memory. */
import { invalid, show } from '../core/errors.js'
import type { Value } from '../core/space.js'
import type { TableMetadata } from '../surrogates/metadata.js'
import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../surrogates/shared.js'
import { ENDED, type HyperparameterColumn, type TableData } from '../surrogates/table-data.js'
import type { FoundTraining } from './importer.js'

type Columns = Omit<TableData, 'metadata' | 'checksum'>

/**
 * @param trainings in the order of rows
 * @param secondsPerLevel a rule in place of the trainings' times
 * @throws BenchError with the place of a value that does not fit its column
 */
export function fillColumns(
  trainings: readonly FoundTraining[],
  metadata: TableMetadata,
  secondsPerLevel: number | undefined,
): Columns {
  const rows = trainings.length
  const { levels } = metadata.resource
  const [repetition, reached, ended] = [sharedInt32(rows), sharedInt32(rows), sharedUint8(rows)]
  const [startup, cpu] = [sharedFloat64(rows), sharedFloat64(rows)]
  const elapsed = sharedFloat64(rows * levels).fill(Number.NaN)
  const curves: Record<string, Float32Array | Float64Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [name, { kind }] of Object.entries(metadata.metrics)) {
    if (kind === 'static') statics[name] = sharedFloat64(rows)
    else {
      const single = trainings.every((training) => training.curves[name] instanceof Float32Array)
      curves[name] = (single ? sharedFloat32(rows * levels) : sharedFloat64(rows * levels)).fill(Number.NaN)
    }
  }
  for (const [row, training] of trainings.entries()) {
    repetition[row] = training.repetition
    reached[row] = training.levels
    startup[row] = training.startup ?? 0
    cpu[row] = training.cpu ?? Number.NaN
    let diverged = false
    for (const [name, { kind }] of Object.entries(metadata.metrics)) {
      if (kind === 'static') {
        const value = training.statics?.[name] ?? Number.NaN
        statics[name]![row] = value
        diverged ||= Number.isNaN(value)
      } else diverged = fillCurve(training, name, curves[name]!.subarray(row * levels, (row + 1) * levels)) || diverged
    }
    const end = diverged ? 'diverged' : training.levels === levels ? 'completed' : 'stopped'
    ended[row] = ENDED.indexOf(training.ended ?? end)
    fillTimes(training, secondsPerLevel, elapsed.subarray(row * levels, (row + 1) * levels))
  }
  const hyperparameters = Object.fromEntries(
    Object.entries(metadata.space).map(([name, { type }]) => [
      name,
      toColumn(
        trainings.map(({ config }) => config[name]!),
        type === 'float',
      ),
    ]),
  )
  return { rows, levels, hyperparameters, repetition, reached, ended, elapsed, startup, cpu, curves, statics }
}

/** @returns whether the training diverged */
function fillCurve(training: FoundTraining, name: string, out: Float32Array | Float64Array): boolean {
  const values = training.curves[name]!
  let last = 0
  for (let level = 1; level <= training.levels; level++) {
    const value = Number.isFinite(values[level - 1]) ? values[level - 1]! : Number.NaN
    if (Number.isNaN(last) && !Number.isNaN(value))
      throw invalid(
        `${training.place(level)}: metric ${show(name)}`,
        value,
        'must be NaN, as the level before is',
        'a diverged training does not come back',
      )
    out[level - 1] = value
    last = value
  }
  return Number.isNaN(last)
}

function fillTimes(training: FoundTraining, secondsPerLevel: number | undefined, out: Float64Array): void {
  let time = 0
  for (let level = 1; level <= training.levels; level++) {
    const now = secondsPerLevel === undefined ? training.elapsed![level - 1]! : level * secondsPerLevel
    if (!(now > time))
      throw invalid(
        `${training.place(level)}: the elapsed time of level ${level}`,
        now,
        `must be later than ${time} s`,
        'times count from the start of training',
      )
    out[level - 1] = now
    time = now
  }
}

/** One value per row as a column, in shared memory. @param values of one type @param real whether whole numbers stay reals */
function toColumn(values: readonly Value[], real: boolean): HyperparameterColumn {
  const rows = values.length
  switch (typeof values[0]) {
    case 'string': {
      const codes = new Map<Value, number>()
      for (const value of values) if (!codes.has(value)) codes.set(value, codes.size)
      const column = sharedInt32(rows)
      for (const [row, value] of values.entries()) column[row] = codes.get(value)!
      return { kind: 'text', values: column, dictionary: [...codes.keys()] as string[] }
    }
    case 'boolean': {
      const column = sharedUint8(rows)
      for (const [row, value] of values.entries()) column[row] = Number(value)
      return { kind: 'bool', values: column }
    }
    default: {
      const numbers = values as readonly number[]
      const whole = !real && numbers.every((value) => value === (value | 0))
      const column = whole ? sharedInt32(rows) : sharedFloat64(rows)
      for (const [row, value] of numbers.entries()) column[row] = value
      return column instanceof Int32Array ? { kind: 'int', values: column } : { kind: 'float', values: column }
    }
  }
}

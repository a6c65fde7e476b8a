/** Trainings gathered from a file as the columns of a table. */
import { BenchError, invalid, show } from '../core/errors.js'
import type { ImportMap } from './import-map.js'
import type { ImportedCells, ImportedTraining } from './import-records.js'
import { toColumn } from './import-values.js'
import type { TableMetadata } from './metadata.js'
import { sharedFloat64, sharedInt32, sharedUint8 } from './shared.js'
import { ENDED, type TableData } from './table-data.js'

/** More cells than this are not learning curves any more. */
const MOST_CELLS = 2 ** 28

/** @throws BenchError with the line of a value that does not fit its column */
export function assembleTable(
  trainings: readonly ImportedTraining[],
  cells: ImportedCells,
  metadata: TableMetadata,
  map: ImportMap,
  file: string,
): TableData {
  const rows = trainings.length
  const { levels } = metadata.resource
  if (rows * levels > MOST_CELLS)
    throw new BenchError(`${file}: makes a table of ${rows} rows of ${levels} levels; give at most ${MOST_CELLS} cells`)
  const [repetition, reached, ended] = [sharedInt32(rows), sharedInt32(rows), sharedUint8(rows)]
  const table = (): Float64Array => sharedFloat64(rows * levels).fill(Number.NaN)
  const elapsed = table()
  const curves: Record<string, Float64Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [name, { kind }] of Object.entries(metadata.metrics))
    if (kind === 'curve') curves[name] = table()
    else statics[name] = sharedFloat64(rows)

  for (const [row, training] of trainings.entries()) {
    const held = training.cells.size
    repetition[row] = training.repetition
    reached[row] = held
    let diverged = false
    for (const [m, [name, { kind }]] of Object.entries(metadata.metrics).entries()) {
      const values = cells.metrics[m]!
      let last = values[training.cells.get(1)!]!
      for (let level = 1; level <= held; level++) {
        const cell = training.cells.get(level)!
        const value = values[cell]!
        const place = `${file}, line ${cells.lines[cell]}: metric ${show(name)}`
        if (Number.isNaN(value)) diverged = true
        if (kind === 'static' && !Object.is(value, last))
          throw invalid(place, value, `has one value per training, which was ${last} at level 1`)
        if (Number.isNaN(last) && !Number.isNaN(value))
          throw invalid(place, value, 'must be NaN, as the level before is', 'a diverged training does not come back')
        if (kind === 'curve') curves[name]![row * levels + level - 1] = value
        last = value
      }
      if (kind === 'static') statics[name]![row] = last
    }
    ended[row] = ENDED.indexOf(diverged ? 'diverged' : held === levels ? 'completed' : 'stopped')
    let time = 0
    for (let level = 1; level <= held; level++) {
      const cell = training.cells.get(level)!
      const now = 'secondsPerLevel' in map.elapsed ? level * map.elapsed.secondsPerLevel : cells.elapsed[cell]!
      if (!(now > time))
        throw invalid(
          `${file}, line ${cells.lines[cell]}: the elapsed time of level ${level}`,
          now,
          `must be later than ${time} s`,
          'times count from the start of training',
        )
      elapsed[row * levels + level - 1] = now
      time = now
    }
  }
  const hyperparameters = Object.fromEntries(
    Object.entries(metadata.space).map(([name, domain], i) => [
      name,
      toColumn(
        trainings.map(({ config }) => config[i]!),
        domain,
      ),
    ]),
  )
  return {
    metadata,
    checksum: '',
    rows,
    levels,
    hyperparameters,
    repetition,
    reached,
    ended,
    elapsed,
    startup: sharedFloat64(rows),
    cpu: sharedFloat64(rows).fill(Number.NaN),
    curves,
    statics,
  }
}

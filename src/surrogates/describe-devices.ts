/** The part of a table's description that is about what the trainings ran on, and beside how many others. */
import { quantile } from './spread.js'
import { SHARED_UNKNOWN, type TableData } from './table-data.js'

/** Trainings that did not have their device to themselves. */
export interface SharedDescription {
  /** Of how many rows it is known. */
  readonly known: number
  /** How many of them shared their device. */
  readonly trainings: number
  /** Most others beside one. */
  readonly most: number
}

export interface DeviceDescription {
  /** Absent where a table does not say how many trainings shared a device. */
  readonly shared?: SharedDescription
  /** What trainings ran on, where that differs. */
  readonly hardware?: readonly {
    readonly name: string
    readonly trainings: number
    /** Median over trainings with at least one level; null where there is none. */
    readonly secondsPerLevel: number | null
  }[]
}

export function describeDevices(data: TableData): DeviceDescription {
  const shared = describeShared(data)
  const hardware = describeHardware(data)
  return { ...(shared && { shared }), ...(hardware && { hardware }) }
}

/** undefined where the table does not say. */
export function describeShared({ shared }: Pick<TableData, 'shared'>): SharedDescription | undefined {
  if (shared === undefined) return undefined
  let [known, trainings, most] = [0, 0, 0]
  for (const others of shared) {
    if (others !== SHARED_UNKNOWN) known++
    if (others > 0) trainings++
    most = Math.max(most, others)
  }
  return { known, trainings, most }
}

function describeHardware({ hardware, reached, elapsed, levels }: TableData): DeviceDescription['hardware'] {
  if (hardware === undefined) return undefined
  const rows = hardware.dictionary.map((): number[] => [])
  for (const [row, code] of hardware.values.entries()) rows[code]!.push(row)
  return hardware.dictionary.flatMap((name, code) => {
    const of = rows[code]!
    if (of.length === 0) return []
    const seconds = of
      .filter((row) => reached[row]! > 0)
      .map((row) => elapsed[row * levels + reached[row]! - 1]! / reached[row]!)
    return [{ name, trainings: of.length, secondsPerLevel: seconds.length === 0 ? null : quantile(seconds, 0.5) }]
  })
}

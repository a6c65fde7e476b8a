/** Instance types with their prices, as a table for a terminal. */
import { formatNumber } from './format.js'

/** A list of prices, with where it comes from. */
export interface PricedTypes {
  readonly source: string
  /** null: no date is given. */
  readonly date: string | null
  readonly types: readonly {
    readonly name: string
    readonly vcpus: number
    readonly memoryGiB: number
    readonly usdPerHour: number | null
    readonly gpus: number
    readonly gpuMemoryGiB: number
  }[]
}

const HEADER = ['instance type', 'vCPUs', 'memory', 'GPUs', 'memory each', 'USD/hour']

/** @param of how many types there are before filtering */
export function instancesText({ source, date, types }: PricedTypes, of: number): string {
  const rows = types.map((type) => [
    type.name,
    String(type.vcpus),
    `${formatNumber(type.memoryGiB)} GiB`,
    String(type.gpus),
    type.gpus === 0 ? '' : `${formatNumber(type.gpuMemoryGiB)} GiB`,
    type.usdPerHour === null ? 'unknown' : type.usdPerHour.toFixed(3),
  ])
  const widths = HEADER.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  const table = rows.length === 0 ? [] : [HEADER, ...rows].map(line)
  return `${[...table, `${types.length} of ${of} types; prices: ${source}, ${date ?? 'no date given'}`].join('\n')}\n`
}

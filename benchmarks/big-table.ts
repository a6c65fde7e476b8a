/** A table of FCNet's size (synthetic): opening it, sharing it between threads, exact and nearest look-ups. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { encodeConfig, encodedLength, drawConfig } from '../src/core/encoding.js'
import { randomStream } from '../src/core/random.js'
import type { Config } from '../src/core/space.js'
import { NearestConfigurations } from '../src/surrogates/nearest.js'
import { readTable } from '../src/surrogates/read.js'
import type { TableData } from '../src/surrogates/table-data.js'
import { tableSource } from '../src/surrogates/table-source.js'
import { SurrogateTable } from '../src/surrogates/table.js'
import { writeTable } from '../src/surrogates/write.js'
import { type Figure, type Suite, cpuNanoseconds, interleaved, median } from './figures.js'
import { GRID_SIZE, gridTable } from './grid-table.js'

const K = 3
const QUERIES = 200

/** The k nearest by looking at all rows: what the index is compared with. */
function linearScan(table: SurrogateTable): (config: Config, out: Int32Array) => void {
  const d = encodedLength(table.space)
  const points = new Float64Array(table.configurations * d)
  for (let i = 0; i < table.configurations; i++) encodeConfig(table.space, table.configuration(i), points, i * d)
  const query = new Float64Array(d)
  const distances = new Float64Array(K)
  return (config, out) => {
    encodeConfig(table.space, config, query)
    let count = 0
    for (let i = 0, at = 0; i < table.configurations; i++) {
      let distance = 0
      for (let j = 0; j < d; j++, at++) {
        const difference = points[at]! - query[j]!
        distance += difference * difference
      }
      if (count === K && distance >= distances[K - 1]!) continue
      if (count < K) count++
      let place = count - 1
      for (; place > 0 && distances[place - 1]! > distance; place--) {
        distances[place] = distances[place - 1]!
        out[place] = out[place - 1]!
      }
      distances[place] = distance
      out[place] = i
    }
  }
}

export const bigTable: Suite = async ({ share, rounds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-'))
  const path = join(folder, 'grid.arrow')
  try {
    writeTable(path, gridTable(Math.round(GRID_SIZE * share)))
    return await measure(path, rounds)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(path: string, rounds: number): Promise<Figure[]> {
  let data: TableData | undefined
  const opening: number[] = []
  for (let round = 0; round < rounds; round++) {
    data = undefined
    globalThis.gc?.()
    const begun = cpuNanoseconds()
    data = readTable(path)
    const table = new SurrogateTable(data)
    opening.push((cpuNanoseconds() - begun) / 1e9)
    if (table.configurations === 0) throw new Error('the table is empty')
  }
  const table = new SurrogateTable(data!)
  const figures: Figure[] = [
    // The checksum of the table is that of all that is timed here.
    {
      name: 'table opened and checked, processor time',
      value: median(opening),
      unit: 's',
      most: 1,
      digest: data!.checksum,
    },
  ]

  const random = randomStream('queries')
  const source = tableSource(table)
  const rows = Array.from({ length: 100_000 }, () => ({ ...source.draw(random) }))
  let sum = 0
  const { exact } = interleaved(
    {
      exact: {
        units: rows.length,
        run: () => {
          for (const config of rows) sum += table.indexOf(config)
        },
      },
    },
    rounds,
  )
  figures.push({ name: 'exact look-up, a hash of the values', value: exact / 1e3, unit: 'us' })

  // The grid is full, so queries off the grid are made by moving its numbers between the grid's.
  const offGrid = Array.from({ length: QUERIES }, () => drawConfig(table.space, random))
  const fixed = { schedule: 'cosine' }
  const begun = cpuNanoseconds()
  const among = new NearestConfigurations(table, K)
  figures.push({ name: 'index for the nearest built', value: (cpuNanoseconds() - begun) / 1e6, unit: 'ms' })
  const elsewhere = new NearestConfigurations(table, K, fixed)
  const scan = linearScan(table)
  const out = new Int32Array(K)
  const check = new Int32Array(K)
  for (const config of offGrid) {
    among.find(config, out)
    scan(config, check)
    if (out.some((index, i) => index !== check[i])) throw new Error('the index and the linear scan differ')
  }
  const each = (find: (config: Config, out: Int32Array) => unknown) => ({
    units: QUERIES,
    run: () => {
      for (const config of offGrid) find(config, out)
    },
  })
  const cost = interleaved(
    {
      tree: each((config, found) => among.find(config, found)),
      elsewhere: each((config, found) => elsewhere.find({ ...config, schedule: 'constant' }, found)),
      scan: each(scan),
    },
    rounds,
  )
  figures.push(
    { name: `${K} nearest, index`, value: cost.tree / 1e3, unit: 'us' },
    { name: `${K} nearest of the other half, index`, value: cost.elsewhere / 1e3, unit: 'us' },
    { name: `${K} nearest, linear scan`, value: cost.scan / 1e3, unit: 'us' },
    { name: `${K} nearest, linear scan beside index`, value: cost.scan / cost.tree, unit: 'x', least: 1 },
  )
  figures.push(await perThread(data!))
  if (sum < 0) throw new Error('a row was not found')
  return figures
}

/** Memory that each further thread takes that has opened the table and read every cell. */
async function perThread(data: TableData): Promise<Figure> {
  const threads: Worker[] = []
  const memory: number[] = []
  for (let i = 0; i < 4; i++) {
    const thread = new Worker(new URL('table-thread.js', import.meta.url), { workerData: data })
    await once(thread, 'message')
    threads.push(thread)
    memory.push(process.memoryUsage.rss() / 2 ** 20)
  }
  await Promise.all(threads.map((thread) => thread.terminate()))
  const value = (memory.at(-1)! - memory[0]!) / (memory.length - 1)
  const table = (data.elapsed.byteLength + (3 * data.elapsed.byteLength) / 2) / 2 ** 20
  return { name: `memory of a further thread (table: ${table.toFixed(0)} MiB)`, value, unit: 'MiB', most: 100 }
}

/** A thread that opens the table it is given and reads every cell: what big-table.ts weighs. */
import { parentPort, workerData } from 'node:worker_threads'
import type { TableData } from '../src/surrogates/table-data.js'
import { SurrogateTable } from '../src/surrogates/table.js'

const data = workerData as TableData
const table = new SurrogateTable(data)
let sum = 0
for (const column of [data.elapsed, ...Object.values(data.curves)]) for (const value of column) sum += value
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort!.postMessage(sum + table.configurations)
setInterval(() => table, 1000)

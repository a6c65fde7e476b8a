/** Memory of one table in several threads: it must be there once. Prints the resident memory with 1, 2, 4 and 8 threads. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { SurrogateTable } from '../src/surrogates/table.js'
import { studyTable } from './study-table.js'

const data = studyTable(20_000, 4, 100)
const table = new SurrogateTable(data)
const megabytes = (data.elapsed.byteLength + 2 * data.curves['validation_error']!.byteLength) / 2 ** 20
console.log(`table: ${table.rows.toLocaleString('en')} rows, ${megabytes.toFixed(0)} MiB of curves`)
const program = `
  import('node:worker_threads').then(({ workerData, parentPort }) => {
    let sum = 0
    for (const value of workerData.elapsed) sum += value
    parentPort.postMessage(sum)
    setInterval(() => {}, 1000)
  })`
const workers: Worker[] = []
for (const threads of [1, 2, 4, 8]) {
  while (workers.length < threads) {
    const worker = new Worker(program, { eval: true, workerData: data })
    await once(worker, 'message')
    workers.push(worker)
  }
  console.log(`${threads} threads that have read every cell: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`)
}
await Promise.all(workers.map((worker) => worker.terminate()))

/** Runs one suite in a process of its own and prints its figures as JSON; started by `compare.ts`. */
import { type Suite, machineUnit } from './figures.js'

const [name, share, rounds] = process.argv.slice(2)
const suite = (Object.values((await import(`./${name}.js`)) as Record<string, unknown>) as Suite[]).find(
  (one) => typeof one === 'function' && one.length === 1,
)!
const unit = machineUnit()
const figures = await suite({ share: Number(share), rounds: Number(rounds) })
console.log(JSON.stringify({ unit, figures }))

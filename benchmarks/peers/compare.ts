/**
 * Rungbench beside Syne Tune, on the same table: `npm run benchmark:peers -- --python PATH [METHOD ...]`. Prints Markdown
 * tables, then one line of JSON. What is compared and with which settings stands in docs/performance.md.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BenchError, invalid, messageOf } from '../../src/core/errors.js'
import { exporters } from '../../src/index.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'
import { type Peer, findPeer, rungbench, syneTune } from './children.js'
import { type Curves, curvesOf } from './curves.js'
import { type Job, METHODS, type Method, POLL_INTERVAL, WORKERS, objectivesOf } from './jobs.js'
import { type Sizes, type Speed, speedOf } from './speed.js'
import { peerTable } from './table.js'

interface Asked extends Sizes {
  /** Of the curves, and the simulated seconds of each. */
  readonly seeds: number
  readonly seconds: number
}

async function compare(found: Peer, methods: readonly Method[], asked: Asked): Promise<void> {
  const peer = syneTune(found)
  const out = mkdtempSync(join(tmpdir(), 'rungbench-peers-'))
  try {
    const table = peerTable()
    const [path, folder] = [join(out, 'peers.arrow'), join(out, 'folder')]
    writeTable(path, table)
    await exporters['blackbox-repository']!.write(table, folder)
    const jobOf = (method: Method): Omit<Job, 'runs'> => ({
      method,
      objectives: objectivesOf(method),
      workers: WORKERS,
      pollInterval: POLL_INTERVAL,
      table: path,
      folder,
      out,
    })
    const speed = methods.map((method) => speedOf(jobOf(method), asked, peer, rungbench))
    const curves: Curves[] = []
    for (const method of methods)
      curves.push(await curvesOf(jobOf(method), new SurrogateTable(table), asked.seeds, asked.seconds, peer))
    const machine = `${cpus()[0]!.model} x ${cpus().length}, Node ${process.versions.node}, ${found.versions}, load ${loadavg()[0]!.toFixed(1)}`
    console.log(`${machine}\n\n${speedText(speed)}\n\n${curvesText(curves)}\n`)
    console.log(JSON.stringify({ machine, ...asked, workers: WORKERS, pollInterval: POLL_INTERVAL, speed, curves }))
  } finally {
    rmSync(out, { recursive: true })
  }
}

function speedText(speed: readonly Speed[]): string {
  const pair = (theirs: number, ours: number, ratio: number): string =>
    `${round(theirs)}, ${round(ours)}: ${round(ratio)} x`
  return markdown(
    ['method', 'reports', 'reports/s', 'process, processor s', 'wall s', 'peak MiB'],
    speed.map(({ method, reports, syneTune: a, rungbench: b }) => [
      method,
      reports.join(', '),
      pair(a.reportsPerSecond, b.reportsPerSecond, b.reportsPerSecond / a.reportsPerSecond),
      pair(a.processSeconds, b.processSeconds, a.processSeconds / b.processSeconds),
      pair(a.wallSeconds, b.wallSeconds, a.wallSeconds / b.wallSeconds),
      pair(a.peakMiB, b.peakMiB, a.peakMiB / b.peakMiB),
    ]),
  )
}

function curvesText(curves: readonly Curves[]): string {
  return markdown(
    ['method', 'SD between seeds', 'by chance', 'polls emulated', 'exact clock', 'reports a run', 'equal seeds'],
    curves.map(({ method, seeds, spread, chance, polls, exact, reports, equalSeeds }) => [
      method,
      ...[spread, chance, polls, exact].map((value) => value.toFixed(5)),
      reports.map((value) => value.toFixed(0)).join(', '),
      `${equalSeeds} of ${seeds}`,
    ]),
  )
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** Sizes are whole numbers of at least `least`. @throws BenchError */
function sizeOf(name: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  throw invalid(`--${name}`, text, `must be a whole number >= ${least}`)
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      python: { type: 'string' },
      reports: { type: 'string', default: '2000' },
      runs: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      seeds: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '600' },
    },
  })
  const methods = Object.keys(METHODS) as Method[]
  const unknown = positionals.find((name) => !methods.includes(name as Method))
  if (unknown !== undefined) throw invalid('the method', unknown, `must be one of ${methods.join(', ')}`)
  const seconds = sizeOf('seconds', values.seconds, POLL_INTERVAL)
  if (seconds % POLL_INTERVAL !== 0)
    throw invalid('--seconds', values.seconds, `must be a multiple of ${POLL_INTERVAL}, the poll interval`)
  const wanted = methods.filter((name) => positionals.length === 0 || positionals.includes(name))
  const asked: Asked = {
    reports: sizeOf('reports', values.reports, 1),
    runs: sizeOf('runs', values.runs, 1),
    rounds: sizeOf('rounds', values.rounds, 1),
    seeds: sizeOf('seeds', values.seeds, 2),
    seconds,
  }
  await compare(findPeer(values.python), wanted, asked)
} catch (error) {
  console.error(`benchmark:peers: ${messageOf(error)}`)
  process.exitCode = error instanceof BenchError ? error.exitCode : 2
}

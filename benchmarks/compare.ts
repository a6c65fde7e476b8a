/**
 * Measures and compares with the saved baseline, as ratios:
 *
 *     npm run benchmark                      every suite
 *     npm run benchmark -- engine workers    some of them
 *     npm run benchmark -- run-set --share 0.1 --rounds 5
 *     npm run benchmark -- --save            also makes what was measured the baseline
 *
 * Each suite runs in a process of its own. Times are compared in units of a loop that has nothing to do with the product
 * (`machineUnit`), so that a baseline means something on another machine or a busier day. Exit code 1 where a target is
 * missed; targets are judged at full size only (`--share 1`), as ratios grow or shrink with it. A digest that is not the baseline's is pointed out: then it is not the same work that is compared.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { BenchError, invalid, messageOf } from '../src/core/errors.js'
import type { Figure } from './figures.js'

const SUITES = ['engine', 'mo-asha', 'workers', 'run-set', 'big-table', 'start-up', 'kept-memory']
const BASELINE = fileURLToPath(new URL('../../benchmarks/baseline.json', import.meta.url))
const TIMES: readonly string[] = ['ns/report', 'us', 'ms', 's']

interface Measured {
  /** Nanoseconds of `machineUnit` in the same process. */
  readonly unit: number
  readonly figures: readonly Figure[]
}
interface Saved extends Measured {
  readonly date: string
  readonly machine: string
  readonly load: number
  readonly share: number
  readonly rounds: number
}

interface Asked {
  readonly suites: readonly string[]
  readonly save: boolean
  readonly share: number
  readonly rounds: number
}

/** @throws BenchError for what is no suite and no size */
function asked(): Asked {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      save: { type: 'boolean', default: false },
      share: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
    },
  })
  const unknown = positionals.find((name) => !SUITES.includes(name))
  if (unknown !== undefined) throw invalid('the suite', unknown, `must be one of ${SUITES.join(', ')}`)
  const [share, rounds] = [Number(values.share), Number(values.rounds)]
  if (!(share > 0 && share <= 1)) throw invalid('--share', values.share, 'must be a number above 0, at most 1')
  if (!(Number.isInteger(rounds) && rounds >= 1))
    throw invalid('--rounds', values.rounds, 'must be a whole number from 1 on')
  return { suites: positionals.length > 0 ? positionals : SUITES, save: values.save, share, rounds }
}

const machine = `${cpus()[0]!.model} x ${cpus().length}, Node ${process.version}`

function compare({ suites, save, share, rounds }: Asked): void {
  const baseline: Record<string, Saved> = existsSync(BASELINE)
    ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Record<string, Saved>)
    : {}
  for (const suite of suites) {
    const measured = measure(suite, share, rounds)
    print(suite, measured, baseline[suite], share)
    if (!save) continue
    const date = new Date().toISOString().slice(0, 10)
    baseline[suite] = { date, machine, load: loadavg()[0]!, share, rounds, ...measured }
    writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`)
  }
}

function measure(suite: string, share: number, rounds: number): Measured {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(new URL('one-suite.js', import.meta.url)), suite, `${share}`, `${rounds}`],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 },
  )
  if (status !== 0) throw new BenchError(`the suite ${suite} failed`)
  return JSON.parse(stdout) as Measured
}

function print(suite: string, { unit, figures }: Measured, saved: Saved | undefined, share: number): void {
  const before = new Map(saved?.figures.map((figure) => [figure.name, figure]))
  const text = new Table({
    head: [suite, 'value', 'target', 'beside the baseline', 'digest'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  })
  for (const { name, value, unit: of, most, least, digest } of figures) {
    const missed = share === 1 && (value > (most ?? Infinity) || value < (least ?? -Infinity))
    if (missed) process.exitCode = 1
    const target = most !== undefined ? `<= ${round(most)}` : least !== undefined ? `>= ${round(least)}` : ''
    const then = before.get(name)
    const scale = TIMES.includes(of) ? unit / (saved?.unit ?? unit) : 1
    const ratio = then === undefined ? 'new' : `${round(value / then.value / scale)} x`
    const other = then?.digest !== undefined && then.digest !== digest ? ' (another digest: other work)' : ''
    text.push([
      name,
      `${round(value)} ${of}`,
      missed ? `${target} MISSED` : target,
      ratio + other,
      digest?.slice(0, 16) ?? '',
    ])
  }
  if (share < 1) console.log(`${suite} at ${share} of its size; targets are for all of it and are not judged`)
  const since =
    saved === undefined ? 'no baseline' : `baseline of ${saved.date}, ${saved.machine}, load ${round(saved.load)}`
  console.log(`${machine}, load ${round(loadavg()[0]!)}; ${since}\n${text.toString()}`)
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

try {
  compare(asked())
} catch (error) {
  console.error(`benchmark: ${messageOf(error)}`)
  process.exitCode = 2
}

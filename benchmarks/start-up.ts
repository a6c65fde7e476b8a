/** Processor time of whole processes: what `bench run` of one seed takes above an empty process and reading its tables. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Suite, median } from './figures.js'

const bench = fileURLToPath(new URL('../src/cli/bench.js', import.meta.url))
const reading = fileURLToPath(new URL('read-tables.js', import.meta.url))
const TABLES = ['ngram-mrpc', 'ngram-cola', 'ngram-stsb']

interface Measured {
  readonly milliseconds: number
  readonly mebibytes: number
  readonly out: string
}

/** Runs Node once and lets it tell its own use of processors and memory as it exits. */
function measure(args: readonly string[]): Measured {
  const report =
    'process.on("exit",()=>{const u=process.resourceUsage();' +
    'process._rawDebug(`USED ${(u.userCPUTime+u.systemCPUTime)/1000} ${u.maxRSS/1024}`)})'
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args],
    { encoding: 'utf8', maxBuffer: 2 ** 30 },
  )
  if (status !== 0) throw new Error(stderr)
  const [milliseconds, mebibytes] = /USED ([\d.]+) ([\d.]+)/.exec(stderr)!.slice(1).map(Number) as [number, number]
  return { milliseconds, mebibytes, out: stdout }
}

export const startUp: Suite = async ({ rounds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-'))
  let run = 0
  const oneSeed = (): string[] => {
    const out = join(folder, String(run++))
    return [bench, 'run', 'asha-vs-default', '--seeds', '1', '--json', '--out', out]
  }
  try {
    const all = Array.from({ length: 2 * rounds + 1 }, () => ({
      empty: measure(['-e', '0']),
      version: measure([bench, '--version']),
      reading: measure([reading, ...TABLES]),
      oneSeed: measure(oneSeed()),
    }))
    const time = (of: keyof (typeof all)[number]): number => median(all.map((one) => one[of].milliseconds))
    const digest = /"digest": ?"([0-9a-f]{64})/.exec(all[0]!.oneSeed.out)![1]!
    return [
      { name: 'empty Node process', value: time('empty'), unit: 'ms' },
      { name: 'bench --version above it', value: time('version') - time('empty'), unit: 'ms' },
      { name: 'a process that reads three tables above it', value: time('reading') - time('empty'), unit: 'ms' },
      {
        name: 'bench run of one seed on three tables, report included, above that',
        value: time('oneSeed') - time('reading'),
        unit: 'ms',
        most: 250,
        digest,
      },
      { name: 'its peak memory', value: Math.max(...all.map((one) => one.oneSeed.mebibytes)), unit: 'MiB' },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

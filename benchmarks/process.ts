/**
 * Whole-process figures: wall time and peak memory of commands, each beside an empty Node process measured in turn with
 * it, and the digest of what ran. Run it with `npm run benchmark`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bench = fileURLToPath(new URL('../src/cli/bench.js', import.meta.url))
const RUNS = 7

interface Measured {
  readonly milliseconds: number
  readonly mebibytes: number
  readonly digest: string
}

/** Runs Node once and lets it tell its own peak memory as it exits. */
function measure(args: readonly string[]): Measured {
  const report = 'process.on("exit",()=>process._rawDebug("PEAK "+process.resourceUsage().maxRSS))'
  const begun = performance.now()
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    },
  )
  const milliseconds = performance.now() - begun
  if (status !== 0) throw new Error(stderr)
  const digest = /"digest": ?"([0-9a-f]{16})/.exec(stdout)?.[1] ?? ''
  return { milliseconds, mebibytes: Number(/PEAK (\d+)/.exec(stderr)?.[1]) / 1024, digest }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

const commands: [string, readonly string[]][] = [
  ['--version', []],
  ['run asha-vs-default --seeds 1', ['--json']],
  ['run asha-vs-default --seeds 5', ['--json']],
  ['run asha-vs-default --seeds 1000 --threads 2', ['--json']],
]
const folder = mkdtempSync(join(tmpdir(), 'rungbench-'))
let run = 0
try {
  for (const [command, more] of commands) {
    const out = command.startsWith('run') ? (): string[] => ['--out', join(folder, String(run++))] : (): string[] => []
    const pairs = Array.from(
      { length: RUNS },
      () => [measure(['-e', '0']), measure([bench, ...command.split(' '), ...more, ...out()])] as const,
    )
    const empty = median(pairs.map(([{ milliseconds }]) => milliseconds))
    const full = median(pairs.map(([, { milliseconds }]) => milliseconds))
    const peak = Math.max(...pairs.map(([, { mebibytes }]) => mebibytes))
    const digests = new Set(pairs.map(([, { digest }]) => digest))
    console.log(
      `bench ${command}: median ${full.toFixed(0)} ms (${(full - empty).toFixed(0)} ms above an empty process), ` +
        `peak ${peak.toFixed(0)} MiB${digests.has('') ? '' : `, digest ${[...digests].join(' and ')}`}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}

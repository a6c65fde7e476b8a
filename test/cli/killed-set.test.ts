/** `kill -9` in the middle of a large set of simulated runs: going on repeats at most the batch that each thread was at. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import type { ResultDocument } from '../../src/report/result-document.js'
import { missing, startBench } from './process.js'
import { makeToy } from './toy.js'

const [THREADS, SEEDS, REPORTS] = [2, 6_000, 500]
/** As `planBatches` cuts runs of so many reports. */
const RUNS_PER_BATCH = 200

const toy = makeToy({
  methods: { own: { scheduler: { type: './told.mjs' }, searcher: { type: 'random', draws: 'with-replacement' } } },
  budget: { reports: REPORTS },
  seeds: SEEDS,
})
afterAll(() => toy.remove())

it.skipIf(missing !== undefined)(
  'repeats at most one batch per thread',
  async () => {
    const log = join(toy.directory, 'begun.txt')
    const library = fileURLToPath(new URL('../../dist/src/index.js', import.meta.url))
    // Says which run it begins: a scheduler does not see its seed, but its streams differ by it.
    writeFileSync(
      join(toy.directory, 'told.mjs'),
      `import { appendFileSync } from 'node:fs'
       import { schedulers } from ${JSON.stringify(library)}
       export default { ...schedulers.fifo, create(options, context) {
         appendFileSync(${JSON.stringify(log)}, context.random.key('own') + '\\n')
         return schedulers.fifo.create(options, context)
       } }`,
    )
    const begun = (): string[] => readFileSync(log, 'utf8').trim().split('\n')
    const runs = join(toy.directory, 'cut', 'runs')
    const finished = (): number =>
      existsSync(runs) ? readdirSync(runs).filter((name) => name.endsWith('.trials.arrow')).length : 0
    const args = ['run', toy.experiment, '--threads', String(THREADS)]

    const { child, ended } = startBench([...args, '--out', 'cut'], toy.directory)
    while (finished() < 3 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2))
    child.kill('SIGKILL')
    expect((await ended).status).toBe('SIGKILL')
    const left = begun().length
    expect(left).toBeLessThan(SEEDS)

    const resumed = await startBench([...args, '--out', 'cut', '--resume', '--json'], toy.directory).ended
    expect(resumed.status).toBe(0)
    expect(new Set(begun()).size).toBe(SEEDS)
    expect(begun().length - SEEDS).toBeLessThanOrEqual(THREADS * RUNS_PER_BATCH)
    expect(finished()).toBe(SEEDS / RUNS_PER_BATCH)

    const whole = await startBench([...args, '--out', 'whole', '--json'], toy.directory).ended
    const digest = ({ out }: { readonly out: string }): string => (JSON.parse(out) as ResultDocument).digest
    expect(digest(resumed)).toBe(digest(whole))
  },
  600_000,
)

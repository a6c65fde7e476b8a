/**
 * A set of 20 methods x 5 tables x 1,000 seeds of 2,000 reports each (all of it with a share of 1), as `bench run` makes it:
 * on one thread and on two, written in batches, and the report on it. Processor time says what two idle processors would
 * make of it where this machine's are not idle.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Experiment } from '../src/core/experiment.js'
import { writeReport } from '../src/publish/write-report.js'
import { runExperiment } from '../src/run/run-experiment.js'
import { readRunSet } from '../src/store/read-run-set.js'
import { writeTable } from '../src/surrogates/write.js'
import { type Figure, type Suite, cpuNanoseconds, memoryInUse } from './figures.js'
import { studyTable } from './study-table.js'
import { checkDigest } from './timed-run.js'

/** 20: four kinds of scheduler, two of them under eight settings. */
const METHODS = {
  random: { scheduler: { type: 'fifo' } },
  median: { scheduler: { type: 'median-stopping' } },
  hyperband: { scheduler: { type: 'hyperband' } },
  halving: { scheduler: { type: 'successive-halving' } },
  stopping: { scheduler: { type: 'asha-stopping', reductionFactor: [2, 3, 4, 5], gracePeriod: [1, 2] } },
  promotion: { scheduler: { type: 'asha-promotion', reductionFactor: [2, 3, 4, 5], gracePeriod: [1, 2] } },
} as Experiment['methods']

export const runSet: Suite = async ({ share }) => {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-'))
  try {
    const tables = Array.from({ length: 5 }, (_, i) => {
      const path = join(folder, `table-${i}.arrow`)
      const data = studyTable(1000 + 100 * i, 2, 81)
      writeTable(path, data)
      return path
    })
    const experiment: Experiment = {
      name: 'run-set',
      question: 'How does a large set of runs scale?',
      tables,
      objectives: [{ metric: 'validation_error', report: 'test_error' }],
      methods: METHODS,
      baseline: 'random',
      workers: 4,
      budget: { reports: 2_000 },
    }
    return await measure(experiment, folder, Math.max(2, Math.round(1000 * share)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A set and what it took, seconds. */
async function timed(experiment: Experiment, out: string, seeds: number, threads: number) {
  const [begun, cpu] = [performance.now(), cpuNanoseconds()]
  const { manifest, set } = await runExperiment(experiment, { seeds, threads, out })
  return { wall: (performance.now() - begun) / 1e3, cpu: (cpuNanoseconds() - cpu) / 1e9, manifest, set }
}

/** On one thread; the result is not kept. */
async function alone(experiment: Experiment, out: string, seeds: number) {
  const { wall, cpu, set } = await timed(experiment, out, seeds, 1)
  rmSync(out, { recursive: true })
  return { wall, cpu, digest: set.digest }
}

async function measure(experiment: Experiment, folder: string, seeds: number): Promise<Figure[]> {
  const one = await alone(experiment, join(folder, 'threads-1'), seeds)
  const before = await memoryInUse()
  const out = join(folder, 'threads-2')
  const { manifest, set, ...two } = await timed(experiment, out, seeds, 2)
  checkDigest(set.digest, one.digest)
  const runs = set.runs.length
  const kept = (await memoryInUse()) - before
  const report = cpuNanoseconds()
  writeReport(out, manifest, set, { repeat: '', elapsedSeconds: 0 })
  const reported = (cpuNanoseconds() - report) / 1e9
  const reading = cpuNanoseconds()
  checkDigest(readRunSet(out).set.digest, set.digest)
  const read = (cpuNanoseconds() - reading) / 1e9
  const files = readdirSync(join(out, 'runs')).length
  return [
    { name: `files of ${runs.toLocaleString('en')} runs`, value: files, unit: 'count' },
    { name: 'report written, processor time', value: reported, unit: 's' },
    { name: 'all of it read again and checked, processor time', value: read, unit: 's' },
    { name: 'memory that a run keeps', value: (kept / runs) * 2 ** 10, unit: 'KiB' },
    { name: 'processor time a run', value: (one.cpu * 1e3) / runs, unit: 'ms', digest: set.digest },
    { name: 'wall time of one thread beside two', value: one.wall / two.wall, unit: 'x', least: 1.7 },
    { name: 'processor time of two threads beside one', value: two.cpu / one.cpu, unit: 'x', most: 2 / 1.7 },
    { name: 'peak memory', value: process.resourceUsage().maxRSS / 1024, unit: 'MiB', most: 1024 },
  ]
}

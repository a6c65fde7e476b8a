/** A directory of local runs, written as the local backend writes it, by this process. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LiveRun } from '../../../src/report/live/live-run.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import { type JournalLine, JournalWriter } from '../../../src/store/journal.js'
import { localRunFolder, writeLocalRun } from '../../../src/store/local-run.js'
import type { Manifest } from '../../../src/store/manifest.js'
import { setup } from '../../report/live/journals.js'

/** The manifest of one method with so many seeds. */
export function localManifest(seeds: number, backend: Manifest['backend'] = 'local'): Manifest {
  return {
    formatVersion: 1,
    experiment: 'toy-experiment',
    question: 'Which?',
    baseline: 'asha',
    backend,
    cells: [
      {
        table: 'toy',
        method: 'asha',
        scheduler: { type: 'asha-stopping', options: { gracePeriod: 1, reductionFactor: 3 } },
        searcher: { type: 'random', options: {} },
        workers: 2,
        budget: { reports: 20 },
        objectives: setup.objectives,
        metrics: setup.values,
        fixed: {},
        fullSeconds: 10,
        drawable: null,
      },
    ],
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    simulation: {},
    tables: [],
    versions: { rungbench: '0', node: 'v20' },
    key: 'key',
  }
}

export class LocalDirectory {
  readonly #path: string
  readonly #runs: LocalRunWriter[] = []

  constructor(path: string) {
    this.#path = path
  }

  writeManifest(manifest: Manifest): void {
    writeFileSync(join(this.#path, 'manifest.json'), JSON.stringify(manifest))
  }

  /** Begins the run of a seed. */
  begin(seed: number): LocalRunWriter {
    const run = new LocalRunWriter(join(this.#path, localRunFolder(0, seed)), seed)
    this.#runs.push(run)
    return run
  }

  /** Ends writing, as a process that is ended does. */
  close(): void {
    for (const run of this.#runs) run.close()
  }
}

export class LocalRunWriter {
  readonly #folder: string
  readonly #seed: number
  readonly #writer: JournalWriter
  readonly #live = new LiveRun(setup)

  constructor(folder: string, seed: number) {
    this.#folder = folder
    this.#seed = seed
    mkdirSync(folder, { recursive: true })
    this.#writer = JournalWriter.open(join(folder, 'journal.jsonl'), {
      journal: 'rungbench-run',
      version: 1,
      values: setup.values,
      resource: { name: 'epoch', levels: 9 },
      at: '2026-11-01T12:00:00.000Z',
    }).writer
  }

  write(...lines: (RunEvent | JournalLine)[]): void {
    this.#writer.appendAll(lines as JournalLine[])
    for (const line of lines) if ('trial' in line) this.#live.take(line as RunEvent)
  }

  close(): void {
    this.#writer.close()
  }

  /** Writes what the run came to. */
  finish(): void {
    this.close()
    const { trials, reports, elapsed, incumbents } = this.#live.view()
    const best = incumbents.map(({ trial, config, level, value, reported }) => ({
      trial,
      config,
      resource: level,
      validation: value,
      test: reported,
      row: -1,
    }))[0]
    writeLocalRun(this.#folder, {
      summary: {
        cell: 0,
        table: 'toy',
        method: 'asha',
        seed: this.#seed,
        workers: 2,
        trials: trials.started,
        reports,
        simulatedSeconds: elapsed,
        busySeconds: elapsed,
        fullEvaluations: 1,
        reason: 'reports',
        failures: 0,
        inFlight: { trials: trials.running, seconds: 0 },
        ...(best !== undefined && { best }),
        digest: '00',
      },
      incumbents: { offsets: Uint32Array.of(0, 0), time: new Float64Array(0), value: new Float64Array(0) },
    })
  }
}

/** Reads a run directory, simulated or real, with what reports need of its events. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../core/errors.js'
import { type IncumbentSteps, pickSteps } from './incumbent-steps.js'
import { readLocalRun } from './local-run.js'
import type { Manifest } from './manifest.js'
import { readBatch } from './read-batch.js'
import { readManifest } from './run-directory.js'
import { digestOf } from './run-log.js'
import type { RunFailure, RunSet, RunSummary } from './run-set.js'

/** `report.json`: what a report says that neither the manifest nor the runs hold. */
export interface ReportNotes {
  /** The command that made the run. */
  readonly repeat?: string
  /** Wall time. */
  readonly elapsedSeconds?: number
  /** Runs that gave up. */
  readonly failures?: readonly RunFailure[]
}

export const REPORT_NOTES = 'report.json'

export interface StoredRunSet {
  readonly path: string
  readonly manifest: Manifest
  readonly set: RunSet
  readonly notes: ReportNotes
}

/** A run, and where its incumbents are. */
interface FoundRun {
  readonly summary: RunSummary
  readonly steps: IncumbentSteps
  readonly run: number
}

/** @throws BenchError if the folder is no run directory, holds no finished run, or is damaged */
export function readRunSet(path: string): StoredRunSet {
  const manifest = readManifest(path)
  const met = new Map<string, Set<number>>()
  const found = manifest.backend === 'simulated' ? simulatedRuns(path, manifest, met) : localRuns(path)
  if (found.length === 0) throw new BenchError(`${path} holds no finished run; finish it with bench run --resume`)
  const place = new Map(manifest.seeds.map((seed, i) => [seed, i]))
  found.sort((a, b) => a.summary.cell - b.summary.cell || place.get(a.summary.seed)! - place.get(b.summary.seed)!)
  const runs = found.map(({ summary }) => summary)
  const notes = readNotes(path)
  const rowsUsed = Object.fromEntries(Array.from(met, ([table, rows]) => [table, rows.size]))
  const set: RunSet = {
    runs,
    details: { incumbents: pickSteps(found), rowsUsed },
    failures: notes.failures ?? [],
    digest: digestOf(runs.map(({ digest }) => digest)),
    simulatedSeconds: runs.reduce((sum, { simulatedSeconds }) => sum + simulatedSeconds, 0),
    reports: runs.reduce((sum, { reports }) => sum + reports, 0),
  }
  return { path, manifest, set, notes }
}

function simulatedRuns(path: string, { cells }: Manifest, met: Map<string, Set<number>>): FoundRun[] {
  const folder = join(path, 'runs')
  const ending = '.trials.arrow'
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(ending)) : []
  return files.flatMap((file) => {
    const batch = readBatch(join(folder, file.slice(0, -ending.length)), ({ cell }) => cells[cell])
    if (batch === undefined)
      throw new BenchError(`${join(folder, file)} or its events are damaged; run the experiment again with --resume`)
    const { summaries, incumbents, rows } = batch
    const { table } = summaries[0]!
    const seen = met.get(table) ?? new Set()
    for (const row of rows) if (row >= 0) seen.add(row)
    met.set(table, seen)
    return summaries.map((summary, run) => ({ summary, steps: incumbents, run }))
  })
}

function localRuns(path: string): FoundRun[] {
  const folder = join(path, 'runs')
  return (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
    const run = readLocalRun(join(folder, name))
    return run === undefined ? [] : [{ summary: run.summary, steps: run.incumbents, run: 0 }]
  })
}

/** What is missing or makes no sense is left out: a report can do without. */
function readNotes(path: string): ReportNotes {
  try {
    const { repeat, elapsedSeconds, failures } = JSON.parse(
      readFileSync(join(path, REPORT_NOTES), 'utf8'),
    ) as ReportNotes
    return {
      ...(typeof repeat === 'string' && { repeat }),
      ...(typeof elapsedSeconds === 'number' && elapsedSeconds >= 0 && { elapsedSeconds }),
      ...(Array.isArray(failures) && failures.every(isFailure) && { failures }),
    }
  } catch {
    return {}
  }
}

function isFailure(failure: unknown): failure is RunFailure {
  const { table, method, seeds, message } = (failure ?? {}) as Partial<RunFailure>
  return [table, method, message].every((text) => typeof text === 'string') && Array.isArray(seeds)
}

/** Runs the experiment of a simulated run for real, with the same configurations and training seeds, and puts them side by side. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BenchError, invalid } from '../../core/errors.js'
import { recordingHeader } from '../../record/recording-header.js'
import { writeWhole } from '../../store/write-whole.js'
import { type IncumbentSteps, incumbentSteps } from '../../store/incumbent-steps.js'
import { runEvent } from '../../store/journal-recorder.js'
import { readJournal } from '../../store/journal.js'
import { type LocalRun, readLocalRun } from '../../store/local-run.js'
import type { RunFailure, RunSummary } from '../../store/run-set.js'
import {
  VERIFY_FOLDER,
  type Verification,
  type WholeVerification,
  orNull,
  readVerification,
  writeVerification,
} from '../../store/verification.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { Cell } from '../cell.js'
import { executeLocally } from '../local/runs.js'
import type { Plan } from '../plan.js'
import { prepareLocal } from '../local/prepare.js'
import { replayJournal } from '../replay-events.js'
import { freshParts } from './fresh-parts.js'
import { populations } from './population.js'
import { realise } from './substitute.js'
import { tableFacts } from './table-facts.js'
import { type SimulatedRun, openSimulatedRun } from './simulated-run.js'
import type { VerifyOptions } from './verify-run.js'

export interface WholeOptions extends Omit<VerifyOptions, 'trials' | 'incumbents' | 'seed' | 'workers' | 'onPlan'> {
  /** Which of the run's seeds. Default: all. */
  readonly seeds?: readonly number[]
  /** Budgets in seconds are multiplied by this, for a machine that takes longer than the recorded one. Default 1. */
  readonly stretch?: number
}

/** A run of the plan, both ways. */
interface Both {
  readonly cell: Cell
  readonly simulated: RunSummary
  readonly real: LocalRun
  readonly folder: string
}

/**
 * Runs seed after seed, all methods and tables of a seed before the next. What an earlier call finished is not run again.
 *
 * @throws BenchError for bad input, or what cannot be run for real
 */
export async function verifyWhole(path: string, options: WholeOptions): Promise<Verification> {
  const { stretch = 1, budget = Infinity, signal } = options
  if (!(stretch > 0) || stretch === Infinity) throw invalid('stretch', stretch, 'must be a number greater than 0')
  const run = await openSimulatedRun(path, options)
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir)
  const { manifest, set } = run.directory
  const seeds = options.seeds ?? manifest.seeds
  const unknown = seeds.find((seed) => !manifest.seeds.includes(seed))
  if (unknown !== undefined)
    throw invalid('seeds', unknown, `must be among those that were simulated: ${manifest.seeds.join(', ')}`)
  const cells = run.cells.map((cell): Cell => {
    const { seconds, ...stop } = cell.stop
    return { ...cell, stop: { ...stop, ...(seconds !== undefined && { seconds: seconds * stretch }) } }
  })
  const { experiment, question, baseline } = manifest
  const plan: Plan = { experiment, question, baseline, cells, seeds }
  const prepared = await prepareLocal(plan, [...run.tables.values()], options.local, options.recordings)
  const headers = new Map(Array.from(run.recordings, ([name, one]) => [name, recordingHeader(one, dataDir)]))
  const folder = join(path, VERIFY_FOLDER)
  mkdirSync(folder, { recursive: true })
  claim(folder, {
    key: manifest.key,
    stretch,
    programs: Object.fromEntries(Array.from(headers, ([name, one]) => [name, one.program])),
  })

  const wanted = seeds.flatMap((seed) =>
    cells.flatMap((cell) => {
      const simulated = set.runs.find((one) => one.cell === cell.index && one.seed === seed)
      return simulated === undefined ? [] : [{ cell, seed, simulated }]
    }),
  )
  const begun = performance.now()
  const done: Both[] = []
  const failures: RunFailure[] = []
  for (const [i, { cell, seed, simulated }] of wanted.entries()) {
    signal?.throwIfAborted()
    const place = join(folder, 'runs', `${String(cell.index).padStart(3, '0')}-${seed}`)
    let real = readLocalRun(place)
    if (real === undefined && performance.now() - begun < budget * 1000) {
      const one = { ...plan, cells: [cell], seeds: [seed] }
      try {
        await executeLocally(one, prepared, {
          directory: folder,
          dataDir,
          drawFrom: run.tables,
          ...(signal && { signal }),
        })
        real = readLocalRun(place)
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof BenchError) || error.exitCode === 2) throw error
        failures.push({
          cell: cell.index,
          table: cell.table,
          method: cell.method,
          seeds: [seed],
          message: error.message,
        })
      }
    }
    if (real !== undefined) done.push({ cell, simulated, real, folder: place })
    options.onProgress?.(i + 1, wanted.length)
  }
  const whole = await compareWhole(run, done, {
    seeds,
    stretch,
    failures,
    skipped: wanted.length - done.length - failures.length,
  })
  const before = readVerification(path, manifest.key)
  const verification: Verification = {
    ...before,
    formatVersion: 1,
    key: manifest.key,
    at: new Date().toISOString(),
    realSeconds: before?.realSeconds ?? 0,
    tables: before?.tables ?? tableFacts(run, populations(run.directory), headers, () => cells[0]!.workers),
    whole,
  }
  writeVerification(path, verification)
  return verification
}

/** Makes sure that real runs that lie there were made in the same way. */
function claim(
  folder: string,
  now: { readonly key: string; readonly stretch: number; readonly programs: object },
): void {
  const path = join(folder, 'whole.json')
  const text = `${JSON.stringify(now)}\n`
  if (existsSync(path) && readFileSync(path, 'utf8') !== text)
    throw new BenchError(
      `${join(folder, 'runs')} holds real runs of another simulation, program or --stretch; remove it and ${path} to run them anew`,
    )
  writeWhole(path, text, 'make room')
}

type Rest = Pick<WholeVerification, 'seeds' | 'stretch' | 'failures' | 'skipped'>

async function compareWhole(run: SimulatedRun, given: readonly Both[], rest: Rest): Promise<WholeVerification> {
  // In plan order, as reports have it.
  const done = given.toSorted((a, b) => a.cell.index - b.cell.index)
  const replays: WholeVerification['replays'][number][] = []
  for (const { cell, simulated, folder } of done) {
    const events = readJournal(join(folder, 'journal.jsonl')).entries.flatMap((line) => runEvent(line) ?? [])
    const parts = await freshParts(cell, run.tables.get(cell.table)!, simulated.seed)
    const { decisions, difference } = replayJournal(events, parts)
    const text = difference && `event ${difference.index + 1}: ${difference.journalled}, now ${difference.now}`
    replays.push({ decisions, difference: text ?? null })
  }
  return {
    mode: 'whole',
    simulated: done.map(({ simulated }) => simulated),
    real: done.map(({ real, cell }) => asStored(real.summary, cell, run.tables.get(cell.table)!)),
    incumbents: done.map(({ real }) => stepsOf(real.incumbents)),
    simulatedIncumbents: done.map(({ simulated, cell }) => {
      const { columns } = realise(run.directory.events(simulated), new Map())
      return stepsOf(incumbentSteps(columns, cell.objectives[0]!, cell.metrics))
    }),
    replays,
    ...rest,
  }
}

/** With the result in the precision of the table, so that equal results are equal. */
function asStored(summary: RunSummary, { objectives }: Cell, table: SurrogateTable): RunSummary {
  const { best } = summary
  const { metric, report } = objectives[0]!
  const stored = (name: string, value: number): number =>
    table.data.curves[name] instanceof Float32Array ? Math.fround(value) : value
  if (best === undefined) return summary
  return { ...summary, best: { ...best, validation: stored(metric, best.validation), test: stored(report, best.test) } }
}

function stepsOf({ time, value }: IncumbentSteps): (readonly [number, number | null])[] {
  return Array.from(time, (at, i) => [at, orNull(value[i])] as const)
}

/** Runs trainer/drive.py, as one does on a machine without Node. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { planFile, writePlanFile } from '../../src/record/plan-file.js'
import type { Recording } from '../../src/record/recording.js'
import { type Ended, type Running, start } from '../cli/process.js'

const script = fileURLToPath(new URL('../../trainer/drive.py', import.meta.url))

/** Why the driver cannot be tested; undefined if it can. */
export const noPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0
    ? undefined
    : 'left out: there is no python3 of version 3.9 or newer'

/** Writes `plan.json` into the folder of a fake recording. */
export function writePlan(folder: string, recording: Recording): void {
  writePlanFile(join(folder, 'plan.json'), planFile(recording, join(folder, 'data')))
}

export const journalOf = (folder: string): string => join(folder, 'journal.jsonl')

/** Starts the driver on the plan in a folder; its journal is `journal.jsonl` there. */
export function startDriver(folder: string, ...more: readonly string[]): Running {
  const places = ['--program', folder, '--data', join(folder, 'data'), '--journal', journalOf(folder)]
  return start('python3', [script, join(folder, 'plan.json'), ...places, '--gpus', 'none', ...more], folder)
}

export function drive(folder: string, ...more: readonly string[]): Promise<Ended> {
  return startDriver(folder, ...more).ended
}

/** Complete lines of the journal that are of this kind. */
export function linesOf(folder: string, event: string): Record<string, unknown>[] {
  if (!existsSync(journalOf(folder))) return []
  const complete = readFileSync(journalOf(folder), 'utf8').split('\n').slice(0, -1)
  return complete.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['event'] === event)
}

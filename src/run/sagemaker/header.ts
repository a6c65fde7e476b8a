/** The header of a run's journal: all that makes its trainings what they are. A run goes on only with the same. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type PackedSource, packSource } from '../../backends/sagemaker/source.js'
import { type JournalLine, readJournal } from '../../store/journal.js'
import { localRunFolder } from '../../store/local-run.js'
import { ELAPSED_TIME } from '../../surrogates/elapsed-metric.js'
import { COST } from '../../surrogates/instance-factor.js'
import type { Cell } from '../cell.js'
import { JOURNAL, checkSame } from '../journalled-run.js'
import type { SageMakerPreparation } from './prepare.js'
import { trainingSettings } from './training-settings.js'

/** What the numbers of a report are. */
export function valuesOf(cell: Cell, { tables }: Pick<SageMakerPreparation, 'tables'>): readonly string[] {
  const { metrics } = tables.get(cell.table)!.data.metadata
  return [...new Set([...cell.metrics, ...Object.keys(metrics), ELAPSED_TIME, COST])]
}

/** Limits, tags, spot machines and the like may change when a run goes on, and so do not stand there. */
export function headerOf(
  cell: Cell,
  seed: number,
  prepared: SageMakerPreparation,
  source: Pick<PackedSource, 'sha256'>,
): JournalLine {
  const { config, prices, tables } = prepared
  const table = tables.get(cell.table)!
  const { resource, metrics, description } = table.data.metadata
  return {
    journal: 'rungbench-run',
    version: 1,
    name: table.name,
    description,
    values: valuesOf(cell, prepared),
    resource,
    metrics,
    space: cell.space,
    defaultConfig: cell.defaultConfig,
    program: { name: config.entryPoint, command: [config.entryPoint], sha256: source.sha256 },
    backend: 'sagemaker',
    ...trainingSettings(config, prices),
    s3: config.s3,
    instanceTypes: config.instanceTypes,
    prices: { source: prices.source, date: prices.date },
    workers: cell.workers,
    checkpoints: cell.simulation.checkpoints,
    table: cell.table,
    method: cell.method,
    seed,
    at: new Date().toISOString(),
  }
}

/**
 * Reads, and changes nothing.
 *
 * @throws BenchError where a journal in the run directory was begun for something else, or is damaged
 */
export function checkResumed(prepared: SageMakerPreparation, directory: string): void {
  const { plan, config } = prepared
  const source = packSource(config.source)
  for (const cell of plan.cells)
    for (const seed of plan.seeds) {
      const path = join(directory, localRunFolder(cell.index, seed), JOURNAL)
      const before = existsSync(path) ? readJournal(path).header : undefined
      if (before !== undefined) checkSame(path, before, headerOf(cell, seed, prepared, source))
    }
}

/** Writes the reports of a run into its directory. */
import { join } from 'node:path'
import { renderHtml } from '../report/page/html.js'
import { renderMarkdown } from '../report/page/markdown.js'
import { type PageFrame, type Report, reportOf } from '../report/sections.js'
import { writeWhole } from '../store/batch-file.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { hashOf, libraries } from './libraries.js'

/** What was written. */
export interface WrittenReport {
  readonly html: string
  readonly markdown: string
}

/**
 * Writes `report.html` and `report.md`.
 *
 * @throws BenchError (exit 1) where they cannot be written
 */
export function writeReport(directory: string, manifest: Manifest, set: RunSet, frame: PageFrame): WrittenReport {
  return writePages(directory, reportOf(manifest, set, frame))
}

export function writePages(
  directory: string,
  report: Report,
  pictures: ReadonlyMap<string, string> = new Map(),
): WrittenReport {
  const paths = { html: join(directory, 'report.html'), markdown: join(directory, 'report.md') }
  const cure = 'the runs are whole; make room and write it with: bench report'
  writeWhole(paths.html, renderHtml(report, { libraries: libraries(), hashOf }), cure)
  writeWhole(paths.markdown, renderMarkdown(report, pictures), cure)
  return paths
}

/** Writes the reports of a run into its directory. */
import { join } from 'node:path'
import { renderHtml } from '../report/page/html.js'
import { renderMarkdown } from '../report/page/markdown.js'
import { type PageFrame, type Report, reportOf } from '../report/sections.js'
import { writeWhole } from '../store/write-whole.js'
import type { Manifest } from '../store/manifest.js'
import { REPORT_NOTES, type ReportNotes } from '../store/read-run-set.js'
import type { RunSet } from '../store/run-set.js'
import { hashOf, libraries } from './libraries.js'

const CURE = 'the runs are whole; make room and write it with: bench report'

/** What was written. */
export interface WrittenReport {
  readonly html: string
  readonly markdown: string
}

/**
 * Writes `report.html` and `report.md`, and `report.json` to make them again from.
 *
 * @throws BenchError (exit 1) where they cannot be written
 */
export function writeReport(directory: string, manifest: Manifest, set: RunSet, frame: PageFrame): WrittenReport {
  const { repeat, elapsedSeconds } = frame
  const notes: ReportNotes = {
    ...(repeat !== undefined && { repeat }),
    ...(elapsedSeconds !== undefined && { elapsedSeconds }),
    ...(set.failures.length > 0 && { failures: set.failures }),
  }
  writeWhole(join(directory, REPORT_NOTES), `${JSON.stringify(notes, null, 2)}\n`, CURE)
  return writePages(directory, reportOf(manifest, set, frame))
}

export function writePages(
  directory: string,
  report: Report,
  pictures: ReadonlyMap<string, string> = new Map(),
  name = 'report',
): WrittenReport {
  const paths = { html: join(directory, `${name}.html`), markdown: join(directory, `${name}.md`) }
  writeWhole(paths.html, renderHtml(report, { libraries: libraries(), hashOf }), CURE)
  writeWhole(paths.markdown, renderMarkdown(report, pictures), CURE)
  return paths
}

/** Writes the page of a verification, and the section about it that the report of its run has. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type PageFrame, type VerifiedSection, reportOf } from '../report/sections.js'
import { type VerificationReport, verificationReport } from '../report/verification/page.js'
import type { StoredRunSet } from '../store/read-run-set.js'
import { VERIFY_FOLDER, readVerification } from '../store/verification.js'
import { renderSvg } from './pictures.js'
import { writeWhole } from '../store/write-whole.js'
import { type WrittenReport, writePages } from './write-report.js'

const PAGE = 'verify.html'

/**
 * Writes `verify/verify.html`, `verify/verify.md` with its pictures, and the report of the run anew.
 *
 * @throws BenchError (exit 1) where they cannot be written
 */
export async function writeVerificationPages(run: StoredRunSet, report: VerificationReport): Promise<WrittenReport> {
  const folder = join(run.path, VERIFY_FOLDER)
  const pictures = new Map<string, string>()
  for (const chart of report.charts) {
    const name = `${chart.id}.svg`
    writeWhole(join(folder, name), await renderSvg(chart), 'make room')
    pictures.set(chart.id, name)
  }
  const written = writePages(folder, report, pictures, 'verify')
  const { repeat, elapsedSeconds } = run.notes
  const frame: PageFrame = { repeat, elapsedSeconds, verified: sectionOf(report, `${VERIFY_FOLDER}/${PAGE}`) }
  writePages(run.path, reportOf(run.manifest, run.set, frame))
  return written
}

/** The section about the verification of a run; undefined where it was not verified. @param linked whether to link to its page */
export function verifiedSection(run: StoredRunSet, linked: boolean): VerifiedSection | undefined {
  const verification = readVerification(run.path, run.manifest.key)
  if (verification === undefined) return undefined
  const page = existsSync(join(run.path, VERIFY_FOLDER, PAGE)) && linked ? `${VERIFY_FOLDER}/${PAGE}` : undefined
  return sectionOf(verificationReport(run.manifest, run.set, verification), page)
}

function sectionOf({ answer, answers }: VerificationReport, page: string | undefined): VerifiedSection {
  return { answer, facts: answers, page }
}

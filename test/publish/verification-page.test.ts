/** The page of a verification: what it says, that it takes nothing for markup, and that it can be read on a phone. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifiedSection, writeVerificationPages } from '../../src/publish/write-verification.js'
import { verificationReport } from '../../src/report/verification/page.js'
import {
  VERIFY_FOLDER,
  type Verification,
  type VerifiedTraining,
  writeVerification,
} from '../../src/store/verification.js'
import { HOSTILE } from '../report/hostile.js'
import { browserPath, missing } from './browser.js'
import { exampleRuns } from './example.js'

const { manifest, set } = exampleRuns({ easy: 'ngram-mrpc-with-a-long-name' })
const name = manifest.tables[0]!.name
const LEVELS = 9

/** Its real values are a little off, its times twice those of the recording. */
function training(row: number): VerifiedTraining {
  const table = Array.from({ length: LEVELS }, (_, level) => 0.5 / (level + 1) + row / 100)
  const seconds = table.map((_, level) => level + 1)
  return {
    table: name,
    row,
    config: { lr: 0.1 },
    repetition: 0,
    seed: 5,
    stratum: 9,
    chosen: 'sample',
    failure: row === 0 ? HOSTILE[1] : '',
    reached: LEVELS,
    startup: { table: 0.2, real: 0.3 },
    elapsed: { table: seconds, real: seconds.map((time) => 2 * time) },
    curves: { validation_error: { table, real: table.map((value, level) => (level === 0 ? null : value + 0.01)) } },
    statics: { latency_ms: { table: 2, real: 3 } },
  }
}

const verification: Verification = {
  formatVersion: 1,
  key: manifest.key,
  at: '2026-01-02T03:04:05.000Z',
  realSeconds: 90,
  tables: [
    {
      name,
      steering: 'validation_error',
      reported: 'test_error',
      rungs: [1, 3, 9],
      spread: { validation_error: Array.from({ length: LEVELS }, () => 0.1) },
      sameProgram: false,
      sameData: true,
      recordedOn: HOSTILE[0],
      verifiedOn: 'this one',
      recordedWorkers: 1,
      workers: 2,
    },
  ],
  sample: {
    mode: 'sample',
    strata: [{ table: name, level: 9, trainings: 40, drawn: 12 }],
    trainings: Array.from({ length: 12 }, (_, row) => training(row)),
    skipped: 1,
    decisions: [
      {
        table: name,
        method: 'asha',
        workers: 1,
        runs: 6,
        replaced: 100,
        agree: 90,
        disagree: 2,
        undecidable: 8,
        endsAgree: 30,
        endsDisagree: 2,
        first: HOSTILE[6],
      },
    ],
    notReplayed: [],
    runs: set.runs,
    resultsTrained: set.runs.map(() => true),
  },
}

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-verification-'))
  mkdirSync(join(folder, VERIFY_FOLDER))
  writeVerification(folder, verification)
  const run = { path: folder, manifest, set, notes: {} }
  await writeVerificationPages(run, verificationReport(manifest, set, verification, 'bench verify .'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const text = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8')

it('says how far values and times are apart, and of what', () => {
  const { answers, warnings, measures } = verificationReport(manifest, set, verification)
  expect(measures[0]!.errors[0]).toMatchObject({ values: 108, equal: 0, oneSided: 12, trainings: 12 })
  expect(measures[0]!.errors[0]!.signed!.mean).toBeCloseTo(0.01, 12)
  expect(measures[0]!.errors[0]!.relative!.mean).toBeCloseTo(0.1, 12)
  expect(measures[0]!.time).toMatchObject({ n: 12, least: 2, greatest: 2 })
  expect(answers[0]![1]).toContain(
    '0 of 108 values of validation_error equal, mean absolute error 0.01 (10.0 % of the spread',
  )
  expect(answers[0]![1]).toContain('the same order at all rungs that 4 or more reached')
  expect(answers[1]![1]).toContain(
    '90 decisions agree and 2 do not; of stops and pauses 30 and 2; 8 after that are not known.',
  )
  expect(warnings).toEqual([
    `${name}: verified with another version of the program than recorded, so that differences may come from that.`,
    `${name}: 1 training came to nothing, the first: ${HOSTILE[1]}.`,
    '1 training of the sample was not made; the same command goes on.',
  ])
})

it('takes nothing for markup', () => {
  const page = text('verify', 'verify.html')
  for (const hostile of HOSTILE.slice(0, 2)) expect(page).not.toContain(hostile)
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(text('verify', 'verify.md')).not.toContain(HOSTILE[6])
})

it('is linked from the report, which says nothing of a verification of another run', () => {
  expect(text('report.html')).toContain('<h2>Verified on real hardware</h2>')
  expect(text('report.md')).toContain('[The whole verification](verify/verify.md)')
  const run = { path: folder, manifest, set, notes: {} }
  expect(verifiedSection(run, true)?.page).toBe('verify/verify.html')
  expect(verifiedSection(run, false)?.page).toBeUndefined()
  expect(verifiedSection({ ...run, manifest: { ...manifest, key: 'another' } }, true)).toBeUndefined()
})

describe.skipIf(missing !== undefined)('in a browser', () => {
  it.each([1200, 390])(
    'of %d pixels: no error, no request, nothing cut off',
    async (width) => {
      const browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] })
      try {
        const page = await browser.newPage({ viewport: { width, height: 800 } })
        const complaints: string[] = []
        const url = pathToFileURL(join(folder, 'verify', 'verify.html')).href
        page.on('console', (message) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(error.message))
        page.on('dialog', (dialog) => void complaints.push(dialog.message()))
        page.on('request', (request) => request.url() !== url && complaints.push(request.url()))
        await page.goto(url)
        // Charts are drawn when they come near.
        await page.locator('.chart').last().scrollIntoViewIfNeeded()
        await page.locator('.chart svg').nth(1).waitFor()
        expect(complaints).toEqual([])
        expect(await page.locator('.chart svg').count()).toBe(2)
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
      } finally {
        await browser.close()
      }
    },
    300_000,
  )
})

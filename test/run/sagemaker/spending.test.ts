/** What the runs of a directory have cost is read from their journals, so that those without a result count as well. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Spending } from '../../../src/run/sagemaker/spending.js'

const directory = mkdtempSync(join(tmpdir(), 'rungbench-spending-'))
afterAll(() => rmSync(directory, { recursive: true }))
const folders = ['000-0', '000-1', '001-0'].map((name) => join(directory, name))

/** The journal of a run, with jobs that cost so much. */
function journal(folder: string, ...usd: (number | null)[]): void {
  mkdirSync(folder, { recursive: true })
  const header = { journal: 1, backend: 'sagemaker', region: 'us-east-1', prices: { source: 'test', date: null } }
  const jobs = usd.map((one, trial) => {
    const machine = { instanceType: 'ml.m5.large', instanceCount: 1 }
    const end = { startUp: 1, billable: 60, usd: one, status: 'Failed', reason: 'boom' }
    return Object.assign({ event: 'job-end', trial, attempt: 0, job: `job-${trial}` }, machine, end)
  })
  const lines = [header, ...jobs].map((line) => `${JSON.stringify(line)}\n`)
  writeFileSync(join(folder, 'journal.jsonl'), lines.join(''))
}

it('counts all runs but the one that asks, whether they come before or after it and whether they have a result', () => {
  journal(folders[0]!, 1, 2)
  journal(folders[2]!, 5)
  const spending = new Spending(folders)
  expect(folders.map((folder) => spending.besides(folder))).toEqual([5, 8, 3])
  journal(folders[1]!, 0.5, 0.25)
  expect(spending.besides(folders[0]!)).toBe(5)
  spending.ended(folders[1]!)
  expect(folders.map((folder) => spending.besides(folder))).toEqual([5.75, 8, 3.75])
})

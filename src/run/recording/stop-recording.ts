/** Stops what is in progress of a recording on SageMaker that nobody records any more. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Calls } from '../../backends/sagemaker/calls.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import { experimentPrefix } from '../../backends/sagemaker/job-name.js'
import { stopAll } from '../../backends/sagemaker/stop-jobs.js'
import { BenchError } from '../../core/errors.js'
import { readRecordingJournal } from '../../record/record-journal.js'
import { journalWriter } from '../../store/journal-lock.js'
import { connectedCalls } from '../launch/connected-calls.js'

const JOURNAL = '.journal.jsonl'

/** The journals of recordings at a path: that of a table, one by its own name, or all of those on SageMaker in a folder. */
export function recordingJournals(path: string): readonly string[] {
  if (path.endsWith(JOURNAL)) return existsSync(path) ? [path] : []
  if (existsSync(`${path}${JOURNAL}`)) return [`${path}${JOURNAL}`]
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(path)
    .filter((name) => name.endsWith(JOURNAL))
    .sort()
    .map((name) => join(path, name))
    .filter((journal) => readRecordingJournal(journal).header.jobs !== undefined)
}

/**
 * @param journal of a recording
 * @param given default: calls to the services of its region
 * @returns the names of the jobs that were in progress and were asked to stop
 * @throws BenchError if it is of no recording on SageMaker, or a process still records: it would make new jobs
 */
export async function stopRecording(journal: string, given?: Calls): Promise<readonly string[]> {
  const { recording, jobs, settings, endpoints = {} } = readRecordingJournal(journal).header
  const region = settings?.['region']
  // Every job of the account whose name has the prefix is stopped: it must be one that a recording makes.
  if (jobs === undefined || !/^[a-z0-9]{10}$/.test(jobs) || typeof region !== 'string')
    throw new BenchError(
      `${journal} is the journal of a recording that was not made on SageMaker; it has no training jobs`,
    )
  const holder = journalWriter(journal)
  if (holder !== undefined)
    throw new BenchError(
      `process ${holder.pid} on ${holder.host} records into ${journal}; end it (Ctrl-C), it stops its jobs itself`,
    )
  const calls = given ?? (await connectedCalls({ region, endpoints }))
  const prefix = experimentPrefix(recording, jobs)
  await firstCall(calls, 'listTrainingJobs', { NameContains: prefix, MaxResults: 1 })
  return stopAll(calls, prefix)
}

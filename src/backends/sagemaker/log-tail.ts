/** The end of a job's log, for whoever wants to know why it failed. */
import type { Calls } from './calls.js'
import { LOG_GROUP } from './job-log.js'

/** The last lines of the stream that was begun last; none where there is no log. */
export async function logTail(calls: Pick<Calls, 'call'>, job: string, lines: number): Promise<string[]> {
  const { logStreams = [] } = await calls.call('describeLogStreams', {
    logGroupName: LOG_GROUP,
    logStreamNamePrefix: `${job}/`,
  })
  const name = logStreams.at(-1)?.logStreamName
  if (name === undefined) return []
  const { events = [] } = await calls.call('getLogEvents', {
    logGroupName: LOG_GROUP,
    logStreamName: name,
    limit: lines,
    startFromHead: false,
  })
  return events.map(({ message }) => (message ?? '').trimEnd())
}

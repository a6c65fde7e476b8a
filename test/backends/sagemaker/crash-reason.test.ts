/** What is told of a program that crashed. */
import { describe, expect, it } from 'vitest'
import { crashReason } from '../../../src/backends/sagemaker/crash-reason.js'
import { JobLog } from '../../../src/backends/sagemaker/job-log.js'
import { ServiceFault } from '../../../src/backends/sagemaker/service-fault.js'

const SAID = 'AlgorithmError: exit code: 1'

describe('the reason of a crash', () => {
  it('has the end of its log as one line, without what would rewrite a terminal', () => {
    expect(crashReason(SAID, ['Traceback:\r\n', '\u001B[31mboom:\u0007 no\tmodule\u202E\u001B[0m'], [])).toBe(
      `${SAID}; its log ends: Traceback: | boom: no module`,
    )
    expect(crashReason(SAID, [], [])).toBe(SAID)
    expect(crashReason(`${SAID}, boom`, ['boom\n'], [])).toBe(`${SAID}, boom`)
  })

  it('has a sane length, and secrets are hidden before anything is cut', () => {
    const secret = 'key-'.repeat(30)
    const line = `${'x'.repeat(150)}${secret}${'y'.repeat(100)}`
    const reason = crashReason(SAID, [line, line, line], [secret])
    expect(reason.length).toBeLessThanOrEqual(700)
    expect(reason).toContain(`${'x'.repeat(150)}***yyy`)
    expect(reason).not.toContain('key-')
  })

  it('hides each line of a secret with several lines, and leaves short values', () => {
    const secrets = ['-----BEGIN\nsecond line\n', 'yes']
    expect(crashReason(SAID, ['-----BEGIN', 'has second  line, yes'], secrets)).toBe(
      `${SAID}; its log ends: *** | has ***, yes`,
    )
  })
})

describe('the end of a log', () => {
  const log = (streams: Readonly<Record<string, readonly string[]>>): JobLog =>
    new JobLog(
      {
        call: (name: string, input: { logStreamName?: string; nextToken?: string }) => {
          if (name === 'describeLogStreams')
            return Promise.resolve({ logStreams: Object.keys(streams).map((one) => ({ logStreamName: one })) })
          if (name !== 'getLogEvents') return Promise.reject(new ServiceFault('gone', name, undefined))
          const events = streams[input.logStreamName!]!.map((message, i) => ({ message, timestamp: i }))
          return Promise.resolve({ events: input.nextToken === undefined ? events : [], nextForwardToken: 'end' })
        },
      } as never,
      'job',
    )

  it('is its last three lines that are no reports, each once', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}`)
    const one = log({ a: [...lines, 'line 4999', '[tune-metric]: {"epoch": 1}', ' '] })
    await one.readAll()
    expect(one.last).toEqual(['line 4997', 'line 4998', 'line 4999'])
    await one.readAll()
    expect(one.last).toEqual(['line 4997', 'line 4998', 'line 4999'])
  })

  it('is that of the machine that came last', async () => {
    const one = log({ a: ['taken away'], b: ['started', 'boom'] })
    await one.readAll()
    expect(one.last).toEqual(['taken away', 'started', 'boom'])
  })
})

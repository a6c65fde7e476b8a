/** Copies of checkpoints: whole and of one moment, whatever the donor does meanwhile. On a pretended S3 of which every call can change the donor. */
import { describe, expect, it } from 'vitest'
import type { Calls } from '../../../src/backends/sagemaker/calls.js'
import { type CheckpointCopy, copyCheckpoint } from '../../../src/backends/sagemaker/copy-checkpoint.js'
import { ServiceFault } from '../../../src/backends/sagemaker/service-fault.js'

const FROM = 's3://bucket/a b/donor/checkpoints'
const PREFIX = 'a b/donor/checkpoints/'

interface Copied {
  readonly Key: string
  readonly CopySource: string
}

/** @param change is told before every call, so that it may change the objects */
function pretended(
  begin: Record<string, string>,
  change: (call: number, objects: Map<string, string>) => void = () => {},
) {
  const objects = new Map(Object.entries(begin).map(([path, text]) => [PREFIX + path, text]))
  const requests: object[] = []
  let made = 0
  const call = async (name: string, input: Record<string, string>) => {
    change(made++, objects)
    if (name === 'listObjects') {
      // One to a page.
      const keys = [...objects.keys()].filter((key) => key.startsWith(input['Prefix']!)).sort()
      const at = Number(input['ContinuationToken'] ?? 0)
      const Contents = keys.slice(at, at + 1).map((Key) => ({ Key, Size: 1, ETag: objects.get(Key) }))
      return { Contents, ...(at + 1 < keys.length && { NextContinuationToken: String(at + 1) }) }
    }
    requests.push(input)
    const { Key, CopySource } = input as unknown as Copied
    const text = objects.get(decodeURIComponent(CopySource).slice('bucket/'.length))
    if (text === undefined) throw new ServiceFault('gone', 'copyObject: NoSuchKey', undefined)
    objects.set(Key, text)
    return {}
  }
  const calls = {
    call,
    callWhile: (_: unknown, name: string, input: Record<string, string>) => call(name, input),
  } as unknown as Calls
  let folders = 0
  const copy = (more: Partial<CheckpointCopy> = {}): Promise<boolean> =>
    copyCheckpoint(calls, {
      from: FROM,
      to: async () => `s3://bucket/new/checkpoints-${++folders}`,
      isWritten: () => true,
      isWanted: () => true,
      rest: async () => {},
      ...more,
    })
  const found = (): Record<string, string> => {
    const prefix = `new/checkpoints-${folders}/`
    return Object.fromEntries(
      [...objects].filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key.slice(prefix.length), text]),
    )
  }
  return { copy, found, requests, folders: () => folders }
}

describe('a copy of a checkpoint', () => {
  it('has every object of every page, but not the marks of the service, under the key that is wanted', async () => {
    const s3 = pretended({ 'model&1': 'm', 'deep/state': 's', 'old.sagemaker-uploaded': '' })
    expect(await s3.copy({ isWritten: () => false, key: 'key-1' })).toBe(true)
    expect(s3.found()).toEqual({ 'model&1': 'm', 'deep/state': 's' })
    expect(s3.requests[0]).toEqual({
      Bucket: 'bucket',
      Key: 'new/checkpoints-1/deep/state',
      CopySource: 'bucket/a%20b/donor/checkpoints/deep/state',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'key-1',
    })
    expect(s3.requests).toHaveLength(2)
  })

  // The donor saves `a`, then `b`: at any moment `a` is of the same generation as `b`, or of the next one.
  it.each([3, 4, 5, 7, 11])('is of one moment while the donor goes on, file by file, every %d calls', async (every) => {
    let saved = 0
    const s3 = pretended({ a: '0', b: '0' }, (call, objects) => {
      if (call % every !== every - 1 || saved > 40) return
      objects.set(PREFIX + (saved % 2 === 0 ? 'a' : 'b'), String(Math.floor(saved / 2) + 1))
      saved++
    })
    expect(await s3.copy()).toBe(true)
    const { a, b } = s3.found()
    expect([0, 1]).toContain(Number(a) - Number(b))
  })

  it('in which a file changed is left behind, and made again elsewhere', async () => {
    // Two looks of two pages each; the second file changes while the first is copied.
    const s3 = pretended({ a: '0', b: '0' }, (call, objects) => {
      if (call === 5) objects.set(`${PREFIX}a`, '1').set(`${PREFIX}b`, '1')
    })
    expect(await s3.copy()).toBe(true)
    expect(s3.found()).toEqual({ a: '1', b: '1' })
    expect(s3.folders()).toBe(2)
  })

  it('of which a file is gone by then is made again elsewhere', async () => {
    const s3 = pretended({ a: '0', b: '0' }, (call, objects) => {
      if (call === 4) objects.delete(`${PREFIX}b`)
    })
    expect(await s3.copy()).toBe(true)
    expect(s3.found()).toEqual({ a: '0' })
    expect(s3.folders()).toBe(2)
  })

  it('waits while something is uploaded, and for a first checkpoint', async () => {
    let rests = 0
    const s3 = pretended({}, (call, objects) => {
      if (call === 2) objects.set(`${PREFIX}a`, '0').set(`${PREFIX}a.sagemaker-uploading`, '')
      if (rests === 6) objects.delete(`${PREFIX}a.sagemaker-uploading`)
    })
    expect(await s3.copy({ rest: async () => void rests++ })).toBe(true)
    expect(rests).toBeGreaterThanOrEqual(6)
    expect([s3.found(), s3.folders()]).toEqual([{ a: '0' }, 1])
  })

  it('is none where nobody saved anything, and none where nobody wants it any more', async () => {
    expect(await pretended({}).copy({ isWritten: () => false })).toBe(false)
    expect(await pretended({}).copy()).toBe(false)
    const s3 = pretended({ a: '0', b: '0' })
    expect(await s3.copy({ isWritten: () => false, isWanted: () => s3.requests.length === 0 })).toBe(false)
  })

  it('of a file that S3 does not copy in one call is refused', async () => {
    const large = { Contents: [{ Key: `${PREFIX}a`, Size: 5 * 2 ** 30 + 1, ETag: 'a' }] }
    const calls = { call: async () => large } as unknown as Calls
    const copy = {
      from: FROM,
      to: async () => FROM,
      isWritten: () => false,
      isWanted: () => true,
      rest: async () => {},
    }
    await expect(copyCheckpoint(calls, copy)).rejects.toThrow(
      's3://bucket/a b/donor/checkpoints/a has 5368709121 bytes; a checkpoint of which another trial gets a copy must have files of 5 GiB at most',
    )
  })
})

/** The emulator's S3, through the real SDK: it sends checksums and chunks, and checks what comes back. */
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Clients, connect, disconnect } from './clients.js'
import { Emulator } from './emulator/emulator.js'

let emulator: Emulator
let clients: Clients

beforeAll(async () => {
  emulator = await Emulator.start()
  clients = connect(emulator.clientOptions)
})

afterAll(async () => {
  disconnect(clients)
  await emulator.close()
})

const at = (Key: string) => ({ Bucket: 'bucket', Key })
const text = async (key: string, more: object = {}): Promise<string> =>
  (await clients.s3.send(new GetObjectCommand({ ...at(key), ...more }))).Body!.transformToString()

it('keeps objects under any key, with what is known of them', async () => {
  const key = 'folder/a b+c&<d>/é.txt'
  const put = await clients.s3.send(
    new PutObjectCommand({ ...at(key), Body: 'hello', ContentType: 'text/plain', Metadata: { checksum: 'abc' } }),
  )
  expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
  expect(put.ChecksumCRC32).toBe('NhCmhg==')
  expect(await text(key)).toBe('hello')
  const head = await clients.s3.send(new HeadObjectCommand(at(key)))
  expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', Metadata: { checksum: 'abc' } })
  expect(Math.abs(Number(head.LastModified) - Date.now())).toBeLessThan(60_000)
  const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'folder/' }))
  expect(Contents!.map(({ Key, Size }) => [Key, Size])).toEqual([[key, 5]])
})

it('takes a stream in chunks, and refuses what arrived broken', async () => {
  const body = Readable.from(['he', 'llo'])
  await clients.s3.send(new PutObjectCommand({ ...at('streamed'), Body: body, ContentLength: 5 }))
  expect(await text('streamed')).toBe('hello')
  const wrong = new PutObjectCommand({ ...at('wrong'), Body: 'hello', ChecksumCRC32: 'AAAAAA==' })
  await expect(clients.s3.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' })
})

it('gives ranges, and tells what is not there', async () => {
  await clients.s3.send(new PutObjectCommand({ ...at('digits'), Body: '0123456789' }))
  expect(await text('digits', { Range: 'bytes=2-4' })).toBe('234')
  expect(await text('digits', { Range: 'bytes=-3' })).toBe('789')
  expect(await text('digits', { Range: 'bytes=8-' })).toBe('89')
  await expect(text('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' })
  await expect(text('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' })
  await expect(clients.s3.send(new HeadObjectCommand(at('nothing')))).rejects.toMatchObject({ name: 'NotFound' })
  const elsewhere = clients.s3.send(new PutObjectCommand({ Bucket: 'elsewhere', Key: 'a', Body: '' }))
  await expect(elsewhere).rejects.toMatchObject({ name: 'NoSuchBucket' })
  await expect(clients.s3.send(new HeadBucketCommand({ Bucket: 'elsewhere' }))).rejects.toMatchObject({
    name: 'NotFound',
  })
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'elsewhere' }))
  await clients.s3.send(new HeadBucketCommand({ Bucket: 'elsewhere' }))
})

it('writes only where nothing is, where asked', async () => {
  const once = new PutObjectCommand({ ...at('once'), Body: 'a', IfNoneMatch: '*' })
  await clients.s3.send(once)
  await expect(clients.s3.send(once)).rejects.toMatchObject({ name: 'PreconditionFailed' })
})

it('lists in pages, and by folders', async () => {
  const keys = Array.from({ length: 25 }, (_, i) => `list/${i % 3}/${i}`).sort()
  for (const key of keys) await clients.s3.send(new PutObjectCommand({ ...at(key), Body: key }))
  const found: string[] = []
  for (let token: string | undefined, first = true; first || token; first = false) {
    const page = await clients.s3.send(
      new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'list/', MaxKeys: 10, ContinuationToken: token }),
    )
    found.push(...page.Contents!.map(({ Key }) => Key!))
    expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined)
    token = page.NextContinuationToken
  }
  expect(found).toEqual(keys)
  const { CommonPrefixes, Contents } = await clients.s3.send(
    new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'list/', Delimiter: '/' }),
  )
  expect(CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(['list/0/', 'list/1/', 'list/2/'])
  expect(Contents ?? []).toEqual([])
})

it('copies and deletes, one and many', async () => {
  await clients.s3.send(new PutObjectCommand({ ...at('from/a&b'), Body: 'copied' }))
  await clients.s3.send(new CopyObjectCommand({ ...at('to'), CopySource: encodeURI('bucket/from/a&b') }))
  expect(await text('to')).toBe('copied')
  await clients.s3.send(new DeleteObjectCommand(at('to')))
  await expect(text('to')).rejects.toMatchObject({ name: 'NoSuchKey' })
  await clients.s3.send(new DeleteObjectCommand(at('to')))
  const { Deleted } = await clients.s3.send(
    new DeleteObjectsCommand({ Bucket: 'bucket', Delete: { Objects: [{ Key: 'from/a&b' }, { Key: 'never' }] } }),
  )
  expect(Deleted!.map(({ Key }) => Key)).toEqual(['from/a&b', 'never'])
  await expect(text('from/a&b')).rejects.toMatchObject({ name: 'NoSuchKey' })
})

it('puts uploads in parts together, and forgets one that is given up', async () => {
  const large = Buffer.alloc(5 * 2 ** 20, 'x')
  const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand(at('parts')))
  const parts = await Promise.all(
    [large, Buffer.from('end')].map(async (Body, i) => {
      const { ETag } = await clients.s3.send(
        new UploadPartCommand({ ...at('parts'), UploadId, PartNumber: i + 1, Body }),
      )
      return { ETag, PartNumber: i + 1 }
    }),
  )
  const complete = (Parts: typeof parts) =>
    clients.s3.send(new CompleteMultipartUploadCommand({ ...at('parts'), UploadId, MultipartUpload: { Parts } }))
  await expect(complete(parts.map((part) => ({ ...part, ETag: '"no"' })))).rejects.toMatchObject({
    name: 'InvalidPart',
  })
  expect((await complete(parts)).ETag).toMatch(/^"[0-9a-f]{32}-2"$/)
  expect(await text('parts', { Range: `bytes=${large.length - 1}-` })).toBe('xend')
  const other = await clients.s3.send(new CreateMultipartUploadCommand(at('given-up')))
  const given = { ...at('given-up'), UploadId: other.UploadId }
  await clients.s3.send(new AbortMultipartUploadCommand(given))
  const late = clients.s3.send(new UploadPartCommand({ ...given, PartNumber: 1, Body: 'x' }))
  await expect(late).rejects.toMatchObject({ name: 'NoSuchUpload' })
})

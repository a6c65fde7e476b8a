/** Lists of what lies below an address of S3. */
import type { Calls } from './calls.js'
import { s3Location } from './source.js'

export interface ListedObject {
  readonly bucket: string
  readonly key: string
  readonly bytes: number
  /** Changes when the object does. */
  readonly version: string
}

/** All objects below `s3://bucket/folder`, by their paths below it, every page. */
export async function listObjects(calls: Pick<Calls, 'call'>, uri: string): Promise<Map<string, ListedObject>> {
  const { bucket, key: folder } = s3Location(uri)
  const prefix = folder === '' ? '' : `${folder}/`
  const found = new Map<string, ListedObject>()
  let token: string | undefined
  do {
    const page = await calls.call('listObjects', {
      Bucket: bucket,
      Prefix: prefix,
      ...(token !== undefined && { ContinuationToken: token }),
    })
    for (const { Key, ETag, Size = 0, LastModified } of page.Contents ?? []) {
      const version = `${ETag} ${Size} ${LastModified?.getTime()}`
      found.set(Key!.slice(prefix.length), { bucket, key: Key!, bytes: Size, version })
    }
    token = page.NextContinuationToken
  } while (token !== undefined)
  return found
}

/** The service marks what it uploads with files beside it. */
export function isMark(path: string): boolean {
  return /\.sagemaker-upload(ing|ed)$/.test(path)
}

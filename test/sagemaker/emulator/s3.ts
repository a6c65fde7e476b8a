/** S3 over REST, with path-style addresses: buckets, objects, ranges, listings, copies. */
import { readFile } from 'node:fs/promises'
import { readBody } from './s3-body.js'
import { Multipart } from './s3-multipart.js'
import type { S3Store, StoredObject } from './s3-store.js'
import { ServiceError } from './service-error.js'
import { type S3Answer, type S3Request, kept, xml } from './s3-protocol.js'
import { type XmlValue, texts } from './xml.js'

/** The operation of a request, by its method and query, as the service routes it. */
export function s3Operation({ method, key, query, headers }: S3Request): string {
  const copy = headers['x-amz-copy-source'] !== undefined
  if (query.has('uploads')) return method === 'POST' ? 'CreateMultipartUpload' : 'ListMultipartUploads'
  if (query.has('uploadId'))
    return (
      {
        PUT: copy ? 'UploadPartCopy' : 'UploadPart',
        POST: 'CompleteMultipartUpload',
        DELETE: 'AbortMultipartUpload',
        GET: 'ListParts',
      }[method] ?? method
    )
  if (key === '') {
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects'
    if (method === 'GET') return query.has('location') ? 'GetBucketLocation' : 'ListObjectsV2'
    return { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket' }[method] ?? method
  }
  return (
    { PUT: copy ? 'CopyObject' : 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ??
    method
  )
}

export class S3 {
  readonly #store: S3Store
  readonly #region: string
  readonly #multipart: Multipart

  constructor(store: S3Store, region: string) {
    this.#store = store
    this.#region = region
    this.#multipart = new Multipart(store)
  }

  async handle(operation: string, request: S3Request): Promise<S3Answer> {
    const { bucket, key } = request
    switch (operation) {
      case 'CreateBucket':
        this.#store.create(bucket)
        return { status: 200, headers: { location: `/${bucket}` } }
      case 'HeadBucket':
        this.#store.bucket(bucket)
        return { status: 200, headers: { 'x-amz-bucket-region': this.#region } }
      case 'GetBucketLocation':
        this.#store.bucket(bucket)
        return xml('LocationConstraint', this.#region === 'us-east-1' ? '' : this.#region)
      case 'ListObjectsV2':
        return this.#list(bucket, request.query)
      case 'PutObject':
        return this.#put(request)
      case 'CopyObject':
        return this.#copy(request)
      case 'GetObject':
      case 'HeadObject':
        return this.#get(request, operation === 'HeadObject')
      case 'DeleteObject':
        await this.#store.delete(bucket, key)
        return { status: 204 }
      case 'DeleteObjects': {
        const { body } = readBody(request.raw, request.headers)
        const keys = texts(body.toString(), 'Key')
        if (keys.length > 1000) throw new ServiceError('MalformedXML', 'The XML you provided was not well-formed')
        for (const one of keys) await this.#store.delete(bucket, one)
        const quiet = texts(body.toString(), 'Quiet')[0] === 'true'
        return xml('DeleteResult', quiet ? {} : { Deleted: keys.map((Key) => ({ Key })) })
      }
      default:
        return this.#multipart.handle(operation, request)
    }
  }

  async #put({ bucket, key, headers, raw }: S3Request): Promise<S3Answer> {
    if (headers['if-none-match'] === '*' && this.#store.bucket(bucket).has(key))
      throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412)
    const { body, checksums } = readBody(raw, headers)
    const stored = await this.#store.put(bucket, key, body, { ...kept(headers), ...checksums })
    return { status: 200, headers: { etag: `"${stored.etag}"`, ...checksums, ...encryption(stored) } }
  }

  async #copy({ bucket, key, headers }: S3Request): Promise<S3Answer> {
    const [from, ...rest] = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '').split('/')
    const source = this.#store.get(from!, rest.join('/'))
    // "Encryption settings of the source are not copied": without any the bucket's own apply.
    const plain = Object.entries(source.headers).filter(([name]) => !ENCRYPTION.test(name))
    const asked = Object.entries(kept(headers)).filter(([name]) => ENCRYPTION.test(name))
    const all = Object.fromEntries([...plain, ...asked])
    const stored = await this.#store.put(bucket, key, await readFile(source.file), all, source.etag)
    const answer = xml('CopyObjectResult', { LastModified: stored.modified.toISOString(), ETag: `"${stored.etag}"` })
    return { ...answer, headers: { ...answer.headers, ...encryption(stored) } }
  }

  async #get({ bucket, key, headers }: S3Request, headOnly: boolean): Promise<S3Answer> {
    const stored = this.#store.get(bucket, key)
    const answered: Record<string, string> = {
      'content-type': 'binary/octet-stream',
      'accept-ranges': 'bytes',
      'last-modified': stored.modified.toUTCString(),
      etag: `"${stored.etag}"`,
      ...stored.headers,
    }
    if (headers['if-none-match'] === answered['etag']) return { status: 304, headers: { etag: answered['etag']! } }
    if (headers['x-amz-checksum-mode'] !== 'ENABLED' || headers['range'] !== undefined)
      for (const name of Object.keys(answered)) if (name.startsWith('x-amz-checksum-')) delete answered[name]
    const body = await readFile(stored.file)
    const range = byteRange(headers['range'], body.length)
    const [first, last] = range ?? [0, body.length - 1]
    if (range) answered['content-range'] = `bytes ${first}-${last}/${body.length}`
    answered['content-length'] = String(last - first + 1)
    return {
      status: range ? 206 : 200,
      headers: answered,
      ...(headOnly ? {} : { body: body.subarray(first, last + 1) }),
    }
  }

  #list(bucket: string, query: URLSearchParams): S3Answer {
    const prefix = query.get('prefix') ?? ''
    const delimiter = query.get('delimiter') ?? ''
    const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
    const token = query.get('continuation-token')
    const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
    const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text
    const contents: XmlValue[] = []
    const groups = new Set<string>()
    let lastKey = ''
    let truncated = false
    for (const one of this.#store.list(bucket, prefix)) {
      const cut = delimiter === '' ? -1 : one.key.indexOf(delimiter, prefix.length)
      const group = cut < 0 ? undefined : one.key.slice(0, cut + delimiter.length)
      if (
        Buffer.compare(Buffer.from(one.key), Buffer.from(after)) <= 0 ||
        (group !== undefined && after.startsWith(group))
      )
        continue
      if (group !== undefined && groups.has(group)) continue
      if (contents.length + groups.size >= most) {
        truncated = true
        break
      }
      lastKey = group ?? one.key
      if (group === undefined)
        contents.push({
          Key: encode(one.key),
          LastModified: one.modified.toISOString(),
          ETag: `"${one.etag}"`,
          Size: one.size,
          StorageClass: 'STANDARD',
        })
      else groups.add(group)
    }
    return xml('ListBucketResult', {
      Name: bucket,
      Prefix: encode(prefix),
      Delimiter: delimiter || undefined,
      MaxKeys: most,
      KeyCount: contents.length + groups.size,
      IsTruncated: truncated,
      ContinuationToken: token ?? undefined,
      NextContinuationToken: truncated ? Buffer.from(lastKey).toString('base64url') : undefined,
      EncodingType: query.get('encoding-type') ?? undefined,
      Contents: contents,
      CommonPrefixes: [...groups].map((Prefix) => ({ Prefix: encode(Prefix) })),
    })
  }
}

const ENCRYPTION = /^x-amz-server-side-encryption/

function encryption({ headers }: StoredObject): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => ENCRYPTION.test(name)))
}

/** First and last byte of a `bytes=` header; undefined: all of it. */
function byteRange(header: string | string[] | undefined, size: number): [number, number] | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(typeof header === 'string' ? header : '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  if (first >= size) throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416)
  return [first, from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)]
}

/** Uploads in parts. A part of less than 5 MiB is refused unless it is the last, as the service does. */
import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readBody } from './s3-body.js'
import { type S3Answer, type S3Request, kept, xml } from './s3-protocol.js'
import type { S3Store } from './s3-store.js'
import { ServiceError } from './service-error.js'
import { texts } from './xml.js'

const SMALLEST_PART = 5 * 2 ** 20

interface Upload {
  readonly bucket: string
  readonly key: string
  readonly headers: Record<string, string>
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string }>
}

export class Multipart {
  readonly #store: S3Store
  readonly #uploads = new Map<string, Upload>()

  constructor(store: S3Store) {
    this.#store = store
  }

  async handle(operation: string, request: S3Request): Promise<S3Answer> {
    const { bucket, key, query, headers } = request
    if (operation === 'CreateMultipartUpload') {
      this.#store.bucket(bucket)
      const id = randomUUID()
      this.#uploads.set(id, { bucket, key, headers: kept(headers), parts: new Map() })
      return xml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id })
    }
    const id = query.get('uploadId') ?? ''
    const upload = this.#uploads.get(id)
    if (query.has('uploadId') && (!upload || upload.bucket !== bucket || upload.key !== key))
      throw new ServiceError('NoSuchUpload', 'The specified multipart upload does not exist.', 404)
    switch (operation) {
      case 'UploadPart': {
        const { body, checksums } = readBody(request.raw, headers)
        return this.#part(upload!, query, body, checksums)
      }
      case 'UploadPartCopy': {
        const [from, ...rest] = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '').split('/')
        const body = await readFile(this.#store.get(from!, rest.join('/')).file)
        const { headers: answered } = this.#part(upload!, query, body, {})
        return xml('CopyPartResult', { ETag: answered!['etag']!, LastModified: new Date().toISOString() })
      }
      case 'CompleteMultipartUpload':
        return this.#complete(id, upload!, request)
      case 'AbortMultipartUpload':
        this.#uploads.delete(id)
        return { status: 204 }
      case 'ListParts':
        return xml('ListPartsResult', {
          Bucket: bucket,
          Key: key,
          UploadId: id,
          IsTruncated: false,
          Part: [...upload!.parts]
            .sort(([a], [b]) => a - b)
            .map(([PartNumber, { body, etag }]) => ({ PartNumber, ETag: `"${etag}"`, Size: body.length })),
        })
      default:
        throw new ServiceError('NotImplemented', `${operation} is not part of the emulator`, 501)
    }
  }

  #part(upload: Upload, query: URLSearchParams, body: Buffer, checksums: Record<string, string>): S3Answer {
    const number = Number(query.get('partNumber'))
    if (!Number.isInteger(number) || number < 1 || number > 10_000)
      throw new ServiceError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
    const etag = createHash('md5').update(body).digest('hex')
    upload.parts.set(number, { body, etag })
    return { status: 200, headers: { etag: `"${etag}"`, ...checksums } }
  }

  async #complete(id: string, upload: Upload, { raw, headers }: S3Request): Promise<S3Answer> {
    const asked = readBody(raw, headers).body.toString()
    const etags = texts(asked, 'ETag')
    const parts = texts(asked, 'PartNumber').map((number, i) => {
      const part = upload.parts.get(Number(number))
      if (!part || part.etag !== etags[i]?.replaceAll('"', ''))
        throw new ServiceError('InvalidPart', 'One or more of the specified parts could not be found.')
      return part
    })
    if (parts.slice(0, -1).some(({ body }) => body.length < SMALLEST_PART))
      throw new ServiceError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size')
    const sums = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')))
    const etag = `${createHash('md5').update(sums).digest('hex')}-${parts.length}`
    await this.#store.put(upload.bucket, upload.key, Buffer.concat(parts.map(({ body }) => body)), upload.headers, etag)
    this.#uploads.delete(id)
    return xml('CompleteMultipartUploadResult', { Bucket: upload.bucket, Key: upload.key, ETag: `"${etag}"` })
  }
}

/** Buckets and their objects. Bodies are files that never change, so a job's input may be a link to one. */
import { createHash } from 'node:crypto'
import { copyFile, link, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ServiceError } from './service-error.js'

export interface StoredObject {
  readonly key: string
  /** The file with the body. */
  readonly file: string
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly modified: Date
  /** Content type, checksums, encryption, `x-amz-meta-*`: given back as they came. */
  readonly headers: Readonly<Record<string, string>>
}

export class S3Store {
  readonly #root: string
  readonly #buckets = new Map<string, Map<string, StoredObject>>()
  #files = 0

  constructor(root: string, buckets: readonly string[]) {
    this.#root = root
    for (const bucket of buckets) this.create(bucket)
  }

  get buckets(): string[] {
    return [...this.#buckets.keys()].sort()
  }

  create(bucket: string): void {
    if (!this.#buckets.has(bucket)) this.#buckets.set(bucket, new Map())
  }

  /** @throws ServiceError NoSuchBucket */
  bucket(name: string): Map<string, StoredObject> {
    const found = this.#buckets.get(name)
    if (!found) throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404)
    return found
  }

  get(bucket: string, key: string): StoredObject {
    const found = this.bucket(bucket).get(key)
    if (!found) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404)
    return found
  }

  /** Objects whose keys begin so, in the order of their keys' bytes. */
  list(bucket: string, prefix: string): StoredObject[] {
    return [...this.bucket(bucket).values()]
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
  }

  async put(
    bucket: string,
    key: string,
    body: Buffer,
    headers: Record<string, string> = {},
    etag?: string,
  ): Promise<StoredObject> {
    const objects = this.bucket(bucket)
    const file = join(this.#root, String(this.#files++))
    await mkdir(this.#root, { recursive: true })
    await writeFile(file, body, { mode: 0o444 })
    const before = objects.get(key)
    const stored: StoredObject = {
      key,
      file,
      size: body.length,
      etag: etag ?? createHash('md5').update(body).digest('hex'),
      // Whole seconds, as the header has them; a conditional request compares those.
      modified: new Date(Math.floor(Date.now() / 1000) * 1000),
      headers,
    }
    objects.set(key, stored)
    if (before) await rm(before.file, { force: true })
    return stored
  }

  async delete(bucket: string, key: string): Promise<void> {
    const objects = this.bucket(bucket)
    const before = objects.get(key)
    objects.delete(key)
    if (before) await rm(before.file, { force: true })
  }

  /**
   * Copies what lies below a prefix into a folder; `linked` links instead, for what is only read.
   * @returns how many files
   */
  async download(bucket: string, prefix: string, folder: string, linked: boolean): Promise<number> {
    const objects = this.list(bucket, prefix).filter(({ key }) => !key.endsWith('/'))
    for (const { key, file } of objects) {
      // A prefix that is a key gives the file its own name; else what follows the prefix.
      const rest = key === prefix ? key.slice(key.lastIndexOf('/') + 1) : key.slice(prefix.length).replace(/^\/+/, '')
      const target = join(folder, rest)
      if (!target.startsWith(folder)) continue
      await mkdir(dirname(target), { recursive: true })
      await rm(target, { force: true })
      await (linked ? link(file, target) : copyFile(file, target))
    }
    return objects.length
  }
}

/** Bucket and key of `s3://bucket/key`. */
export function s3Address(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? []
  if (bucket === undefined) throw new ServiceError('ValidationException', `not an S3 address: ${uri}`)
  return { bucket, key: key ?? '' }
}

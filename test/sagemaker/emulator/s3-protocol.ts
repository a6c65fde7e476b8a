/** Requests and answers of S3, and what of an upload's headers stays with the object. */
import { type XmlValue, document } from './xml.js'

export interface S3Request {
  readonly method: string
  /** Decoded. */
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly raw: Buffer
}

export interface S3Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

const KEPT =
  /^(?:content-type|content-encoding|cache-control|x-amz-server-side-encryption.*|x-amz-storage-class|x-amz-meta-.*)$/

export function xml(name: string, value: XmlValue): S3Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(name, value) }
}

export function kept(headers: S3Request['headers']): Record<string, string> {
  const found = Object.entries(headers).filter(([name, value]) => KEPT.test(name) && typeof value === 'string')
  const all = Object.fromEntries(found) as Record<string, string>
  const encoding = all['content-encoding']?.replace(/\s*aws-chunked\s*,?\s*/, '')
  delete all['content-encoding']
  return encoding ? { ...all, 'content-encoding': encoding } : all
}

/** What stands in the body of an upload: unwraps the SDK's chunks and checks the checksums that came along. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { ServiceError } from './service-error.js'

const sum = (name: string) => (body: Buffer) => createHash(name).update(body).digest('base64')

const CHECKSUMS: Readonly<Record<string, (body: Buffer) => string>> = {
  crc32: (body) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(crc32(body))
    return bytes.toString('base64')
  },
  sha1: sum('sha1'),
  sha256: sum('sha256'),
}

/**
 * The body, and the checksum headers that came before it or in its trailer.
 * @throws ServiceError BadDigest, XAmzContentSHA256Mismatch or IncompleteBody
 */
export function readBody(
  raw: Buffer,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): { body: Buffer; checksums: Record<string, string> } {
  const given = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const chunked = given('x-amz-content-sha256')?.startsWith('STREAMING-') ?? false
  const { body, trailer } = chunked ? unchunk(raw) : { body: raw, trailer: {} as Record<string, string> }
  const length = given('x-amz-decoded-content-length')
  if (length !== undefined && Number(length) !== body.length)
    throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly')
  const hash = given('x-amz-content-sha256')
  if (!chunked && hash && /^[0-9a-f]{64}$/.test(hash) && hash !== createHash('sha256').update(body).digest('hex'))
    throw new ServiceError('XAmzContentSHA256Mismatch', 'The provided x-amz-content-sha256 header does not match')
  const md5 = given('content-md5')
  if (md5 !== undefined && md5 !== sum('md5')(body))
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
  const checksums: Record<string, string> = {}
  for (const [name, digest] of Object.entries(CHECKSUMS)) {
    const header = `x-amz-checksum-${name}`
    const expected = trailer[header] ?? given(header)
    if (expected === undefined) continue
    if (expected !== digest(body))
      throw new ServiceError(
        'BadDigest',
        `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
      )
    checksums[header] = expected
  }
  return { body, checksums }
}

/** `aws-chunked`: size in hex, optional extension, bytes; after the empty chunk the trailer's headers. */
function unchunk(raw: Buffer): { body: Buffer; trailer: Record<string, string> } {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = raw.indexOf('\r\n', at)
    if (end < 0) throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly')
    const size = Number.parseInt(raw.toString('latin1', at, end), 16)
    at = end + 2
    if (size === 0) break
    parts.push(raw.subarray(at, at + size))
    at += size + 2
  }
  const trailer: Record<string, string> = {}
  for (const line of raw.toString('latin1', at).split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) trailer[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { body: Buffer.concat(parts), trailer }
}

/** The source directory as the containers take it: a .tar.gz on S3, named by its content, uploaded once. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BenchError, messageOf } from '../../core/errors.js'
import type { Calls } from './calls.js'
import { ServiceFault } from './service-fault.js'
import { type TarFile, tarArchive } from './tar.js'

/** What nobody wants in a training container. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  '.git',
  '.venv',
  'node_modules',
  '__pycache__',
  '.DS_Store',
  '.ipynb_checkpoints',
])
/** One upload must do (S3 takes 5 GB in one; whoever has more wants an image or an input channel). */
const LARGEST = 500 * 2 ** 20

export interface PackedSource {
  /** Of the archive before compression: files and names, whatever the version of the compressor. */
  readonly sha256: string
  readonly files: number
  readonly archive: Buffer
}

/** Packs a directory. Links are followed; `.git`, `node_modules` and the like stay out. @throws BenchError */
export function packSource(directory: string): PackedSource {
  return packFiles(sourceFiles(directory))
}

/** The files of a source directory. @throws BenchError */
export function sourceFiles(directory: string): TarFile[] {
  try {
    return filesBelow(directory, '', new Set())
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw new BenchError(`source ${directory} cannot be packed: ${messageOf(error)}`, { cause: error })
  }
}

/** @throws BenchError for a path that does not fit an archive */
export function packFiles(files: readonly TarFile[]): PackedSource {
  const tar = tarArchive(files)
  const sha256 = createHash('sha256').update(tar).digest('hex')
  return { sha256, files: files.length, archive: gzipSync(tar) }
}

function filesBelow(root: string, below: string, inside: ReadonlySet<string>): TarFile[] {
  const real = realpathSync(join(root, below))
  if (inside.has(real))
    throw new BenchError(`source ${root}: ${below} links to a folder that it lies in; remove the link`)
  const files: TarFile[] = []
  let bytes = 0
  // By code units: the same order everywhere.
  for (const name of readdirSync(join(root, below))
    .filter((one) => !LEFT_OUT.has(one))
    .sort()) {
    const path = below === '' ? name : `${below}/${name}`
    const stat = statSync(join(root, path))
    if (stat.isDirectory()) files.push(...filesBelow(root, path, new Set([...inside, real])))
    else if (stat.isFile()) {
      bytes += stat.size
      if (bytes > LARGEST)
        throw new BenchError(`source ${root} has more than 500 MiB; leave data to "inputs" and libraries to the image`)
      files.push({ path, content: readFileSync(join(root, path)), executable: (stat.mode & 0o100) !== 0 })
    }
  }
  return files
}

/** `s3://bucket/prefix` in its parts. */
export function s3Location(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri)!
  return { bucket: bucket!, key: key!.replace(/\/+$/, '') }
}

/** Where a source lies. @param s3 `s3://bucket/prefix` */
export function sourceUri(s3: string, { sha256 }: Pick<PackedSource, 'sha256'>): string {
  return `${s3.replace(/\/+$/, '')}/source/${sha256}/sourcedir.tar.gz`
}

/** Uploads it unless it is there. @returns whether it was uploaded */
export async function uploadSource(calls: Calls, uri: string, source: PackedSource): Promise<boolean> {
  const { bucket, key } = s3Location(uri)
  try {
    await calls.call('headObject', { Bucket: bucket, Key: key })
    return false
  } catch (error) {
    // Without the permission to list, S3 says "denied" of what is not there.
    if (!(error instanceof ServiceFault) || (error.kind !== 'gone' && error.kind !== 'denied')) throw error
  }
  await calls.call('putObject', { Bucket: bucket, Key: key, Body: source.archive, ContentType: 'application/gzip' })
  return true
}

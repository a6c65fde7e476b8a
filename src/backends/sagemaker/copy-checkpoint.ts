/** Copies of checkpoints, made by S3 itself: whole, and of one moment, or not at all. */
import { BenchError } from '../../core/errors.js'
import type { Calls } from './calls.js'
import { type ListedObject, isMark, listObjects } from './object-lists.js'
import { ServiceFault } from './service-fault.js'
import { s3Location } from './source.js'

/** A checkpoint that keeps changing is looked at so often, and from then on it need not have been at rest before. */
const LOOKS = 60
const PATIENT_LOOKS = 12
/** Objects that are copied at a time. */
const COPIERS = 8
/** "You can create a copy of your object up to 5 GB in size in a single atomic action": S3 API reference, CopyObject. */
const LARGEST = 5 * 2 ** 30

export interface CheckpointCopy {
  /** `s3://bucket/folder` */
  readonly from: string
  /** Gives a folder in which there is nothing yet: what a copy leaves behind that was given up must not get into another. */
  readonly to: () => Promise<string>
  /** A key of KMS for the copy. Default: as the bucket has it. */
  readonly key?: string | undefined
  /** Whether a job may be writing there. */
  readonly isWritten: () => boolean
  /** Whether anybody still wants the copy. */
  readonly isWanted: () => boolean
  /** Waits between two looks. */
  readonly rest: () => Promise<void>
}

type Objects = ReadonlyMap<string, ListedObject>

/**
 * The service uploads file after file, so a checkpoint is copied when it was the same two looks in a row, and the copy counts
 * if it still is afterwards. One to which nobody writes any more needs no second look, and one of which nothing is there yet
 * is waited for.
 *
 * @returns whether there is a whole copy, in the last folder that `to` gave
 * @throws BenchError for an object that S3 does not copy in one call
 */
export async function copyCheckpoint(calls: Pick<Calls, 'call' | 'callWhile'>, copy: CheckpointCopy): Promise<boolean> {
  let before: Objects | undefined
  for (let look = 0; look < LOOKS && copy.isWanted(); look++) {
    // Asked before the list: what was written before the end of a job cannot be left out.
    const written = copy.isWritten()
    const objects = await listObjects(calls, copy.from)
    const files = [...objects].filter(([path]) => !isMark(path))
    if (files.length === 0 && !written) return false
    const atRest =
      !written || look >= PATIENT_LOOKS || (isUploaded(objects) && before !== undefined && same(before, objects))
    if (files.length > 0 && atRest && (await copied(calls, files, copy))) {
      if (copy.isWanted() && same(objects, await listObjects(calls, copy.from))) return true
    }
    before = objects
    await copy.rest()
  }
  return false
}

type Files = readonly (readonly [path: string, object: ListedObject])[]

/** @returns whether all of them were there */
async function copied(calls: Pick<Calls, 'call' | 'callWhile'>, files: Files, copy: CheckpointCopy): Promise<boolean> {
  for (const [, { bucket, key, bytes }] of files)
    if (bytes > LARGEST)
      throw new BenchError(
        `s3://${bucket}/${key} has ${bytes} bytes; a checkpoint of which another trial gets a copy must have files of 5 GiB at most`,
      )
  const target = s3Location(await copy.to())
  const left = files.values()
  const copier = async (): Promise<void> => {
    for (const [path, { bucket, key }] of left)
      if (copy.isWanted())
        await calls.callWhile(copy.isWanted, 'copyObject', {
          Bucket: target.bucket,
          Key: `${target.key}/${path}`,
          CopySource: [bucket, ...key.split('/')].map(encodeURIComponent).join('/'),
          ...(copy.key !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: copy.key }),
        })
  }
  try {
    await Promise.all(Array.from({ length: COPIERS }, copier))
    return true
  } catch (error) {
    // Gone since the list was made.
    if (error instanceof ServiceFault && error.kind === 'gone') return false
    throw error
  }
}

function isUploaded(objects: Objects): boolean {
  return ![...objects.keys()].some((path) => path.endsWith('.sagemaker-uploading'))
}

function same(a: Objects, b: Objects): boolean {
  return a.size === b.size && [...b].every(([path, { version }]) => a.get(path)?.version === version)
}

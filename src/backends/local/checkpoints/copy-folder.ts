/** Copies of folders that a program may be writing to: whole or not at all, and with what is needed to check them later. */
import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A file of a copy; of a symbolic link the target is kept instead. */
export interface CopiedFile {
  /** Below the folder. */
  readonly path: string
  readonly size: number
  readonly sha256: string
}

/** What tells whether a file is still the same, by its path. */
type Listing = ReadonlyMap<string, string>

/**
 * Copies a folder to a place that does not exist yet: beside it first, flushed to the disk, then renamed. Blocks are shared
 * where the file system can do that, and copied elsewhere; never linked, as programs may write to their files in place.
 *
 * @returns the files; undefined if the folder is missing, empty, or was written to meanwhile
 */
export async function copyFolder(from: string, to: string): Promise<readonly CopiedFile[] | undefined> {
  const partial = `${to}.partial`
  await rm(partial, { recursive: true, force: true })
  try {
    const before = await listing(from)
    if (before.size === 0) return undefined
    for (const path of before.keys()) await copyOne(join(from, path), join(partial, path))
    if (!same(before, await listing(from))) return undefined
    const files: CopiedFile[] = []
    for (const path of before.keys()) files.push(await fileAt(partial, path))
    await rename(partial, to)
    await flush(dirname(to))
    return files
  } catch (error) {
    // A file that was there a moment ago: the program replaces it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** What is wrong with a copy; undefined if it is as it was made. */
export async function damageOf(folder: string, files: readonly CopiedFile[]): Promise<string | undefined> {
  for (const { path, size, sha256 } of files) {
    try {
      const now = await fileAt(folder, path)
      if (now.size !== size) return `${path} has ${now.size} bytes instead of ${size}`
      if (now.sha256 !== sha256) return `${path} has another checksum`
    } catch {
      return `${path} cannot be read`
    }
  }
  return undefined
}

/** Bytes of all files below a folder; 0 if there is none. */
export async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const path of await pathsBelow(folder))
    try {
      bytes += (await lstat(join(folder, path))).size
    } catch {
      // gone by now
    }
  return bytes
}

async function copyOne(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  if ((await lstat(from)).isSymbolicLink()) await symlink(await readlink(from), to)
  else {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    await flush(to)
  }
}

async function fileAt(folder: string, path: string): Promise<CopiedFile> {
  const file = join(folder, path)
  const { size } = await lstat(file)
  const hash = createHash('sha256')
  if ((await lstat(file)).isSymbolicLink()) hash.update(await readlink(file))
  else await pipeline(createReadStream(file), hash)
  return { path, size, sha256: hash.digest('hex') }
}

async function listing(folder: string): Promise<Listing> {
  const found = new Map<string, string>()
  for (const path of await pathsBelow(folder)) {
    const { ino, size, mtimeNs } = await lstat(join(folder, path), { bigint: true })
    found.set(path, `${ino} ${size} ${mtimeNs}`)
  }
  return found
}

/** Files and links below a folder, in order; none if it is missing. */
async function pathsBelow(folder: string): Promise<string[]> {
  try {
    const found: string[] = []
    for (const path of await readdir(folder, { recursive: true }))
      if (!(await lstat(join(folder, path))).isDirectory()) found.push(path)
    return found.sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function same(a: Listing, b: Listing): boolean {
  return a.size === b.size && [...a].every(([path, state]) => b.get(path) === state)
}

/** Makes what was written durable, where the file system can. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.datasync()
  } catch {
    // not every file system can
  } finally {
    await file.close()
  }
}

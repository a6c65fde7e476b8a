/** Checkpoints between a container's folder and S3: fetched before it starts, copied back while it runs. */
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { S3Store } from './s3-store.js'

export class CheckpointSync {
  readonly #store: S3Store
  readonly #folder: string
  readonly #bucket: string
  readonly #prefix: string
  /** Size and time of what S3 has by now. */
  readonly #known = new Map<string, string>()

  constructor(store: S3Store, folder: string, address: { readonly bucket: string; readonly key: string }) {
    this.#store = store
    this.#folder = folder
    this.#bucket = address.bucket
    this.#prefix = address.key === '' || address.key.endsWith('/') ? address.key : `${address.key}/`
  }

  async fetch(): Promise<void> {
    await this.#store.download(this.#bucket, this.#prefix, this.#folder, false)
    for (const file of await this.#files()) this.#known.set(file, await this.#state(file))
  }

  /**
   * Copies what is new or changed, and deletes what is gone: "If a checkpoint is deleted in the SageMaker container, it will
   * also be deleted in the S3 folder" (developer guide, model-checkpoints). A file that is being written may arrive in a
   * half-written state, as with the service.
   */
  async push(): Promise<void> {
    const files = await this.#files()
    for (const gone of [...this.#known.keys()].filter((file) => !files.includes(file))) {
      await this.#store.delete(this.#bucket, this.#prefix + gone)
      this.#known.delete(gone)
    }
    for (const file of files) {
      const state = await this.#state(file)
      if (state === '' || this.#known.get(file) === state) continue
      const body = await readFile(join(this.#folder, file)).catch(() => undefined)
      if (!body) continue
      await this.#store.put(this.#bucket, this.#prefix + file, body)
      this.#known.set(file, state)
    }
  }

  async #files(): Promise<string[]> {
    const found = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => [])
    return found
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.#folder.length + 1)
          .replaceAll('\\', '/'),
      )
  }

  async #state(file: string): Promise<string> {
    const { size, mtimeMs, ino } = await stat(join(this.#folder, file)).catch(() => ({ size: -1, mtimeMs: 0, ino: 0 }))
    return size < 0 ? '' : `${size} ${mtimeMs} ${ino}`
  }
}

/**
 * The checkpoints of a run's trials. `<trial>/checkpoints` is the program's; beside it this keeps the last two copies of it
 * that were made while nobody wrote to it, `<trial>/kept/<level>`: for trials that start from another's checkpoint, and for
 * the case that a program cannot go on from its own because it was killed while it saved.
 */
import { renameSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../../core/errors.js'
import type { TrialId } from '../../../core/trial.js'
import { type CopiedFile, copyFolder, damageOf } from './copy-folder.js'

/** How many copies of a trial's checkpoint are kept. */
const KEPT = 2
/** Copies take at most one part in so many of the time: the next one waits so many times as long as the last one took. */
const SHARE = 20
/** A running donor's checkpoint is looked at so often, so far apart (milliseconds), until it stays the same during a copy. */
const LOOKS = 100
const PAUSE = 50

/** A copy that was made for another trial. */
export interface Cloned {
  /** The level that the copy is known to be of; undefined: of the donor's last checkpoint, whichever that was. */
  readonly level: number | undefined
  /** It was there already. */
  readonly before?: true
}

export class Checkpoints {
  readonly #directoryOf: (trial: TrialId) => string
  readonly #warn: (trial: TrialId, text: string) => void
  readonly #copying = new Map<TrialId, Promise<void>>()
  /** When the next copy may be made, by the clock of the process in milliseconds. */
  readonly #due = new Map<TrialId, number>()

  /** @param directoryOf a trial's folder */
  constructor(directoryOf: (trial: TrialId) => string, warn: (trial: TrialId, text: string) => void) {
    this.#directoryOf = directoryOf
    this.#warn = warn
  }

  /** What the trial's program sees. */
  folderOf(trial: TrialId): string {
    return join(this.#directoryOf(trial), 'checkpoints')
  }

  /**
   * A program has reported a level, so its checkpoint of that level is saved: begins to copy it, unless copies have taken
   * too much of the time lately. A copy into which the program's next checkpoint got is thrown away.
   */
  keep(trial: TrialId, level: number): void {
    if (this.#copying.has(trial) || performance.now() < (this.#due.get(trial) ?? 0)) return
    const begun = performance.now()
    const copying = this.#keep(trial, level)
      .catch((error: unknown) => this.#warn(trial, `its checkpoint could not be copied: ${messageOf(error)}`))
      .finally(() => {
        this.#copying.delete(trial)
        this.#due.set(trial, performance.now() + SHARE * (performance.now() - begun))
      })
    this.#copying.set(trial, copying)
  }

  /** Waits for the copies of a trial, or of all, that are being made. */
  async settled(trial?: TrialId): Promise<void> {
    await (trial === undefined ? Promise.all(this.#copying.values()) : this.#copying.get(trial))
  }

  /**
   * The program shall not go on from what it found: puts the newest kept copy before `below` there instead, or nothing.
   * What was there is kept in `checkpoints.failed`; copies that are not older go.
   *
   * @returns the level of the copy; 0 if there is none, and the program starts over; undefined if it found nothing either
   */
  async restore(trial: TrialId, below: number): Promise<number | undefined> {
    await this.settled(trial)
    const folder = this.folderOf(trial)
    if (!(await hasEntries(folder))) return undefined
    const fresh = `${folder}.new`
    await rm(fresh, { recursive: true, force: true })
    const level = await this.#take(trial, (one) => one < below, fresh)
    if (level === 0) await mkdir(fresh, { recursive: true })
    await rm(`${folder}.failed`, { recursive: true, force: true })
    await rename(folder, `${folder}.failed`).catch(() => {})
    await rename(fresh, folder)
    for (const one of await this.#levels(trial))
      if (one >= below) await rm(join(this.#keptOf(trial), String(one)), { recursive: true, force: true })
    return level
  }

  /**
   * Gives a new trial a copy of another one's checkpoint: of exactly this level if one is kept, else of the last one that the
   * donor has saved, which is newer, else of an older one. Done already: nothing happens.
   *
   * @returns undefined if there is none
   */
  async clone(source: TrialId, level: number, trial: TrialId): Promise<Cloned | undefined> {
    const to = this.folderOf(trial)
    await mkdir(this.#directoryOf(trial), { recursive: true })
    if (await exists(to)) return { level, before: true }
    await this.settled(source)
    if ((await this.#take(source, (one) => one === level, to)) > 0) return { level }
    for (let look = 0; look < LOOKS; look++) {
      if ((await copyFolder(this.folderOf(source), to)) !== undefined) return { level: undefined }
      if (!(await hasEntries(this.folderOf(source)))) break
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
    const older = await this.#take(source, () => true, to)
    return older === 0 ? undefined : { level: older }
  }

  /** Forgets the copies of a trial that will never go on. What its program has saved stays. */
  drop(trial: TrialId): void {
    const dropping = this.settled(trial)
      .then(() => rm(this.#keptOf(trial), { recursive: true, force: true }))
      .catch(() => {})
      .finally(() => this.#copying.delete(trial))
    this.#copying.set(trial, dropping)
  }

  async #keep(trial: TrialId, level: number): Promise<void> {
    const kept = this.#keptOf(trial)
    const fresh = join(kept, 'new')
    await rm(fresh, { recursive: true, force: true })
    await mkdir(fresh, { recursive: true })
    const files = await copyFolder(this.folderOf(trial), join(fresh, 'files'))
    if (files !== undefined) {
      await writeFile(join(fresh, 'manifest.json'), JSON.stringify({ level, files }), { flush: true })
      await rm(join(kept, String(level)), { recursive: true, force: true })
      await rename(fresh, join(kept, String(level)))
      const old = (await this.#levels(trial)).slice(KEPT)
      for (const one of old) await rm(join(kept, String(one)), { recursive: true, force: true })
    }
    await rm(fresh, { recursive: true, force: true })
  }

  /** Copies the newest kept copy of a level that suits to `to`; its level, or 0. Damaged ones are passed over and removed. */
  async #take(trial: TrialId, suits: (level: number) => boolean, to: string): Promise<number> {
    for (const level of await this.#levels(trial)) {
      if (!suits(level)) continue
      const folder = join(this.#keptOf(trial), String(level))
      const damage = await damageOfKept(folder)
      if (damage === undefined && (await copyFolder(join(folder, 'files'), to)) !== undefined) return level
      this.#warn(
        trial,
        `the copy of its checkpoint at level ${level} is damaged (${damage ?? 'it cannot be copied'}) and passed over`,
      )
      await rm(folder, { recursive: true, force: true })
    }
    return 0
  }

  /** Levels of which there are copies, the newest first. */
  async #levels(trial: TrialId): Promise<number[]> {
    const names = await readdir(this.#keptOf(trial)).catch(() => [])
    return names
      .map(Number)
      .filter((level) => Number.isInteger(level))
      .sort((a, b) => b - a)
  }

  #keptOf(trial: TrialId): string {
    return join(this.#directoryOf(trial), 'kept')
  }
}

/** Takes all checkpoints of a trial away, at once; what is left to delete, in a folder. */
export function takeAway(directory: string): string[] {
  return ['checkpoints', 'kept', 'checkpoints.failed'].flatMap((name) => {
    const removed = join(directory, `${name}.removed`)
    try {
      renameSync(join(directory, name), removed)
      return [removed]
    } catch {
      return []
    }
  })
}

async function damageOfKept(folder: string): Promise<string | undefined> {
  try {
    const { files } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { files: CopiedFile[] }
    return await damageOf(join(folder, 'files'), files)
  } catch (error) {
    return messageOf(error)
  }
}

async function exists(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  )
}

async function hasEntries(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0
}

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Checkpoints, takeAway } from '../../../../src/backends/local/checkpoints/checkpoints.js'
import { copyFolder, damageOf, sizeOf } from '../../../../src/backends/local/checkpoints/copy-folder.js'

let folder: string
let warnings: string[]
let checkpoints: Checkpoints
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-checkpoints-'))
  warnings = []
  checkpoints = new Checkpoints(trialFolder, (trial, text) => warnings.push(`${trial}: ${text}`))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const trialFolder = (trial: number): string => join(folder, String(trial))
const saved = (trial: number, name = 'model'): string => join(checkpoints.folderOf(trial), name)
const kept = (trial: number): string[] => readdirSync(join(trialFolder(trial), 'kept')).sort()

/** As a program saves: written beside, renamed. */
function save(trial: number, text: string, name = 'model'): void {
  const path = saved(trial, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

/** Copies are made, however fast they were before. */
async function keep(trial: number, level: number): Promise<void> {
  checkpoints.keep(trial, level)
  await checkpoints.settled()
  // The next one is not kept from being made by the time that this one took.
  checkpoints = new Checkpoints(trialFolder, (one, text) => warnings.push(`${one}: ${text}`))
}

describe('copies of folders', () => {
  test('hold everything, and know when they are damaged', async () => {
    save(0, 'weights', 'deep/er/model')
    save(0, '', 'empty')
    symlinkSync('deep/er/model', saved(0, 'last'))
    const to = join(folder, 'copy')
    const files = (await copyFolder(checkpoints.folderOf(0), to))!
    expect(files.map(({ path, size }) => `${path} ${size}`)).toEqual(['deep/er/model 7', 'empty 0', 'last 13'])
    expect(readFileSync(join(to, 'last'), 'utf8')).toBe('weights')
    expect(await damageOf(to, files)).toBeUndefined()
    expect(await sizeOf(to)).toBe(7 + 13)
    // What the program does to its own file does not reach the copy.
    writeFileSync(saved(0, 'deep/er/model'), 'WEIGHTS')
    expect(await damageOf(to, files)).toBeUndefined()
    writeFileSync(join(to, 'deep/er/model'), 'weighty')
    expect(await damageOf(to, files)).toBe('deep/er/model has another checksum')
    truncateSync(join(to, 'deep/er/model'), 3)
    expect(await damageOf(to, files)).toBe('deep/er/model has 3 bytes instead of 7')
    rmSync(join(to, 'empty'))
    expect(await damageOf(to, files.slice(1))).toBe('empty cannot be read')
  })

  test('are not made of nothing, and replace what was left of a copy that was cut off', async () => {
    const to = join(folder, 'copy')
    expect(await copyFolder(join(folder, 'missing'), to)).toBeUndefined()
    mkdirSync(`${to}.partial`)
    writeFileSync(join(`${to}.partial`, 'rest'), '')
    save(0, 'new')
    expect(await copyFolder(checkpoints.folderOf(0), to)).toHaveLength(1)
    expect(readdirSync(to)).toEqual(['model'])
    expect(existsSync(`${to}.partial`)).toBe(false)
  })

  test('are not made while somebody writes', async () => {
    mkdirSync(checkpoints.folderOf(0), { recursive: true })
    for (let i = 0; i < 40; i++) save(0, `${i}`, `part-${i}`)
    const copying = copyFolder(checkpoints.folderOf(0), join(folder, 'copy'))
    const state = { over: false }
    void copying.then(() => (state.over = true))
    for (let i = 0; !state.over; i = (i + 1) % 40) {
      save(0, 'other', `part-${i}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await copying).toBeUndefined()
    expect(existsSync(join(folder, 'copy'))).toBe(false)
  })
})

test('the last two are kept, and go back in place one after the other, then nothing', async () => {
  for (const level of [1, 2, 3]) {
    save(0, `level ${level}`)
    await keep(0, level)
  }
  expect(kept(0)).toEqual(['2', '3'])
  save(0, 'lev')
  expect(await checkpoints.restore(0, Infinity)).toBe(3)
  expect(readFileSync(saved(0), 'utf8')).toBe('level 3')
  expect(readFileSync(join(`${checkpoints.folderOf(0)}.failed`, 'model'), 'utf8')).toBe('lev')
  expect(await checkpoints.restore(0, 3)).toBe(2)
  expect(readFileSync(saved(0), 'utf8')).toBe('level 2')
  expect(await checkpoints.restore(0, 2)).toBe(0)
  expect(readdirSync(checkpoints.folderOf(0))).toEqual([])
  expect(await checkpoints.restore(0, 2)).toBeUndefined()
  expect(warnings).toEqual([])
})

test.each([
  [
    'cut off',
    (file: string) => truncateSync(file, 3),
    /^0: .* at level 2 is damaged \(model has 3 bytes instead of 7\)/,
  ],
  ['of another content', (file: string) => writeFileSync(file, 'LEVEL 2'), /at level 2 is damaged \(model has another/],
  [
    'without its manifest',
    (file: string) => rmSync(join(dirname(dirname(file)), 'manifest.json')),
    /at level 2 is damaged \(ENOENT/,
  ],
])('a copy that is %s is passed over for the one before', async (_what, damage, warning) => {
  for (const level of [1, 2]) {
    save(0, `level ${level}`)
    await keep(0, level)
  }
  damage(join(trialFolder(0), 'kept', '2', 'files', 'model'))
  expect(await checkpoints.restore(0, Infinity)).toBe(1)
  expect(readFileSync(saved(0), 'utf8')).toBe('level 1')
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(warning)
})

test('copies take their share of the time only', async () => {
  save(0, 'first')
  checkpoints.keep(0, 1)
  checkpoints.keep(0, 1)
  await checkpoints.settled(0)
  save(0, 'second')
  checkpoints.keep(0, 2)
  await checkpoints.settled()
  expect(kept(0)).toEqual(['1'])
})

describe('a trial starts from the checkpoint of another', () => {
  test('of the level that was asked for, where it is kept', async () => {
    for (const level of [2, 3]) {
      save(0, `level ${level}`)
      await keep(0, level)
    }
    expect(await checkpoints.clone(0, 2, 1)).toEqual({ level: 2 })
    expect(readFileSync(saved(1), 'utf8')).toBe('level 2')
    // Once it has one of its own, that is it.
    save(1, 'its own')
    expect(await checkpoints.clone(0, 2, 1)).toEqual({ level: 2, before: true })
    expect(readFileSync(saved(1), 'utf8')).toBe('its own')
  })

  test('of the last one saved, where that level is gone', async () => {
    save(0, 'level 5')
    expect(await checkpoints.clone(0, 2, 1)).toEqual({ level: undefined })
    expect(readFileSync(saved(1), 'utf8')).toBe('level 5')
  })

  test('of an older one that is kept, where the donor has lost its own', async () => {
    save(0, 'level 1')
    await keep(0, 1)
    rmSync(checkpoints.folderOf(0), { recursive: true })
    expect(await checkpoints.clone(0, 2, 1)).toEqual({ level: 1 })
  })

  test('of none', async () => {
    expect(await checkpoints.clone(0, 2, 1)).toBeUndefined()
    save(0, 'level 3')
    for (const path of takeAway(trialFolder(0))) rmSync(path, { recursive: true })
    expect(await checkpoints.clone(0, 2, 1)).toBeUndefined()
    expect(existsSync(checkpoints.folderOf(1))).toBe(false)
  })
})

test('a trial that will never go on keeps what its program saved', async () => {
  save(0, 'last')
  await keep(0, 4)
  checkpoints.drop(0)
  await checkpoints.settled()
  expect(readdirSync(trialFolder(0))).toEqual(['checkpoints'])
})

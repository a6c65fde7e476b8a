import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../../src/files/make-folder.js'
import { missing, startBench } from '../cli/process.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-folder-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('makeFolder', () => {
  it('makes all levels, and takes what is there', () => {
    const path = join(folder, 'a', 'b', 'c')
    makeFolder(path, 'cure')
    makeFolder(path, 'cure')
    expect(existsSync(path)).toBe(true)
  })

  it('says what is in the way', () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
    for (const path of ['file', 'file/x', 'file/x/y', 'dangling', 'dangling/x'])
      expect(() => makeFolder(join(folder, path), 'give another --out')).toThrow(
        /^cannot make the folder .*; give another --out$/,
      )
  })
})

// As a process, which can be ended: what once hung here did not even answer signals.
describe.skipIf(missing !== undefined || !existsSync('/proc/self'))('--out below /proc', () => {
  it.each([
    ['run', 'asha-vs-default', '--seeds', '1', '--threads', '0', '--out', '/proc/nothing/here'],
    ['derive', 'ngram-mrpc', '--instances', 'ml.m5.large', '--out', '/proc/nothing/modelled.arrow'],
    ['export', 'ngram-mrpc', '--format', 'csv', '--out', '/proc/nothing/a.csv'],
  ])('bench %s ends with one line', { timeout: 60_000 }, async (...args) => {
    const { child, ended } = startBench(args, folder)
    const kill = setTimeout(() => child.kill('SIGKILL'), 45_000)
    const { status, err } = await ended
    clearTimeout(kill)
    expect(status).toBe(2)
    expect(err).toMatch(/^bench: cannot make the folder \/proc\/nothing.*; [^\n]*\n$/)
  })
})

/** Packages that are for another system than this one, from the registry. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BenchError } from '../../core/errors.js'

/**
 * The folder of a package that is not installed here because it is for another system. It is fetched with npm, from whatever
 * registry npm is set up for, and deleted when the process ends.
 *
 * @throws BenchError where it cannot be fetched
 */
export function lendPackage(name: string, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-lent-'))
  process.once('beforeExit', () => void rm(folder, { recursive: true, force: true }))
  const flags = [
    '--force',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const { status, stderr, error } = spawnSync('npm', ['install', ...flags, '--prefix', folder, `${name}@${version}`], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0)
    throw new BenchError(
      `${name} ${version}, which the tuner needs in its container, is not installed on this system and could not be fetched ` +
        `with npm: ${error?.message ?? firstError(stderr)}; launch from Linux on x64, or with a connection to the registry`,
      { exitCode: 1 },
    )
  return join(folder, 'node_modules', name)
}

function firstError(text: string): string {
  const lines = text.split('\n').filter((line) => /^npm (error|ERR!)/.test(line))
  return (
    lines.map((line) => line.replace(/^npm (error|ERR!)\s*/, '')).find((line) => / /.test(line)) ?? 'no reason given'
  )
}

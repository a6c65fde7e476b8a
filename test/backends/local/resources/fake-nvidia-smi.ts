/** A stand-in for nvidia-smi, to be found on PATH. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Lists so many GPUs, as the real one does. */
export function fakeGpus(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i}, GPU-${i}ac0f1d2, Toy GPU, 2048 MiB\n`).join('')
}

/**
 * Puts a program `nvidia-smi` into a folder, which prints what it is told to and takes its arguments down.
 *
 * @returns the environment in which it is the first on PATH
 */
export function fakeNvidiaSmi(folder: string, prints: string, exit = 0): Record<string, string | undefined> {
  const program = join(folder, 'nvidia-smi')
  const lines = prints.split('\n').filter((line) => line !== '')
  const script = [
    '#!/bin/sh',
    `echo "$@" > '${folder}/asked'`,
    ...lines.map((line) => `echo '${line}'`),
    `exit ${exit}`,
  ]
  writeFileSync(program, `${script.join('\n')}\n`)
  chmodSync(program, 0o755)
  const { CUDA_VISIBLE_DEVICES: _visible, ...environment } = process.env
  return { ...environment, PATH: `${folder}:${process.env['PATH']}` }
}

/** Starts the two systems, each in a process of its own, and gives what they answer. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, invalid } from '../../src/core/errors.js'
import { packageRoot } from '../../src/package.js'
import type { Answer, Job } from './jobs.js'

const source = (name: string): string => join(packageRoot, 'benchmarks/peers', name)
const script = source('syne_tune_runs.py')
const ours = join(packageRoot, 'dist/benchmarks/peers/rungbench-runs.js')
const pinned = /^syne-tune==(.+)$/m.exec(readFileSync(source('requirements.txt'), 'utf8'))![1]!

const CURE =
  `make one (Python 3.10 to 3.12): python3 -m venv DIR && DIR/bin/pip install -r benchmarks/peers/requirements.txt, ` +
  'and give --python DIR/bin/python'

/** A Python, and what it has that bears on speed. */
export interface Peer {
  readonly python: string
  readonly versions: string
}

/** @throws BenchError unless `python` has the Syne Tune that this benchmark is for */
export function findPeer(python: string | undefined): Peer {
  const rule = `must name a Python with Syne Tune ${pinned}`
  if (python === undefined) throw new BenchError(`--python ${rule}; ${CURE}`)
  const code =
    'import platform; from importlib.metadata import version; ' +
    'print(version("syne-tune"), version("numpy"), platform.python_version())'
  const { error, status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' })
  if (error !== undefined) throw invalid('--python', python, `${rule}, and cannot be started`, CURE)
  const [syneTune, numpy, itself] = status === 0 ? stdout.trim().split(' ') : []
  if (syneTune !== pinned) throw invalid('--python', python, `${rule}, and has ${syneTune ?? 'none'}`, CURE)
  return { python, versions: `Syne Tune ${syneTune}, Python ${itself}, NumPy ${numpy}` }
}

export interface Child {
  /** What it is called in errors. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

export const rungbench: Child = { name: 'Rungbench', command: process.execPath, args: [ours] }
export const syneTune = ({ python }: Peer): Child => ({ name: 'Syne Tune', command: python, args: [script] })

export type Timed = Answer & { readonly wallSeconds: number }

/** @throws BenchError with the last line that the child said, if it failed */
export function ask({ name, command, args }: Child, job: Job): Timed {
  const path = join(job.out, 'job.json')
  writeFileSync(path, JSON.stringify(job))
  const begun = performance.now()
  const { status, stdout, stderr, error } = spawnSync(command, [...args, path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    // One thread each; the order of Python's sets does not change from process to process.
    env: {
      ...process.env,
      SYNETUNE_FOLDER: join(job.out, 'syne-tune'),
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      PYTHONHASHSEED: '0',
    },
  })
  const wallSeconds = (performance.now() - begun) / 1e3
  if (error !== undefined || status !== 0) {
    const lines = stderr.trim().split('\n')
    const cause = error?.message ?? lines.findLast((line) => /^\w*Error\b/u.test(line)) ?? lines.at(-1)
    throw new BenchError(`${name} failed on ${job.method}: ${cause}`, { exitCode: 1 })
  }
  return { ...(JSON.parse(stdout) as Answer), wallSeconds }
}

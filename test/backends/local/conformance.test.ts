/** Processes of this machine, held to what every backend has to do. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalBackend } from '../../../src/backends/local/local-backend.js'
import { type BackendWorld, backendConformance } from '../conformance.js'
import { STEPS } from '../steps.js'
import { LEVELS, METRICS } from '../whole-runs.js'

backendConformance('the local backend', async (): Promise<BackendWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'rungbench-conformance-'))
  const made: LocalBackend[] = []
  return {
    backend: (workers) => {
      const backend = new LocalBackend({
        program: { command: ['node', STEPS] },
        workers,
        resource: 'epoch',
        maxResource: LEVELS,
        metrics: METRICS,
        directory: join(directory, 'trials'),
        checkpoints: true,
      })
      made.push(backend)
      return backend
    },
    close: async () => {
      await Promise.all(made.map((backend) => backend.close()))
      rmSync(directory, { recursive: true, force: true })
    },
  }
})

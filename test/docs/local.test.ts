/** What docs/local.md says is what the code does. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { attemptEnvironment } from '../../src/backends/local/resources/attempt-environment.js'
import { resolveResources } from '../../src/backends/local/resources/resources.js'
import { THREAD_VARIABLES } from '../../src/backends/local/resources/threads.js'
import { GRACE_SECONDS } from '../../src/backends/local/child.js'
import { LOG_FILES, LOG_LIMIT } from '../../src/backends/local/log-file.js'
import { bench } from '../cli/fake-terminal.js'

const page = readFileSync(fileURLToPath(new URL('../../docs/local.md', import.meta.url)), 'utf8')

test('every variable that a trial gets is described', () => {
  const place = { trial: 0, attempt: 0, restarts: 0, level: 0, worker: 0, directory: '', gpus: [] }
  for (const name of [
    ...Object.keys(attemptEnvironment(place, {}, undefined)),
    ...THREAD_VARIABLES,
    'CUDA_DEVICE_ORDER',
  ])
    expect(page).toContain(`\`${name}`)
})

test('every option of local runs is described', async () => {
  const { out } = await bench(['help', 'run'])
  const local = out.slice(out.indexOf('With --backend local:'), out.indexOf('With --backend sagemaker:'))
  const options = [...local.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option!)
  expect(options).toContain('--retries')
  for (const option of options) expect(page).toContain(option)
})

test('the error of too many workers and the sizes are quoted as they are', () => {
  const quoted = /^bench: (4 workers are more .*)$/m.exec(page)![1]!
  expect(() => resolveResources({}, { workers: 4, environment: { CUDA_VISIBLE_DEVICES: '0,1' } })).toThrow(quoted)
  expect(page).toContain(`kept to ${LOG_LIMIT / 2 ** 20} MiB: at\n${LOG_LIMIT / LOG_FILES / 2 ** 20} MiB`)
  expect(page).toContain(`SIGKILL after ${GRACE_SECONDS} seconds`)
})

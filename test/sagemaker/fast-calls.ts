/** The emulator need not be spared: calls of this process, and of commands that it starts, do not wait for their turn. */
import { fileURLToPath } from 'node:url'
import { RATES } from '../../src/backends/sagemaker/rates.js'

export function fastCalls(): void {
  Object.assign(RATES, Object.fromEntries(Object.keys(RATES).map((call) => [call, 1000])))
  process.env['NODE_OPTIONS'] = `--import ${fileURLToPath(new URL('fast-calls.mjs', import.meta.url))}`
}

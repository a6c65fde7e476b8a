/** moto's server, where RUNGBENCH_MOTO names its program. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Endpoint } from './clients.js'

export interface MotoServer {
  readonly clientOptions: Endpoint
  close(): Promise<void>
}

/** Starts it on a free port, with an account of its own that is empty. */
export async function startMoto(program: string): Promise<MotoServer> {
  const child = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const address = new Promise<string>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr])
      createInterface({ input: output }).on('line', (line) => {
        const found = /Running on (http:\/\/[\d.:]+)/.exec(line)
        if (found) resolve(found[1]!)
      })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`moto's server ended with ${code}`)))
  })
  const clientOptions = {
    endpoint: await address,
    region: 'us-east-1',
    credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
    forcePathStyle: true,
  }
  const close = async (): Promise<void> => {
    if (child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill()
    await gone
  }
  return { clientOptions, close }
}

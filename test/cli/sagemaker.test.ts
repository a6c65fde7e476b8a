/** `bench run --backend sagemaker` and `bench stop`, as users type them, against the emulator. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { bench } from './fake-terminal.js'
import { missing, startBench } from './process.js'
import { type SageMakerToy, type SageMakerToyOptions, makeSageMakerToy } from './sagemaker-toy.js'

let toy: SageMakerToy
const set = async (options?: SageMakerToyOptions): Promise<SageMakerToy> => (toy = await makeSageMakerToy(options))
afterEach(async () => toy?.close(), 60_000)

const manifest = (out: string): { backend: string } =>
  JSON.parse(readFileSync(join(toy.directory, out, 'manifest.json'), 'utf8')) as { backend: string }

describe.skipIf(missing !== undefined)('the built command', () => {
  test('runs an experiment, says before what it may cost, and leaves nothing running', async () => {
    await set()
    const { status, out, err } = await startBench(toy.run('out', '--yes'), toy.directory).ended
    expect({ status, err }).toMatchObject({ status: 0 })
    expect(err).toMatch(
      /^sagemaker-toy on SageMaker in us-east-1: 1 run, up to 2 training jobs at a time\ncost: about /,
    )
    expect(out).toContain('loss')
    expect(manifest('out').backend).toBe('sagemaker')
    expect(toy.emulator.running).toEqual([])
    expect(
      new Set(toy.journal('out').flatMap(({ event, instanceType }) => (event === 'job' ? [instanceType] : []))),
    ).toEqual(new Set(['ml.m5.large', 'ml.c5.xlarge']))
  }, 120_000)
})

describe('before anything is made', () => {
  test('without a terminal and without --yes it does not begin', async () => {
    await set()
    const { code, err } = await bench(toy.run('out'))
    expect(code).toBe(2)
    expect(err).toMatch(
      /cost: .*\n.*\nbench: training jobs cost money, and there is no terminal to ask .*; add --yes\n$/,
    )
    expect(existsSync(join(toy.directory, 'out'))).toBe(false)
    expect(toy.emulator.calls.calls).toEqual([])
  })
})

/** What a launch packs: this package as it runs elsewhere, and what an experiment names by path. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkSageMakerConfig } from '../../../src/backends/sagemaker/config.js'
import { launchArchive } from '../../../src/run/launch/launch-archive.js'
import { moduleFiles } from '../../../src/run/launch/module-files.js'
import { productFiles } from '../../../src/run/launch/product-files.js'

const folder = mkdtempSync(join(tmpdir(), 'launch-pack-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'deep'))
mkdirSync(join(folder, 'program'))
const write = (path: string, text: string): string => {
  writeFileSync(join(folder, path), text)
  return join(folder, path)
}
const experiment = write(
  'mine.ts',
  `import { defineExperiment } from 'rungbench'
import { methods } from './deep/methods.js'
export default defineExperiment({ name: 'mine', question: 'Is it all there?', tables: ['ngram-stsb'],
  objectives: [{ metric: 'validation_error', report: 'test_error' }], methods, budget: { fullEvaluations: 2 } })
`,
)
const methods = write(
  'deep/methods.ts',
  `export const methods = { random: { scheduler: { type: 'fifo' } } } as const\n`,
)
write('deep/unused.ts', '')
write('package.json', '{ "type": "module", "secret": "hush" }')
write('program/train.py', 'print(1)\n')

const config = checkSageMakerConfig(
  {
    role: 'arn:aws:iam::123456789012:role/training',
    region: 'us-east-1',
    s3: 's3://bucket/tests',
    image: 'any',
    source: 'program',
    entryPoint: 'train.py',
    instanceTypes: ['ml.m5.large'],
    environment: { TOKEN: 'very-secret' },
    launch: { image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/node:22-slim' },
  },
  folder,
)

/** The texts of what is not this package. */
function textsOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

describe('a module', () => {
  it('consists of itself and what it imports by path', () => {
    expect(moduleFiles([experiment])).toEqual([experiment, methods])
  })
})

describe('this package', () => {
  const files = productFiles((name) => {
    throw new Error(`${name} is here`)
  })
  const paths = files.map(({ path }) => path)

  it('is packed with what it needs to run, and without what it is developed with', () => {
    expect(paths).toContain('node_modules/rungbench/dist/src/cli/bench.js')
    expect(paths).toContain('node_modules/@aws-sdk/client-sagemaker/package.json')
    expect(paths).toContain('node_modules/rungbench/surrogates/ngram-stsb/ngram-stsb.arrow')
    expect(paths.filter((path) => /\.map$|\.d\.ts$|\/vitest\/|\/typescript\//.test(path))).toEqual([])
    expect(new Set(paths).size).toBe(paths.length)
  })
})

describe('an archive', () => {
  it('runs an experiment of one’s own elsewhere; secrets are not in it', { timeout: 120_000 }, () => {
    const packed = launchArchive({
      experiment,
      needs: [],
      tables: undefined,
      options: ['--seeds', '1'],
      config,
      experimentId: 'abcdefghij',
    })
    const out = join(folder, 'unpacked')
    mkdirSync(out)
    execFileSync('tar', ['-xzf', '-', '-C', out], { input: packed.archive })
    const inside = JSON.parse(readFileSync(join(out, 'sagemaker.json'), 'utf8')) as object
    expect(inside).toMatchObject({
      source: 'source',
      environment: {},
      environmentFrom: ['TOKEN'],
      experimentId: 'abcdefghij',
    })
    expect(() => checkSageMakerConfig(inside, out, {})).toThrow(
      'sagemaker.environmentFrom must be a variable that is set',
    )
    expect(checkSageMakerConfig(inside, out, { TOKEN: 'x' }).environment).toEqual({ TOKEN: 'x' })
    for (const secret of ['very-secret', 'hush'])
      expect(textsOf(out).filter((text) => text.includes(secret))).toEqual([])
    expect(readFileSync(join(out, 'launch.sh'), 'utf8')).toContain(
      "run 'experiment/mine.ts' '--seeds' '1' --backend sagemaker",
    )
    const bench = join(out, 'node_modules/rungbench/dist/src/cli/bench.js')
    const args = [bench, 'run', 'experiment/mine.ts', '--seeds', '1', '--threads', '1', '--out', 'run', '--json']
    const { results } = JSON.parse(execFileSync(process.execPath, args, { cwd: out, encoding: 'utf8' })) as {
      results: unknown[]
    }
    expect(results).toHaveLength(1)
  })
})

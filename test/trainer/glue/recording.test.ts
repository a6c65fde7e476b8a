import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { planRecording } from '../../../src/record/plan.js'
import { programChecksum } from '../../../src/record/recording.js'
import recording from '../../../surrogates/glue-minilm-mrpc/recording.js'

const folder = fileURLToPath(new URL('../../../trainer/glue/', import.meta.url))

/** The modules of the folder that a module imports, at any depth, by the name of their file. */
function imported(file: string, found = new Set<string>()): Set<string> {
  found.add(file)
  const text = readFileSync(join(folder, file), 'utf8')
  for (const [, name] of text.matchAll(/^\s*(?:from|import) (\w+)/gm)) {
    const next = `${name}.py`
    if (local.has(next) && !found.has(next)) imported(next, found)
  }
  return found
}

const listed = recording.program.files!.map((file) => file.replace('trainer/glue/', ''))
const local = new Set(readdirSync(folder))

describe('the recording glue-minilm-mrpc', () => {
  it('plans 610 trainings of 301 configurations, the default ten times', () => {
    const { configurations, trainings } = planRecording(recording)
    expect([configurations.length, trainings.length]).toEqual([301, 610])
    expect(trainings.filter(({ configuration }) => configuration === 0)).toHaveLength(10)
    const models = configurations.map(({ model }) => model)
    expect(models.filter((model) => model === 'minilm:6')).toHaveLength(121)
    for (const model of ['minilm:4', 'minilm:3', 'minilm:2'])
      expect(models.filter((other) => other === model)).toHaveLength(60)
  })

  it('keeps the checksum of everything that its program imports', () => {
    expect(listed.filter((file) => file.endsWith('.py')).sort()).toEqual([...imported('train.py')].sort())
    expect(programChecksum(recording.program)).toMatch(/^[0-9a-f]{64}$/)
  })
})

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { planRecording } from '../../../src/record/plan.js'
import { programChecksum } from '../../../src/record/recording.js'
import recording from '../../../surrogates/minilm-mrpc/recording.js'
import small from '../../../surrogates/minilm-small-cola/recording.js'

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

describe('the MiniLM recordings', () => {
  it('plan 303 trainings of 150 configurations for a GPU, the default five times', () => {
    const { configurations, trainings } = planRecording(recording)
    expect([configurations.length, trainings.length]).toEqual([150, 303])
    expect(trainings.filter(({ configuration }) => configuration === 0)).toHaveLength(5)
    const models = configurations.map(({ model }) => model)
    const counts = ['minilm:6', 'minilm:4', 'minilm:3', 'minilm:2'].map(
      (model) => models.filter((other) => other === model).length,
    )
    expect(counts).toEqual([43, 36, 36, 35])
  })

  it('plan 45 trainings of 41 configurations for a processor', () => {
    const { configurations, trainings } = planRecording(small)
    expect([configurations.length, trainings.length]).toEqual([41, 45])
    expect(configurations.filter(({ model }) => model === 'minilm:2')).toHaveLength(20)
  })

  it('keep the checksum of everything that their program imports', () => {
    expect(listed.filter((file) => file.endsWith('.py')).sort()).toEqual([...imported('train.py')].sort())
    expect(programChecksum(recording.program)).toMatch(/^[0-9a-f]{64}$/)
  })
})

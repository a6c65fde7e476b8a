import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { choice, configKey, contains, float } from '../../src/core/space.js'
import { planRecording } from '../../src/record/plan.js'
import {
  type Recording,
  type RecordingDefinition,
  dataChecksums,
  defineRecording,
  programChecksum,
  recordingKey,
} from '../../src/record/recording.js'
import { fakeFolder, fakeRecording, removeFolders } from './fake.js'

afterAll(removeFolders)

describe('a definition that breaks a rule is refused in one line', () => {
  const good = fakeRecording(fakeFolder()) as unknown as RecordingDefinition
  test.each([
    ['a name with a slash', { name: 'a/b' }, /^recording: name: may have/],
    ['an unknown field', { extra: 1 }, /extra/],
    ['no curve', { metrics: { size: { goal: 'min', kind: 'static' } } }, /metrics must hold at least one curve/],
    ['a default outside the space', { defaultConfig: { lr: 5, depth: 0, color: 'red' } }, /defaultConfig.*lr/],
    ['a metric named as a hyperparameter', { metrics: { lr: { goal: 'min' } } }, /column is taken already, got "lr"/],
    ['a metric with a reserved name', { metrics: { repetition: { goal: 'min' } } }, /is taken already/],
    ['a metric named as an optional column', { metrics: { shared: { goal: 'min' } } }, /is taken already/],
    [
      'a fixed value outside the space',
      { plan: { ...good.plan, groups: [{ fixed: { lr: 9 } }] } },
      /groups\.0\.fixed\.lr/,
    ],
    ['a draw without a number', { plan: { ...good.plan, groups: [{ fixed: {} }] } }, /must say how many are drawn/],
    ['data files without data', { program: { ...good.program, dataArgument: undefined } }, /dataFiles needs/],
  ])('%s', (_name, change, message) => {
    expect(() => defineRecording({ ...good, ...change } as RecordingDefinition)).toThrow(message)
    expect(() => defineRecording({ ...good, ...change } as RecordingDefinition)).not.toThrow(/\n/)
  })
})

test('a wrong hyperparameter does not compile', () => {
  const definition = {
    name: 'typed',
    program: { name: 'train', command: ['node', 'train.js'] },
    resource: { name: 'epoch', levels: 3 },
    metrics: { loss: { goal: 'min' } },
    space: { lr: float(0, 1), model: choice(['small', 'large']) },
  } as const
  const plan = { draw: 'random', repetitions: 1, defaultRepetitions: 1, seed: 0 } as const
  const defaultConfig = { lr: 0.5, model: 'small' } as const
  const groups = [{ fixed: { model: 'large' }, configurations: 1 }] as const
  expect(defineRecording({ ...definition, defaultConfig, plan: { ...plan, groups } }).name).toBe('typed')
  expect(() =>
    // @ts-expect-error no such value
    defineRecording({ ...definition, defaultConfig: { lr: 0.5, model: 'huge' }, plan: { ...plan, groups } }),
  ).toThrow(/defaultConfig\.model/)
  expect(() =>
    // @ts-expect-error no such hyperparameter
    defineRecording({ ...definition, defaultConfig: { lr: 0.5, modle: 'small' }, plan: { ...plan, groups } }),
  ).toThrow(/modle/)
  expect(() =>
    defineRecording({
      ...definition,
      defaultConfig,
      // @ts-expect-error no such hyperparameter
      plan: { ...plan, groups: [{ fixed: { modle: 'large' }, configurations: 1 }] },
    }),
  ).toThrow(/fixed\.modle/)
})

describe('the plan', () => {
  const folder = fakeFolder()
  const planned = (change: Partial<Recording['plan']>): ReturnType<typeof planRecording> => {
    const recording = fakeRecording(folder)
    return planRecording({ ...recording, plan: { ...recording.plan, ...change } as Recording['plan'] })
  }

  test('is the same every time, distinct, within the space, the default first', () => {
    const recording = fakeRecording(folder, { configurations: 40 })
    const { configurations, trainings, order, wholeOrder } = planRecording(recording)
    expect(planRecording(recording)).toEqual({ configurations, trainings, order, wholeOrder })
    expect(configurations).toHaveLength(41)
    expect(configurations[0]).toEqual(recording.defaultConfig)
    expect(new Set(configurations.map((config) => configKey(config))).size).toBe(41)
    for (const config of configurations)
      for (const [name, domain] of Object.entries(recording.space)) expect(contains(domain, config[name])).toBe(true)
    expect(order.toSorted((a, b) => a - b)).toEqual(trainings.map(({ index }) => index))
    expect(order).not.toEqual(trainings.map(({ index }) => index))
    expect(wholeOrder.toSorted((a, b) => a - b)).toEqual(trainings.map(({ index }) => index))
    expect(wholeOrder.slice(0, 2)).toEqual([0, 1])
    expect(wholeOrder).not.toEqual(trainings.map(({ index }) => index))
    for (let i = 0; i < wholeOrder.length; i += 2) expect(wholeOrder[i + 1]).toBe(wholeOrder[i]! + 1)
  })

  test('pairs repetitions by their seed', () => {
    const { trainings } = planned({})
    const seeds = trainings.map(({ seed }) => seed)
    expect(new Set(seeds).size).toBe(2)
    for (const { repetition, seed } of trainings) expect(seed).toBe(seeds[repetition])
  })

  test('fixes what a group fixes', () => {
    const { configurations } = planned({
      groups: [
        { fixed: { color: 'red' }, configurations: 3 },
        { fixed: { color: '$(x)', depth: 1 }, configurations: 2 },
      ],
    })
    expect(configurations.slice(1).map(({ color }) => color)).toEqual(['red', 'red', 'red', '$(x)', '$(x)'])
  })

  test('takes a whole grid once', () => {
    const { configurations } = planned({ draw: 'grid', groups: [{ fixed: { lr: 0.1 } }] })
    // Seven depths, three colours; the default is among them.
    expect(configurations).toHaveLength(21)
  })

  test('refuses a grid over real numbers, and more draws than there are', () => {
    expect(() => planned({ draw: 'grid', groups: [{ fixed: {} }] })).toThrow(/is no grid/)
    expect(() => planned({ groups: [{ fixed: { lr: 0.1 }, configurations: 21 }] })).toThrow(
      /has only 20 configurations that are not taken, 21 were asked for/,
    )
  })
})

describe('checksums', () => {
  test('the program: contents and names count; caches, source maps and hidden files do not', () => {
    const folder = fakeFolder()
    const { program } = fakeRecording(folder)
    const before = programChecksum(program)
    mkdirSync(join(folder, 'program', '__pycache__'))
    for (const name of ['__pycache__/x', '.hidden', 'train.js.map', 'train.d.ts'])
      writeFileSync(join(folder, 'program', name), 'x')
    expect(programChecksum(program)).toBe(before)
    // Without a list of files it is the folder of the script.
    const { files: _files, ...script } = program
    expect(programChecksum(script)).toBe(before)
    renameSync(join(folder, 'program', 'train.mjs'), join(folder, 'program', 'other.mjs'))
    expect(programChecksum(program)).not.toBe(before)
    expect(() => programChecksum({ ...program, files: ['missing'] })).toThrow(/missing cannot be read/)
    expect(() => programChecksum({ ...script, command: ['node', 'missing.mjs'] })).toThrow(/must name a script/)
  })

  test('what a recording into the folder of its program leaves there does not count; other tables do', () => {
    const folder = fakeFolder()
    const { program } = fakeRecording(folder)
    const before = programChecksum(program)
    for (const name of ['own.arrow', 'own.arrow.journal.jsonl', 'own.arrow.journal.jsonl.lock', 'own.arrow.logs'])
      writeFileSync(join(folder, 'program', name), 'x')
    expect(programChecksum(program)).toBe(before)
    writeFileSync(join(folder, 'program', 'data.arrow'), 'x')
    expect(programChecksum(program)).not.toBe(before)
  })

  test('the data: one per file', () => {
    const folder = fakeFolder()
    const { program } = fakeRecording(folder)
    const before = dataChecksums(program, join(folder, 'data'))
    appendFileSync(join(folder, 'data', 'train.txt'), 'more')
    expect(dataChecksums(program, join(folder, 'data'))).not.toEqual(before)
    expect(() => dataChecksums(program, folder)).toThrow(/train\.txt cannot be read/)
    expect(() => dataChecksums(program, undefined)).toThrow(/the data folder is needed by fake program/)
  })

  test('the key: what changes the trainings, not where they are run', () => {
    const [here, there] = [fakeFolder(), fakeFolder()]
    const key = recordingKey(fakeRecording(here))
    expect(recordingKey(fakeRecording(there, { program: { timeout: 5 } }))).toBe(key)
    expect(recordingKey(fakeRecording(here, { seed: 2 }))).not.toBe(key)
    expect(recordingKey(fakeRecording(here, { program: { arguments: { layers: 2 } } }))).not.toBe(key)
  })
})

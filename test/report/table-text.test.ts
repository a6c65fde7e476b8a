import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { TableDescription } from '../../src/core/table-description.js'
import { tableText } from '../../src/report/table-text.js'

const config = { model: 'words', learning_rate: 0.003, batch_size: 32 }
const curve = (end: number): number[] => Array.from({ length: 27 }, (_, i) => end + 0.2 / (i + 1))

const description: TableDescription = {
  name: 'ngram-mrpc',
  description: 'Microsoft Research Paraphrase Corpus: n-gram embedding models trained with Adam',
  checksum: 'ab'.repeat(32),
  rows: 1830,
  configurations: 901,
  resource: 'epoch',
  levels: 27,
  hyperparameters: [
    { name: 'model', domain: 'one of words-narrow, words, words-wide, bigrams, chars, bag', values: 6 },
    { name: 'learning_rate', domain: 'a number from 0.0001 to 0.1 (log)', values: 901 },
  ],
  metrics: [
    { name: 'validation_error', goal: 'min', unit: '', split: 'validation', kind: 'curve' },
    { name: 'test_accuracy', goal: 'max', unit: '', split: 'test', kind: 'curve' },
    { name: 'latency_ms', goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
    { name: 'steps', goal: 'none', unit: '', split: 'train', kind: 'static' },
  ],
  provenance: {
    kind: 'recorded',
    program: { name: 'trainer/ngram', command: ['node'], sha256: 'cd'.repeat(32) },
    data: { name: 'GLUE MRPC', files: {} },
    hardware: { cpu: 'Some CPU', cores: 2, memoryGiB: 8, platform: 'linux' },
    from: '2026-01-02T03:04:05.000Z',
    to: '2026-01-02T09:10:11.000Z',
    workers: 2,
  },
  metric: 'validation_error',
  goal: 'min',
  best: {
    config,
    repetitions: 2,
    value: 0.2671,
    level: 14,
    spread: 0.0035,
    test: { test_error: 0.2801, test_loss: null },
  },
  default: { config, repetitions: 30, value: 0.2912, level: 9, spread: 0.0051 },
  spreadOverRepetitions: 0.0042,
  ended: { completed: 1825, stopped: 0, diverged: 4, failed: 1 },
  secondsPerLevel: { median: 0.041, least: 0.008, greatest: 0.149, variation: 0.062 },
  startupSeconds: { median: 0.21 },
  fullTrainingSeconds: { repetitions: 30, mean: 0.81, sd: 0.034 },
  choices: {
    model: [
      { value: 'words', configurations: 601, secondsPerLevel: 0.03, best: 0.2671 },
      { value: 'chars', configurations: 60, secondsPerLevel: null, best: null },
    ],
  },
  curves: [
    { label: 'best', values: curve(0.26) },
    { label: 'median', values: curve(0.3) },
    { label: 'worst', values: curve(0.6) },
    { label: 'default', values: curve(0.285) },
  ],
}
const frame = { colors: false, width: 100 }

describe('a table as text', () => {
  it('shows axes, provenance, figures and curves', () => {
    const text = tableText(description, frame)
    expect(text).toMatchSnapshot()
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('differs on a terminal in nothing but colours', () => {
    expect(stripVTControlCharacters(tableText(description, { ...frame, colors: true }))).toBe(
      tableText(description, frame),
    )
  })

  it.each([
    [{ kind: 'imported', source: 'LCBench', licence: 'Apache-2.0', sha256: {} }, ['imported', 'LCBench', 'Apache-2.0']],
    [{ kind: 'modelled', from: 'ngram-mrpc', rule: 'twice as fast' }, ['modelled', 'ngram-mrpc', 'twice as fast']],
    [{ kind: 'synthetic', generator: 'test', seed: 7 }, ['synthetic', 'test', '7']],
  ])('says where numbers come from: %o', (provenance, words) => {
    const text = tableText({ ...description, provenance }, frame)
    for (const word of words) expect(text).toContain(word)
  })

  it('says of which columns numbers come from elsewhere', () => {
    const columnProvenance = { elapsed_time: { kind: 'modelled', from: 'x', rule: 'one second per epoch' } }
    expect(tableText({ ...description, columnProvenance }, frame)).toMatch(
      /^ {2}elapsed_time +modelled: one second per epoch$/m,
    )
  })

  it('says what is not there', () => {
    const text = tableText(
      {
        ...description,
        description: '',
        best: undefined,
        default: undefined,
        spreadOverRepetitions: null,
        secondsPerLevel: { ...description.secondsPerLevel, variation: null },
        fullTrainingSeconds: null,
        choices: {},
        curves: [],
      },
      frame,
    )
    expect(text).toContain('was not recorded')
    expect(text).not.toMatch(/ best |repetitions|within a training|epoch +27$/m)
  })
})

/** LCBench in the layout in which it is published, made up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { importTable } from '../../src/formats/import-table.js'
import { lcbench } from '../../src/formats/lcbench.js'
import { SurrogateTable } from '../../src/surrogates/table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-lcbench-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** 52 records: before training, after each of 50 epochs, and once more at the end. */
const log = (of: (record: number) => number): number[] => Array.from({ length: 52 }, (_, record) => of(record))

function entry(config: number): unknown {
  return {
    log: {
      time: log((record) => 5 + 1.5 * record + config),
      epoch: log((record) => record),
      'Train/loss': log((record) => 1 / (record + 1)),
      'Train/val_accuracy': log((record) => 50 + record / 2 + config),
      'Train/val_cross_entropy': log((record) => 1 / (record + 1)),
      'Train/test_result': log((record) => 49 + record / 2 + config),
      'Train/test_cross_entropy': log((record) => (config === 2 && record > 9 ? Number.NaN : 2 / (record + 1))),
    },
    results: { model_parameters: 1000, final_val_accuracy: 75 },
    config: {
      batch_size: 16 * (config + 1),
      optimizer: 'sgd',
      max_dropout: 0.1 * config,
      max_units: 64 + config,
      num_layers: config === 0 ? true : config + 1,
      learning_rate: 0.01,
      momentum: 0.5,
      weight_decay: 0.001,
    },
  }
}

const text = JSON.stringify({
  adult: Object.fromEntries([0, 1, 2].map((i) => [String(i), entry(i)])),
  higgs: { '0': entry(1) },
}).replaceAll('null', 'NaN')

function file(content: string | Uint8Array): string {
  writeFileSync(join(folder, 'data_2k_lw.json'), content)
  return join(folder, 'data_2k_lw.json')
}

describe('lcbench', { timeout: 120_000 }, () => {
  test.each([
    ['plain', text],
    ['gzipped', gzipSync(text)],
  ])('one data set makes a table (%s)', async (_, content) => {
    const data = await importTable(lcbench, [file(content)], { task: 'adult', licence: 'as published' })
    const table = new SurrogateTable(data)
    expect([table.name, table.rows, table.levels]).toEqual(['lcbench-adult', 3, 50])
    // Neither the record before training nor the one after its end; times count from the first.
    expect([...table.curve('val_accuracy').subarray(0, 3)]).toEqual([50.5, 51, 51.5])
    expect(table.curve('val_accuracy')[49]).toBe(75)
    expect([...data.elapsed.subarray(50, 52)]).toEqual([1.5, 3])
    expect(table.configuration(0)).toMatchObject({ num_layers: 'True', batch_size: 16 })
    expect(table.configuration(2)).toMatchObject({ num_layers: '3', learning_rate: 0.01 })
    expect(Object.keys(table.configuration(0))).not.toContain('optimizer')
    expect([...data.ended]).toEqual([0, 0, 2])
    expect(table.metric('test_accuracy')).toMatchObject({ goal: 'max', split: 'test', unit: '%' })
    expect(table.space['learning_rate']).toEqual({ type: 'float', low: 1e-4, high: 0.1, scale: 'log' })
    expect(data.metadata.provenance).toMatchObject({ task: 'adult', licence: 'as published' })
  })

  test.each([
    ['no task where there are several', {}, /holds several data sets \(adult, higgs/u],
    ['an unknown task', { task: 'adlt' }, /has no data set "adlt"; did you mean "adult"\?/u],
    ['no licence', { task: 'higgs' }, /does not say under which licence/u],
  ])('refused: %s', async (_name, options, message) => {
    await expect(importTable(lcbench, [file(text)], options)).rejects.toThrow(message)
  })

  test.each([
    [
      'a metric that is shorter than the others',
      'Train/test_result',
      51,
      /log\.Train\/val_accuracy 52, .*log\.Train\/test_result 51/u,
    ],
    [
      'a metric that is longer than the others',
      'Train/val_accuracy',
      53,
      /log\.Train\/val_accuracy 53, .*nothing is filled in or cut silently/u,
    ],
    [
      'times that are longer than the metrics',
      'time',
      60,
      /configuration 1: its lists must be equally long, got log\.time 60/u,
    ],
    [
      'a metric that the first configuration lacks',
      'Train/train_accuracy',
      52,
      /configuration 1: has log\.Train\/train_accuracy, unlike/u,
    ],
  ])('refused: %s', async (_name, tag, length, message) => {
    const odd = entry(1) as { log: Record<string, number[]> }
    odd.log[tag] = Array.from({ length }, (_, record) => record + 1)
    const path = file(JSON.stringify({ adult: { '0': entry(0), '1': odd } }))
    await expect(importTable(lcbench, [path], { task: 'adult', licence: 'x' })).rejects.toThrow(message)
  })

  test('refused: something else', async () => {
    const given = { licence: 'x' }
    await expect(importTable(lcbench, [file('[1, 2]')], given)).rejects.toThrow(/neither a list nor an object begins/u)
    await expect(importTable(lcbench, [file('[{"hp": {}}]')], { ...given, task: 'x' })).rejects.toThrow(
      /is no LCBench file.*this is a list/u,
    )
    await expect(importTable(lcbench, [file('{"a": {"0": {"log": {}, "config": {}}}}')], given)).rejects.toThrow(
      /is no LCBench file.*the logs hold none of Train/u,
    )
    await expect(importTable(lcbench, [file(text.slice(0, -20))], { ...given, task: 'adult' })).rejects.toThrow(
      /ends early/u,
    )
  })
})

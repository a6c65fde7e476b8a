/** What no importer may do, a user's own neither: cut values off or fill them in without a word. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { csv } from '../../src/formats/csv.js'
import { exporters } from '../../src/formats/exporters.js'
import { importTable } from '../../src/formats/import-table.js'
import { type FoundTraining, defineImporter } from '../../src/formats/importer.js'
import { importers } from '../../src/formats/index.js'
import type { TableData } from '../../src/surrogates/table-data.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-lengths-'))
afterAll(() => rmSync(folder, { recursive: true }))

const whole = { config: { x: 1 }, repetition: 0, levels: 3, place: (level: number) => `x.txt, level ${level}` }

function load(training: Partial<FoundTraining>): Promise<TableData> {
  const importer = defineImporter({
    summary: 'one training',
    files: 'one',
    read: async () => ({
      metrics: { loss: { goal: 'min' }, error: { goal: 'min' } },
      sha256: {},
      trainings: [{ ...whole, curves: { loss: [3, 2, 1], error: [3, 2, 1] }, elapsed: [1, 2, 3], ...training }],
    }),
  })
  return importTable(importer, ['x.txt'], { name: 'x', source: 'me', licence: 'CC0' })
}

describe("a training's metrics and times", () => {
  test('reach as far as it does; NaN past its end is no value', async () => {
    const { curves, levels } = await load({ curves: { loss: [3, 2, 1], error: [3, 2, 1, Number.NaN] } })
    expect([levels, ...curves['error']!]).toEqual([3, 3, 2, 1])
  })

  test.each([
    [
      { curves: { loss: [3, 2, 1], error: [3, 2] } },
      /"error" must have a value for each of the 3 levels .*, got 2; .*NaN/u,
    ],
    [{ curves: { loss: [3, 2, 1] } }, /"error" must have a value for each of the 3 levels .*, got 0/u],
    [
      { curves: { loss: [3, 2, 1, 0.5], error: [3, 2, 1] } },
      /level 4: metric "loss" must have no value past .*3 levels, got 0\.5/u,
    ],
    [{ elapsed: [1, 2] }, /the elapsed time must have a value for each of the 3 levels/u],
    [{ elapsed: [1, 2, 3, 4] }, /level 4: the elapsed time must have no value past/u],
  ])('refused: %j', async (training, message) => {
    await expect(load(training)).rejects.toThrow(message)
  })
})

test('blackbox-repository: a metric that goes on where times end is refused', async () => {
  const out = join(folder, 'mine')
  await exporters['blackbox-repository']!.write(await load({}), out)
  const values = join(out, 'objectives_evaluations.npy')
  expect(existsSync(values)).toBe(true)
  const bytes = readFileSync(values)
  // The last number of the array is the time of the last level.
  bytes.writeFloatLE(Number.NaN, bytes.length - 4)
  writeFileSync(values, bytes)
  await expect(importTable(importers['blackbox-repository']!, [out], {})).rejects.toThrow(
    /seed 0, level 3: metric "loss" must have no value past the training's 2 levels, got 1;/u,
  )
})

test('csv: columns with one value per training that hold several are refused', async () => {
  const [file, map] = [join(folder, 'x.csv'), join(folder, 'map.json')]
  writeFileSync(file, 'x,epoch,loss,cpu\n1,1,3,5\n1,2,2,5\n1,3,1,9\n')
  const mapping = {
    resource: { column: 'epoch' },
    cpu: 'cpu',
    hyperparameters: { x: {} },
    metrics: { loss: { goal: 'min' } },
    elapsed: { secondsPerLevel: 1 },
  }
  writeFileSync(map, JSON.stringify(mapping))
  await expect(importTable(csv, [file], { map, name: 'x', source: 'me', licence: 'CC0' })).rejects.toThrow(
    /line 4, column "cpu": has one value per training, which was "5" before, got "9"; give every line/u,
  )
})

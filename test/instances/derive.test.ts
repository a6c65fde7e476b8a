import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDerivation } from '../../src/instances/derivation.js'
import { type DeriveOptions, deriveInstances } from '../../src/instances/derive.js'
import type { PriceList } from '../../src/instances/price-list.js'
import { SHIPPED_PRICES } from '../../src/instances/shipped-prices.js'
import { openTable } from '../../src/run/open-table.js'
import type { Metric } from '../../src/surrogates/metadata.js'
import { readTable } from '../../src/surrogates/read.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from '../surrogates/make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-derive-'))
afterAll(() => rmSync(folder, { recursive: true }))

const metrics: Readonly<Record<string, Metric>> = {
  error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
  latency_ms: { goal: 'min', unit: 'ms', split: 'none', kind: 'static' },
  parameters: { goal: 'min', unit: '', split: 'none', kind: 'static' },
}

function recorded(hardware: object, more: Readonly<Record<string, Metric>> = {}): TableData {
  const provenance = {
    kind: 'recorded' as const,
    program: { name: 'trainer/ngram', command: [], sha256: '' },
    hardware: { cpu: 'Some CPU', cores: 1, memoryGiB: 8, platform: 'linux', ...hardware },
    versions: {},
    from: '2026-01-01',
    to: '2026-01-02',
    workers: 1,
  }
  return makeTable({ metrics: { ...metrics, ...more }, metadata: { provenance, pricePerHour: 1 } })
}

const cpu = recorded({})
const throws = (make: () => unknown, message: RegExp): boolean => {
  try {
    make()
    return false
  } catch (error) {
    return message.test(String(error))
  }
}
const derive = (options: DeriveOptions, base = cpu): ReturnType<typeof deriveInstances> =>
  deriveInstances(base, SHIPPED_PRICES, options)
const speeds = (options: DeriveOptions, base = cpu): Record<string, number> =>
  Object.fromEntries(derive(options, base).data.metadata.instances!.types.map(({ name, speed }) => [name, speed]))

describe('the rule for processors', () => {
  it('is the ratio of published clocks; a larger machine is no faster', () => {
    expect(speeds({ families: ['c4'], instances: ['ml.m5.large', 'ml.m5.24xlarge', 'ml.c5.xlarge'] })).toEqual({
      'ml.m5.large': 1,
      'ml.m5.24xlarge': 1,
      'ml.c5.xlarge': 3.4 / 3.1,
      'ml.c4.xlarge': 2.9 / 3.1,
      'ml.c4.2xlarge': 2.9 / 3.1,
      'ml.c4.4xlarge': 2.9 / 3.1,
      'ml.c4.8xlarge': 2.9 / 3.1,
    })
  })

  it('keeps ratios whatever the recorded machine is taken to equal', () => {
    const instances = ['ml.m4.xlarge', 'ml.c5.xlarge']
    const [a, b] = [speeds({ instances }), speeds({ instances, recordedAs: 'm4' })]
    expect(b['ml.m4.xlarge']).toBe(1)
    expect(b['ml.c5.xlarge']! / b['ml.m4.xlarge']!).toBeCloseTo(a['ml.c5.xlarge']! / a['ml.m4.xlarge']!, 12)
    expect(() => derive({ instances, recordedAs: 'm6' })).toThrow(/no published clock of the family "m6"; did you mean/)
  })

  it("divides the parallel part among cores of two vCPUs, by Amdahl's law", () => {
    const instances = ['ml.m5.large', 'ml.m5.xlarge', 'ml.m5.2xlarge']
    const found = speeds({ instances, parallelFraction: 0.5 })
    expect(found['ml.m5.large']).toBe(1)
    expect(found['ml.m5.xlarge']).toBeCloseTo(1 / 0.75, 12)
    expect(found['ml.m5.2xlarge']).toBeCloseTo(1 / 0.625, 12)
    const onTwo = speeds({ instances, parallelFraction: 1 }, recorded({ cores: 2 }))
    expect(onTwo).toEqual({ 'ml.m5.large': 0.5, 'ml.m5.xlarge': 1, 'ml.m5.2xlarge': 2 })
  })
})

describe('the rule for GPUs', () => {
  it('is the ratio of published memory bandwidths', () => {
    const base = recorded({ gpu: 'NVIDIA H100 80GB HBM3' })
    expect(speeds({ instances: ['ml.g4dn.xlarge', 'ml.p3.2xlarge'] }, base)).toEqual({
      'ml.g4dn.xlarge': 320 / 3350,
      'ml.p3.2xlarge': 900 / 3350,
    })
    const { provenance } = derive({ instances: ['ml.g5.xlarge'] }, recorded({ gpu: 'Tesla T4' })).data.metadata
    expect(provenance['rule']).toContain('memory bandwidth')
  })

  // From NVIDIA's data sheets, in GB/s.
  it.each([
    ['Tesla K80', 240],
    ['Tesla V100-SXM2-16GB', 900],
    ['Tesla V100-PCIE-32GB', 900],
    ['NVIDIA A100-SXM4-40GB', 1555],
    ['NVIDIA A100-PCIE-40GB', 1555],
    ['NVIDIA A100 80GB PCIe', 1935],
    ['NVIDIA A100-SXM4-80GB', 2039],
    ['NVIDIA H100 PCIe', 2000],
    ['NVIDIA H100 80GB HBM3', 3350],
    ['NVIDIA H200', 4800],
    ['NVIDIA A10G', 600],
  ])('knows the variant by the name that the driver gives: %s', (gpu, bandwidth) => {
    expect(speeds({ instances: ['ml.p4d.24xlarge'] }, recorded({ gpu }))['ml.p4d.24xlarge']).toBeCloseTo(
      1555 / bandwidth,
      12,
    )
  })

  it.each([
    ['NVIDIA A100', /none of the variants .*\(A100 40GB, A100 80GB PCIe, A100 80GB SXM\); .*--recorded-as "A100 40GB"/],
    ['NVIDIA H100', /none of the variants .*\(H100 PCIe, H100 SXM\)/],
    ['NVIDIA H100 NVL', /none of the variants .*\(H100 PCIe, H100 SXM\)/],
    ['NVIDIA A100-SXM4-40GB MIG 3g.20gb', /none of the variants/],
    ['Tesla V100S-PCIE-32GB', /no published figure is at hand/],
  ])('asks which variant it was rather than guessing: %s', (gpu, message) => {
    expect(() => derive({ instances: ['ml.g5.xlarge'] }, recorded({ gpu }))).toThrow(message)
    const said = speeds({ instances: ['ml.g5.xlarge'], recordedAs: 'A100 80GB SXM' }, recorded({ gpu }))
    expect(said['ml.g5.xlarge']).toBeCloseTo(600 / 2039, 12)
  })

  it('needs a GPU of which a figure is published', () => {
    expect(() => derive({ instances: ['ml.g5.xlarge'] }, recorded({ gpu: 'Some GPU' }))).toThrow(
      /recorded on "Some GPU", of which no published figure is at hand/,
    )
  })
})

describe('cores', () => {
  it('that nobody knows matter only where more of them change something', () => {
    for (const cores of [0, -3]) {
      expect(speeds({ instances: ['ml.c5.xlarge'] }, recorded({ cores }))).toEqual({ 'ml.c5.xlarge': 3.4 / 3.1 })
      expect(() => derive({ instances: ['ml.c5.xlarge'], parallelFraction: 0.2 }, recorded({ cores }))).toThrow(
        `--parallel-fraction needs the number of cores that the table was recorded on, and the table says ${cores}; leave it out`,
      )
    }
  })
})

describe('a derived table', () => {
  const { data, warnings } = derive({ instances: ['ml.c5.xlarge', 'ml.m5.large'], name: 'derived-modelled' })

  it('says how it was made', () => {
    const { provenance, instances, pricePerHour, name } = data.metadata
    expect(warnings).toEqual([])
    expect({ name, pricePerHour }).toEqual({ name: 'derived-modelled', pricePerHour: undefined })
    expect(instances).toEqual({
      hyperparameter: 'instance_type',
      types: [
        { name: 'ml.c5.xlarge', speed: 3.4 / 3.1, usdPerHour: 0.238 },
        { name: 'ml.m5.large', speed: 1, usdPerHour: 0.134 },
      ],
      scaled: ['latency_ms'],
    })
    expect(provenance).toMatchObject({
      kind: 'modelled',
      from: 'synthetic',
      prices: { source: SHIPPED_PRICES.source, date: '2024-03' },
      figures: { c5: { value: 3.4, source: expect.stringContaining('SustainedClockSpeedInGhz') as string } },
      base: { sha256: cpu.checksum, provenance: { kind: 'recorded' } },
    })
    expect(provenance['inputs']).toEqual({
      unit: 'GHz',
      recordedAs: 'm5',
      noted: '2026-11-23',
      figures: [
        { name: 'm5', value: 3.1, source: expect.stringContaining('EC2') as string },
        { name: 'c5', value: 3.4, source: expect.stringContaining('EC2') as string },
      ],
    })
    expect(provenance['rule']).toMatch(
      /m5, 3\.1 GHz.*parallel fraction 0.*Some CPU.*cost = seconds of training x price/,
    )
  })

  it('shares every column with the recorded one, and is itself when written and read', () => {
    expect(data.elapsed).toBe(cpu.elapsed)
    expect(data.curves['error']).toBe(cpu.curves['error'])
    const path = join(folder, 'derived.arrow')
    writeTable(path, data)
    const [before, after] = [new SurrogateTable(data), new SurrogateTable(readTable(path))]
    expect(after.data.metadata.instances).toEqual(data.metadata.instances)
    expect(after.data.metadata.provenance).toEqual(data.metadata.provenance)
    expect(after.configurations).toBe(2 * new SurrogateTable(cpu).configurations)
    expect(after.rows).toBe(cpu.rows)
    for (let i = 0; i < after.configurations; i++) expect(after.configuration(i)).toEqual(before.configuration(i))
    expect(after.range('latency_ms', 'min')).toEqual(before.range('latency_ms', 'min'))
  })

  it('begins with the types that were named and then those of families, each once', () => {
    const { types } = derive({ instances: ['ml.c4.2xlarge'], families: ['c4'] }).data.metadata.instances!
    expect(types.map(({ name }) => name)).toEqual(['ml.c4.2xlarge', 'ml.c4.xlarge', 'ml.c4.4xlarge', 'ml.c4.8xlarge'])
  })
})

describe('what is not known', () => {
  it('is a warning and an unknown cost: a type without a price, and one of which no speed is published', () => {
    const { data, warnings } = derive({ instances: ['ml.m5.8xlarge', 'ml.m9.large', 'ml.m5.large'] })
    expect(data.metadata.instances!.types).toEqual([
      { name: 'ml.m5.8xlarge', speed: 1, usdPerHour: null },
      { name: 'ml.m9.large', speed: 1, usdPerHour: null },
      { name: 'ml.m5.large', speed: 1, usdPerHour: 0.134 },
    ])
    expect(warnings).toEqual([
      expect.stringMatching(/^ml\.m5\.8xlarge: no price is known/),
      'ml.m9.large: there is no published clock of the family "m9", so it is taken to be as fast as the recorded machine',
      expect.stringMatching(/^ml\.m9\.large: no price is known/),
    ])
    expect(data.metadata.provenance['rule']).toMatch(
      /\. Not known, so taken to be as fast as the recorded machine: ml\.m9\.large\.$/,
    )
    expect(derive({ instances: ['ml.m5.8xlarge', 'ml.m5.large'], parallelFraction: 0.5 }).warnings).toEqual([
      expect.stringMatching(/^ml\.m5\.8xlarge: the number of its vCPUs is not known, so it is taken to be as fast /),
      expect.stringMatching(/^ml\.m5\.8xlarge: no price is known/),
    ])
  })

  it("keeps the user's own price of a family of which no clock is published", () => {
    const own: PriceList = {
      source: 'own.csv',
      date: '2026-11',
      types: [
        { name: 'ml.m6i.large', vcpus: 2, memoryGiB: 8, usdPerHour: 0.5, gpus: 0, gpuMemoryGiB: 0, date: '2026-11' },
        { name: 'ml.c5.large', vcpus: 2, memoryGiB: 8, usdPerHour: null, gpus: 0, gpuMemoryGiB: 0 },
      ],
    }
    const { data, warnings, unknown } = deriveInstances(cpu, own, { families: ['m6i', 'c5'] })
    expect(data.metadata.instances!.types).toEqual([
      { name: 'ml.m6i.large', speed: 1, usdPerHour: 0.5 },
      { name: 'ml.c5.large', speed: 3.4 / 3.1, usdPerHour: null },
    ])
    expect(warnings).toEqual([
      'ml.m6i.large: there is no published clock of the family "m6i", so it is taken to be as fast as the recorded machine',
      'ml.c5.large: no price is known (own.csv), so its cost is unknown',
    ])
    expect(unknown).toEqual(warnings)
    expect(data.metadata.provenance['prices']).toEqual({
      source: 'own.csv',
      date: '2026-11',
      dates: { 'ml.m6i.large': '2026-11' },
    })
  })

  it('is what every JavaScript object has, too', () => {
    const names = ['toString', 'constructor', '__proto__', 'valueOf']
    const instances = names.flatMap((name) => [`ml.${name}.large`, name])
    const base = recorded({ gpu: 'Tesla T4' })
    for (const of of [cpu, base]) {
      const { data, warnings } = derive({ instances }, of)
      expect(data.metadata.instances!.types).toEqual(instances.map((name) => ({ name, speed: 1, usdPerHour: null })))
      expect(warnings).toHaveLength(2 * instances.length)
    }
    for (const recordedAs of names) {
      expect(() => derive({ instances: ['ml.m5.large'], recordedAs })).toThrow(
        /^--recorded-as: there is no published clock/,
      )
      expect(() => derive({ instances: ['ml.g5.xlarge'], recordedAs }, base)).toThrow(
        /^--recorded-as: there is no published/,
      )
    }
    expect(derive({ instances, startupSeconds: {} }).data.metadata.instances!.types[0]).not.toHaveProperty(
      'startupSeconds',
    )
  })

  it('has times as recorded and no cost in the table that is made, whatever the name', () => {
    const { data } = derive({ instances: ['odd', 'ml.c5.xlarge'] })
    const table = new SurrogateTable(data)
    expect([...table.instances!.slowness]).toEqual([1, 3.1 / 3.4])
    expect([...table.instances!.usdPerHour]).toEqual([Number.NaN, 0.238])
  })
})

describe('is refused with one line', () => {
  it.each<[string, DeriveOptions, TableData, RegExp]>([
    [
      'GPU from CPU',
      { instances: ['ml.g4dn.xlarge'] },
      cpu,
      /is a GPU type, but the table "synthetic" was recorded on a CPU/,
    ],
    ['a GPU type that is not in the list', { instances: ['ml.p3.99xlarge'] }, cpu, /is a GPU type/],
    [
      'CPU from GPU',
      { instances: ['ml.m5.large'] },
      recorded({ gpu: 'NVIDIA T4' }),
      /is a CPU type.*recorded on a GPU/,
    ],
    ['no hardware', { instances: ['ml.m5.large'] }, makeTable(), /is synthetic and says nothing about the machine/],
    ['an unknown family', { families: ['m55'] }, cpu, /no family "m55"; did you mean "m5"/],
    ['no types', {}, cpu, /name instance types/],
    [
      'a fraction',
      { instances: ['ml.m5.large'], parallelFraction: 2 },
      cpu,
      /--parallel-fraction must be a number from 0 to 1/,
    ],
    [
      'a derived table',
      { instances: ['ml.m5.large'] },
      derive({ instances: ['ml.m5.large'] }).data,
      /has instance types already/,
    ],
  ])('%s', (_, options, base, message) => {
    expect(() => derive(options, base)).toThrow(message)
  })

  it('a name that does not say what it is', () => {
    expect(() => derive({ instances: ['ml.m5.large'], name: 'mine' })).toThrow(
      /the name must contain "modelled", as pictures are labelled with it, got "mine"; e\.g\. mine-modelled/,
    )
    expect(derive({ instances: ['ml.m5.large'] }).data.metadata.name).toBe('synthetic-modelled')
    for (const name of ['not-modelled-but-measured', 'unmodelled', 'nevermodelled', 'remodelled', 'not_modelled'])
      expect([name, () => derive({ instances: ['ml.m5.large'], name })]).toEqual([
        name,
        expect.toSatisfy((make: () => unknown) => throws(make, /the name must contain "modelled"/)) as unknown,
      ])
    expect(derive({ instances: ['ml.m5.large'], name: 'Modelled_2' }).data.metadata.name).toBe('Modelled_2')
  })

  it('a table whose metrics would be hidden or left as they are', () => {
    const options = { instances: ['ml.m5.large'] }
    const with_ = (name: string, unit: string): TableData =>
      recorded({}, { [name]: { goal: 'min', unit, split: 'none', kind: 'curve' } })
    expect(() => derive(options, with_('cost', ''))).toThrow(/has a metric "cost" of its own/)
    expect(() => derive(options, with_('seconds', 's'))).toThrow(
      /a learning curve "seconds" in s, which cannot be scaled/,
    )
    expect(() => derive(options, with_('instance_type', ''))).toThrow(/has a column "instance_type" already/)
  })
})

describe('a derivation', () => {
  const file = (content: string): string => {
    const path = join(folder, 'derivation.json')
    writeFileSync(path, content)
    return path
  }

  it('that ships is made from its recorded table when it is opened', () => {
    const table = new SurrogateTable(openTable('ngram-mrpc-modelled-instances'))
    const base = new SurrogateTable(openTable('ngram-mrpc'))
    expect(table.rows).toBe(base.rows)
    expect(table.configurations).toBe(6 * base.configurations)
    expect(table.data.metadata.provenance).toMatchObject({ kind: 'modelled', from: 'ngram-mrpc' })
    expect(openTable('ngram-mrpc-modelled-instances').checksum).toBe(table.data.checksum)
  })

  it('of a user is found by path', () => {
    const path = file(
      JSON.stringify({ name: 'two-modelled', table: 'ngram-cola', instances: ['ml.c4.xlarge', 'ml.m4.xlarge'] }),
    )
    expect(openTable(path).metadata).toMatchObject({ name: 'two-modelled', provenance: { from: 'ngram-cola' } })
  })

  it.each([
    ['no json', /derivation\.json: cannot be read/],
    ['{"name":"a","table":"b"}', /derivation\.json.*instances/],
    ['{"name":"a","table":"b","instances":["x"],"speed":1}', /derivation\.json.*speed/],
    [
      '{"name":"modelled","table":"t","instances":["ml.m5.large","ml.m9.large"]}',
      /ml\.m9\.large: there is no published clock/,
    ],
  ])('%s is refused', (content, message) => {
    expect(() => openDerivation(file(content), () => cpu)).toThrow(message)
  })
})

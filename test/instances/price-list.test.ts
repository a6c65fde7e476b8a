import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { familyOf, filterInstances, priceOf, readPriceList } from '../../src/instances/price-list.js'
import { SHIPPED_PRICES } from '../../src/instances/shipped-prices.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-prices-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(text: string): string {
  const path = join(folder, 'prices.csv')
  writeFileSync(path, text)
  return path
}

const HEADER = 'instance,vcpu,memory_gib,usd_per_hour,gpus,gpu_memory_gib'

describe('the prices that ship', () => {
  it('are 47 types, each once, with a source and a date', () => {
    const { types, source, date } = SHIPPED_PRICES
    expect(types).toHaveLength(47)
    expect(new Set(types.map(({ name }) => name)).size).toBe(47)
    expect(source).toMatch(/Syne Tune 0\.13.*region not stated/)
    expect(date).toBe('2024-03')
    for (const { vcpus, memoryGiB, usdPerHour, gpus, gpuMemoryGiB } of types) {
      expect(Number.isInteger(vcpus) && vcpus > 0 && memoryGiB > 0 && usdPerHour! > 0).toBe(true)
      expect(gpus > 0).toBe(gpuMemoryGiB > 0)
    }
  })

  it('can be looked up; an unknown type has an unknown price', () => {
    expect(priceOf(SHIPPED_PRICES, 'ml.m5.large')).toBe(0.134)
    expect(priceOf(SHIPPED_PRICES, 'ml.m99.large')).toBeNull()
    expect([familyOf('ml.p3dn.24xlarge'), familyOf('c5.large'), familyOf('odd')]).toEqual(['p3dn', 'c5', 'odd'])
  })

  it('are filtered with both ends included, cheapest first', () => {
    const names = (filter: Parameters<typeof filterInstances>[1]): string[] =>
      filterInstances(SHIPPED_PRICES, filter).map(({ name }) => name)
    expect(names({})).toHaveLength(47)
    expect(names({ gpus: 1, maxUsdPerHour: 1.006 })).toEqual(['ml.g4dn.xlarge', 'ml.g5.xlarge'])
    expect(names({ gpus: 0, minMemoryGiB: 256 })).toEqual(['ml.m4.16xlarge', 'ml.m5.24xlarge'])
    expect(names({ gpus: 3 })).toEqual([])
  })
})

describe('a price list of a user', () => {
  it('is read, in any order of columns; an empty price is unknown and passes no price limit', () => {
    const list = readPriceList(
      file('gpus,instance,vcpu,usd_per_hour,gpu_memory_gib,memory_gib\n0,mine.large,4,,0,16\n1,a,2,0.5,8,7.5\n'),
    )
    expect(list.source).toBe('prices.csv')
    expect(list.date).toBeNull()
    expect(list.types).toEqual([
      { name: 'mine.large', vcpus: 4, memoryGiB: 16, usdPerHour: null, gpus: 0, gpuMemoryGiB: 0 },
      { name: 'a', vcpus: 2, memoryGiB: 7.5, usdPerHour: 0.5, gpus: 1, gpuMemoryGiB: 8 },
    ])
    expect(filterInstances(list).map(({ name }) => name)).toEqual(['a', 'mine.large'])
    expect(filterInstances(list, { maxUsdPerHour: 100 }).map(({ name }) => name)).toEqual(['a'])
  })

  it('says when its prices were published, if it has a column for that', () => {
    const dateOf = (...dates: readonly string[]): string | null =>
      readPriceList(file(`date,${HEADER}\n${dates.map((date, i) => `${date},a${i},2,8,1,0,0\n`).join('')}`)).date
    expect(dateOf('2026-11-23', '2026-11-23')).toBe('2026-11-23')
    expect(dateOf('2026-11', '', '2024-03')).toBe('2024-03 to 2026-11')
    expect(dateOf('')).toBeNull()
    expect(() => dateOf('23.11.2026')).toThrow(
      /line 2: date must be a day, month or year such as .* got "23\.11\.2026"/,
    )
    expect(() => dateOf('2026-13')).toThrow(/line 2: date/)
  })

  it.each([
    ['', /is empty; it needs the header/],
    ['instance,vcpu,memory_gib,price,gpus,gpu_memory_gib\n', /lacks the column "usd_per_hour"/],
    [`${HEADER}\n`, /lists no instance type/],
    [`${HEADER}\na,0,1,1,0,0\n`, /line 2: vcpu must be a whole number from 1 to 1000000, got "0"/],
    [`${HEADER}\na,2.5,1,1,0,0\n`, /line 2: vcpu/],
    [`${HEADER}\na,2,1,-1,0,0\n`, /line 2: usd_per_hour must be a number from 0 to 1000000/],
    [`${HEADER}\na,2,1,0,0,0\n`, /must be more than 0.*leave it empty/],
    [`${HEADER}\na,2,1,NaN,0,0\n`, /line 2: usd_per_hour/],
    [`${HEADER}\na,2,,1,0,0\n`, /line 2: memory_gib/],
    [`${HEADER}\na b,2,1,1,0,0\n`, /line 2: instance must be a name/],
    [`${HEADER}\na,2,1,1,0,0\na,2,1,1,0,0\n`, /line 3: lists "a" twice; leave one of them/],
    [
      `${HEADER}\nml.m5.large,2,1,1,0,0\nML.M5.large,2,1,1,0,0\n`,
      /line 3: lists "ML\.M5\.large" twice, as "ml\.m5\.large" too/,
    ],
    [`${HEADER}\na,0x10,1,1,0,0\n`, /line 2: vcpu .*; write it in decimals, e\.g\. 16/],
    [`${HEADER}\na,2,1,1e2,0,0\n`, /line 2: usd_per_hour .*write it in decimals/],
    [`${HEADER}\na,2,1,1000001,0,0\n`, /line 2: usd_per_hour must be a number from 0 to 1000000/],
    [`${HEADER}\na,2,1,0.000001,0,0\n`, /line 2: usd_per_hour must be US dollars per hour, got "0\.000001"/],
    [`${HEADER}\na,2,1,1,0\n`, /line 2: has 5 cells, and the header names 6 columns/],
    [`${HEADER}\na,2,1,1,0,0,9\n`, /line 2: has 7 cells, and the header names 6 columns/],
    [`${HEADER},usd_per_hour\na,2,1,1,0,0,2\n`, /its header names the column "usd_per_hour" twice/],
    [`${HEADER},currency\na,2,1,1,0,0,EUR\n`, /line 2: currency must be USD, got "EUR"; convert/],
    [`${HEADER},date\na,2,1,1,0,0,2026-02-31\n`, /line 2: date must be a day/],
    [`${HEADER},date\na,2,1,1,0,0,2025-02-29\n`, /line 2: date must be a day/],
    [`${HEADER.replaceAll(',', ';')}\na;2;1;1;0;0\n`, /columns are separated by semicolons; save it with commas/],
  ])('is refused with one line: %j', (text, message) => {
    expect(() => readPriceList(file(text))).toThrow(message)
  })

  it('may say its currency, leap days, and prices of cents', () => {
    const { date, types } = readPriceList(
      file(`${HEADER},currency,date\na,2,1,0.0001,0,0,USD,2024-02-29\nb,2,1,1,0,0,,\n`),
    )
    expect(date).toBe('2024-02-29')
    expect(types.map(({ usdPerHour, date: of }) => [usdPerHour, of])).toEqual([
      [0.0001, '2024-02-29'],
      [1, undefined],
    ])
  })

  it('that is not there is refused', () => {
    expect(() => readPriceList(join(folder, 'none.csv'))).toThrow(/none\.csv: cannot be read/)
  })
})

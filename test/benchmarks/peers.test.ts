/**
 * The benchmark beside Syne Tune, at a small size and not timed. The comparison itself runs where RUNGBENCH_PEERS names a
 * Python that has what benchmarks/peers/requirements.txt says; benchmarks/peers/test.sh makes one.
 */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const python = process.env['RUNGBENCH_PEERS']
if (python === undefined) console.log('Syne Tune 0.14 is not compared: RUNGBENCH_PEERS names no Python that has it')

function compare(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/benchmarks/peers/compare.js', ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr: stderr.trim() }
}

describe('benchmark:peers', () => {
  it.each([
    [[], /^benchmark:peers: --python must name a Python with Syne Tune \S+; make one .*requirements\.txt/u],
    [['--python', '/no/python'], /^benchmark:peers: --python .* cannot be started, got "\/no\/python"; make one/u],
    [['--python', process.execPath], /^benchmark:peers: --python .* has none, got/u],
    [['--python', 'x', 'asha'], /^benchmark:peers: the method must be one of random, .*, got "asha"$/u],
    [['--seeds', '1'], /^benchmark:peers: --seeds must be a whole number >= 2, got "1"$/u],
    [['--seconds', '7'], /^benchmark:peers: --seconds must be a multiple of 5/u],
  ])('says what is wrong with %j', (args, message) => {
    expect(compare(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) as string })
  })

  it.skipIf(python === undefined)(
    'makes as many reports on both sides, and with polls emulated the same ones',
    { timeout: 600_000 },
    () => {
      const sizes = ['--reports', '60', '--runs', '2', '--rounds', '1', '--seeds', '3', '--seconds', '60']
      const { status, stdout, stderr } = compare('--python', python!, ...sizes)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const { speed, curves } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
        speed: { method: string; reports: number[]; syneTune: Cost; rungbench: Cost }[]
        curves: { method: string; seeds: number; equalSeeds: number; polls: number; exact: number; spread: number }[]
      }
      expect(speed.map(({ method }) => method)).toEqual(['random', 'asha-stopping', 'asha-promotion', 'mo-asha'])
      for (const { reports, syneTune, rungbench } of speed) {
        expect(reports).toHaveLength(1)
        expect(reports[0]).toBeGreaterThan(60)
        for (const cost of [syneTune, rungbench])
          expect(
            Object.values(cost)
              .flat()
              .every((value) => value > 0),
          ).toBe(true)
      }
      expect(curves.map(({ method, equalSeeds }) => [method, equalSeeds])).toEqual([
        ['random', 3],
        ['asha-stopping', 3],
        ['asha-promotion', 3],
        ['mo-asha', 3],
      ])
      for (const { polls, exact, spread } of curves)
        expect([polls, exact, spread].every((value) => Number.isFinite(value))).toBe(true)
      // What is printed for people says the same.
      expect(stdout).toContain('| asha-promotion | 0.')
      expect(stdout).toContain('3 of 3 |')
    },
  )
})

interface Cost {
  readonly [figure: string]: number | number[]
}

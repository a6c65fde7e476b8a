import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix, mixedUniform } from '../../../src/core/random.js'
import type { Scheduler } from '../../../src/core/scheduler.js'
import { make, report, start } from './make.js'

const maximum = (scheduler: Scheduler): number => Number(/the maximum is (\d+) of/.exec(scheduler.explain!())![1])

/** Three workers' rounds. `told` is called after every report. */
function run(
  scheduler: Scheduler,
  {
    maxResource,
    trials,
    value,
  }: { maxResource: number; trials: number; value: (trial: number, level: number) => number },
  told: (trial: number, level: number) => void = () => {},
): string[] {
  const jobs: string[] = []
  const reached: number[] = []
  let running: number[] = []
  do {
    while (running.length < 3) {
      if (reached.length === trials && running.length > 0) break
      const job = scheduler.next(reached.length)
      if (typeof job === 'string') break
      const trial = job.kind === 'start' ? reached.push(0) - 1 : job.trial
      jobs.push(`${trial}->${job.until}`)
      running.push(trial)
    }
    running = running.filter((trial) => {
      const level = ++reached[trial]!
      const decision = report(scheduler, trial, level, value(trial, level))
      told(trial, level)
      if (level === maxResource) scheduler.onEnd(trial, 'completed')
      return level < maxResource && decision === 'continue'
    })
  } while (running.length > 0 || (reached.length < trials && jobs.length < 10_000))
  return jobs
}

describe('pasha', () => {
  /** Six trials filed at 1 and two of them promoted to 3, with eta 3 of 27: rungs 1, 3, 9. */
  function promoted(atThree: readonly [number, number], options: object = {}): Scheduler {
    const scheduler = make('pasha', options, { maxResource: 27 })
    start(scheduler, 6)
    for (const [trial, loss] of [1, 2, 3, 4, 5, 6].entries()) report(scheduler, trial, 1, loss)
    expect(scheduler.next(6)).toEqual({ kind: 'resume', trial: 0, until: 3 })
    expect(scheduler.next(6)).toEqual({ kind: 'resume', trial: 1, until: 3 })
    for (const trial of [0, 1]) {
      expect(report(scheduler, trial, 2, trial)).toBe('continue')
      expect(report(scheduler, trial, 3, atThree[trial]!)).toBe('pause')
    }
    return scheduler
  }

  it('goes no further than the second rung while the order stays', () => {
    const scheduler = promoted([0.5, 0.6])
    expect(maximum(scheduler)).toBe(3)
    // ASHA would promote trial 0 to 9.
    expect(scheduler.next(6)).toMatchObject({ kind: 'start' })
    expect(scheduler.explain?.()).toMatch(/the maximum is 3 of 27: the order of 2 trials at 3 and 1 agrees$/)
  })

  it('goes one rung further when the order changes', () => {
    const scheduler = promoted([0.6, 0.5])
    expect(maximum(scheduler)).toBe(9)
    expect(scheduler.next(6)).toEqual({ kind: 'resume', trial: 1, until: 9 })
  })

  it('equal values disagree with nothing', () => {
    expect(maximum(promoted([0.5, 0.5]))).toBe(3)
  })

  it('reaches the maximum resource in the end, and is ASHA then', () => {
    const noisy = (trial: number, level: number): number =>
      mixedUniform(3, trial) + 0.1 * mixedUniform(mix(4, trial), level)
    const scheduler = make('pasha', { reductionFactor: 2 }, { maxResource: 16, trials: 200 })
    const jobs = run(scheduler, { maxResource: 16, trials: 200, value: noisy })
    expect(maximum(scheduler)).toBe(16)
    expect(scheduler.explain?.()).toMatch(/the maximum is 16 of 16$/)
    expect(jobs.filter((job) => job.endsWith('->16')).length).toBeGreaterThan(1)
  })

  it.each([1, 2, 3])('is ASHA with too few rungs to move the maximum (maximum resource %i)', (maxResource) => {
    const value = (trial: number, level: number): number => mixedUniform(mix(1, trial), level)
    const given = { maxResource, trials: 60 }
    const jobs = run(make('pasha', { reductionFactor: 2 }, given), { ...given, value })
    expect(jobs).toEqual(run(make('asha-promotion', { reductionFactor: 2 }, given), { ...given, value }))
  })

  it('never promotes between two rungs with compat', () => {
    const value = (trial: number, level: number): number => mixedUniform(mix(1, trial), level)
    const given = { maxResource: 4, trials: 30 }
    const options = { reductionFactor: 2, compat: 'syne-tune-0.13' }
    const jobs = run(make('pasha', options, given), { ...given, value })
    expect(jobs.every((job) => job.endsWith('->1'))).toBe(true)
    expect(jobs.length).toBe(30)
  })

  it('moves the maximum as a naive version does', () => {
    const reachedMaxima = new Set<number>()
    const setting = fc.record({
      key: fc.nat(),
      grain: fc.constantFrom(4, 64),
      noise: fc.constantFrom(0, 0.25, 1),
      trials: fc.integer({ min: 5, max: 40 }),
      reductionFactor: fc.constantFrom(2, 3),
    })
    fc.assert(
      fc.property(setting, ({ key, grain, noise, trials, reductionFactor }) => {
        const maxResource = 20
        const levels = reductionFactor === 2 ? [1, 2, 4, 8, 16] : [1, 3, 9]
        const value = (trial: number, level: number): number =>
          Math.round(grain * (mixedUniform(key, trial) + noise * mixedUniform(mix(key, trial), level))) / grain
        const scheduler = make('pasha', { reductionFactor }, { maxResource, trials })
        const naive = new NaiveCeiling(levels, maxResource)
        run(scheduler, { maxResource, trials, value }, (trial, level) => {
          if (level < maxResource) naive.report(trial, level, value(trial, level))
          expect(maximum(scheduler)).toBe(naive.maximum)
        })
        reachedMaxima.add(naive.maximum)
      }),
      { numRuns: 150 },
    )
    expect(reachedMaxima.size).toBeGreaterThan(3)
  })
})

/** The maximum of PASHA, computed anew from all reports after each. */
class NaiveCeiling {
  used = 2
  epsilon = 0
  readonly reports: number[][] = []
  constructor(
    readonly levels: readonly number[],
    readonly maxResource: number,
  ) {}

  get maximum(): number {
    return this.levels[this.used - 1] ?? this.maxResource
  }

  report(trial: number, level: number, loss: number): void {
    ;(this.reports[trial] ??= [])[level] = loss
    if (this.used > this.levels.length) return
    const [top, below] = [this.levels[this.used - 1]!, this.levels[this.used - 2]!]
    this.epsilon = percentile90(this.#swapping(below, top)) ?? this.epsilon
    const both = this.reports.filter((losses) => losses[top] !== undefined)
    const inTop = both.toSorted((a, b) => a[top]! - b[top]! || a[below]! - b[below]!)
    const inBelow = both.map((losses) => losses[below]!).toSorted((a, b) => a - b)
    const epsilon = both.length < 2 ? 0 : this.epsilon
    const differs = inTop.some(
      (losses, place) => losses[below]! > inBelow[place]! + epsilon || losses[below]! < inBelow[place]! - epsilon,
    )
    if (differs) this.used++
  }

  #swapping(below: number, top: number): number[] {
    const curves = this.reports.map((losses) => losses.slice(1, top + 1)).filter(({ length }) => length > below)
    return curves.flatMap((a, i) =>
      curves.slice(i + 1).flatMap((b) => {
        const last = Math.min(a.length, b.length) - 1
        const order = a.slice(0, last + 1).map((loss, at) => Math.sign(loss - b[at]!))
        const changes = order.filter((sign) => sign !== 0).filter((sign, at, signs) => at > 0 && sign !== signs[at - 1])
        return changes.length < 2 ? [] : [Math.abs(a[last]! - b[last]!)]
      }),
    )
  }
}

function percentile90(distances: number[]): number | undefined {
  if (distances.length === 0) return undefined
  const sorted = distances.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * 0.9
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  const g = at - Math.floor(at)
  return g < 0.5 ? low + (high - low) * g : high - (high - low) * (1 - g)
}

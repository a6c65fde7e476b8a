/** What a model-based searcher is told: a tiny one, on the simulator, under schedulers that stop, pause and resume. */
import { describe, expect, it } from 'vitest'
import { mix, mixedUniform } from '../../../src/core/random.js'
import { limitTrials } from '../../../src/core/limited-searcher.js'
import type { Searcher, Suggestion } from '../../../src/core/searcher.js'
import type { Config } from '../../../src/core/space.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import { TableSource } from '../../../src/surrogates/table-source.js'
import { drive } from '../../backends/simulated/drive.js'
import { makeTable } from '../../surrogates/make-table.js'

/** Waits for the first report, then goes on to the row nearest to the best one so far. Writes down what it is told. */
class Nearest implements Searcher {
  readonly told: string[] = []
  /** Running trials, with the level up to which each will run. */
  readonly pending = new Map<number, number>()
  waits = 0
  readonly #configs: Config[] = []
  readonly #used = new Set<number | string>()
  #best: { config: Config; loss: number } | undefined

  constructor(readonly source: TableSource) {}

  suggest(): Suggestion {
    if (this.#best === undefined && this.#configs.length > 0) {
      this.waits++
      return 'wait'
    }
    const from = this.#best?.config ?? this.source.all().next().value
    const config = this.source.nearest(from!, (key) => !this.#used.has(key))
    if (config !== undefined) this.#used.add(this.source.key(config))
    return config
  }

  onStart(trial: number, config: Config, until: number): void {
    this.#configs[trial] = config
    this.pending.set(trial, until)
    this.told.push(`start ${trial} until ${until}`)
  }

  onResume(trial: number, until: number): void {
    if (this.pending.has(trial)) throw new Error(`resumed the running trial ${trial}`)
    this.pending.set(trial, until)
    this.told.push(`resume ${trial} until ${until}`)
  }

  onReport(trial: number, resource: number, [value]: Float64Array): void {
    if (resource > this.pending.get(trial)!)
      throw new Error(`trial ${trial} was to run until ${this.pending.get(trial)}`)
    this.told.push(`report ${trial}@${resource}`)
    if (this.#best === undefined || value! < this.#best.loss)
      this.#best = { config: this.#configs[trial]!, loss: value! }
  }

  onEnd(trial: number, state: string): void {
    if (!this.pending.delete(trial)) throw new Error(`trial ${trial} ended twice`)
    this.told.push(`${state} ${trial}`)
  }
}

const table = makeTable({
  levels: 9,
  configurations: 25,
  repetitions: 1,
  value: ({ configuration, level }) =>
    configuration === 11 && level === 2 ? Number.NaN : mixedUniform(mix(7, configuration), level) + 1 / level,
})

/** The recorder's view of the same run, in the searcher's words; `until` is checked apart. */
function recorded(all: readonly string[]): string[] {
  return all.flatMap((line) => {
    const [, ...words] = line.split(' ')
    const [first, second] = words
    if (first === 'start' || first === 'resume') return [`${first} ${second}`]
    if (!first!.includes('@')) return [`${first} ${second}`]
    const trial = first!.split('@')[0]
    const report = `report ${first}`
    if (second === 'pause') return [report, `paused ${trial}`]
    if (second === 'stop') return [report, `stopped ${trial}`]
    return [report]
  })
}

describe.each(['asha-stopping', 'asha-promotion'] as const)('a searcher that waits, under %s', (scheduler) => {
  const searcher = new Nearest(new TableSource(new SurrogateTable(table)))
  const { all, tuner } = drive(table, {
    scheduler,
    searcher,
    workers: 3,
    simulation: { stopDelay: 0.5, startup: 1 },
  })

  it('is told of every start, resumption, report and end, in order, and of nothing else', () => {
    const told = searcher.told.map((line) => line.replace(/ until \d+$/, '').replace('diverged', 'stopped'))
    expect(told).toEqual(recorded(all))
    expect(searcher.told.some((line) => line.startsWith('diverged'))).toBe(true)
    expect(searcher.told.some((line) => line.startsWith('completed'))).toBe(true)
    expect(searcher.told.some((line) => line.startsWith('resume'))).toBe(scheduler === 'asha-promotion')
    expect(tuner.trials).toBe(25)
    expect(searcher.pending.size).toBe(0)
  })

  it('is asked again after the first report, and fills all workers then', () => {
    expect(searcher.waits).toBeGreaterThan(0)
    const report = searcher.told.findIndex((line) => line.startsWith('report'))
    expect(searcher.told.slice(0, report)).toHaveLength(1)
    const others = searcher.told.slice(report + 1).filter((line) => /^(start|report|completed)/.test(line))
    expect(others.slice(0, 2).map((line) => line.split(' ')[0])).toEqual(['start', 'start'])
  })

  it('knows up to which level each trial runs', () => {
    const untils = new Set(searcher.told.flatMap((line) => / until (\d+)$/.exec(line)?.[1] ?? []))
    // Trials are stopped on their way to the maximum, or paused at rungs 1 and 3.
    expect([...untils].toSorted()).toEqual(scheduler === 'asha-promotion' ? ['1', '3', '9'] : ['9'])
  })
})

describe('a limit on trials', () => {
  it('passes everything on, and does not count a wait as a trial', () => {
    const searcher = new Nearest(new TableSource(new SurrogateTable(table)))
    const limited = limitTrials(searcher, 6)
    const { tuner } = drive(table, { scheduler: 'asha-promotion', searcher: limited, workers: 2 })
    expect(tuner.trials).toBe(6)
    expect(searcher.waits).toBeGreaterThan(0)
    expect(searcher.told.filter((line) => line.startsWith('start'))).toHaveLength(6)
    expect(searcher.told.some((line) => line.startsWith('resume'))).toBe(true)
    expect(searcher.pending.size).toBe(0)
  })
})

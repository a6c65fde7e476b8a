/** Laws of a whole run on the simulator: time, budgets, delays, faults and diverged trainings. */
import * as fc from 'fast-check'
import { mix, mixedUniform } from '../../core/random.js'
import type { SchedulerDefinition } from '../../core/schedulers/definition.js'
import { tableOf } from '../table-of.js'
import { traceOf } from '../trace-of.js'
import type { Trace } from '../trace.js'
import { METRICS, type Pair } from './play.js'

/** One run on the simulator. */
export interface SimulatorSetting {
  readonly seed: number
  readonly workers: number
  readonly trials: number
  readonly levels: number
  /** Whether delays, faults, lost checkpoints and diverged trainings occur. */
  readonly disturbed: boolean
}

export const simulatorSettings: fc.Arbitrary<SimulatorSetting> = fc.record({
  seed: fc.nat(1000),
  workers: fc.integer({ min: 1, max: 5 }),
  trials: fc.integer({ min: 1, max: 20 }),
  levels: fc.integer({ min: 1, max: 9 }),
  disturbed: fc.boolean(),
})

const CONFIGURATIONS = 20

/** @throws Error if a law of the simulator is broken */
export function checkOnSimulator(pair: Pair, setting: SimulatorSetting): void {
  const trace = simulate(pair, setting)
  const fail = (what: string): never => {
    throw new Error(`${what}\n${trace.lines.slice(-15).join('\n')}`)
  }
  if (String(simulate(pair, setting)) !== String(trace)) fail('the same seed decides differently')
  const { summary, steps } = trace
  if (summary.reason !== 'exhausted' && summary.reason !== 'trials') fail(`the run ends because of ${summary.reason}`)
  if (summary.trials < 1 || summary.trials > setting.trials) fail(`${summary.trials} of ${setting.trials} trials ran`)
  const ended = new Set<number>()
  const running = new Set<number>()
  const reached: number[] = []
  let time = 0
  for (const { time: now, trial, kind, level, values } of steps) {
    if (now < time) fail(`time goes back to ${now}`)
    time = now
    // Of the trial that is copied: it may have ended.
    if (kind === 'copy') continue
    if (ended.has(trial)) fail(`trial ${trial} runs again after it ended`)
    if (kind === 'start') reached[trial] = level
    if (kind === 'start' || kind === 'resume') running.add(trial)
    else if (!running.has(trial)) fail(`trial ${trial} reports while it does not run`)
    if (running.size > setting.workers) fail(`${running.size} trials run on ${setting.workers} workers`)
    if (values.length > 0) {
      if (level <= reached[trial]!) fail(`trial ${trial} reports level ${level} twice`)
      reached[trial] = level
      if (!values.every((value) => Number.isFinite(value)) && level < setting.levels && kind !== 'stop')
        fail(`trial ${trial} goes on after NaN`)
    }
    if (kind === 'stop' || kind === 'completed' || kind === 'failed') ended.add(trial)
    if (kind !== 'start' && kind !== 'resume' && kind !== 'continue') running.delete(trial)
  }
  if (running.size > 0) fail(`trial ${[...running].join()} never ends`)
}

function simulate({ scheduler, options, searcher, searcherOptions }: Pair, setting: SimulatorSetting): Trace {
  const { seed, workers, trials, levels, disturbed } = setting
  const metrics = scheduler.objectives === 'all' ? METRICS.slice(0, 2 + (seed % 2)) : METRICS.slice(0, 1)
  const u = (a: number, b: number): number => mixedUniform(mix(seed, a), b)
  const table = tableOf({
    levels,
    configurations: CONFIGURATIONS,
    metrics: Object.fromEntries(metrics.map((metric, i) => [metric, (seed + i) % 2 === 0 ? 'min' : 'max'] as const)),
    value: ({ configuration, level, metric }) =>
      diverges(setting, configuration, level) ? Number.NaN : u(configuration, level * 10 + metric.length),
    seconds: ({ configuration, level }) => level * (1 + Math.floor(u(configuration, 77) * 4)),
  })
  return traceOf({ type: noMoreThan(trials, scheduler), ...options }, table, seed, {
    workers,
    searcher: { type: searcher, ...searcherOptions },
    objectives: metrics.map((metric) => ({ metric })),
    budget: { trials },
    ...(disturbed && {
      simulation: {
        startup: 0.5,
        stopDelay: 0.25,
        resultDelay: 0.125,
        checkpointSave: 0.25,
        checkpoints: scheduler.copies === true || seed % 3 > 0,
        faults: { rate: 0.1, kind: seed % 2 === 0 ? 'fail' : 'lost' },
      },
    }),
  })
}

/** A scheduler that starts more trials than were announced would never come to an end. */
function noMoreThan(trials: number, definition: SchedulerDefinition): SchedulerDefinition {
  return {
    ...definition,
    create(options, context) {
      const inner = definition.create(options, context)
      return {
        next(trial) {
          const job = inner.next(trial)
          if (typeof job !== 'string' && job.kind === 'start' && trial >= trials)
            throw new Error(
              `trial ${trial} starts, but only ${trials} were announced (maxTrials; the searcher is used up)`,
            )
          return job
        },
        onReport: (trial, resource, values) => inner.onReport(trial, resource, values),
        onEnd: (trial, state) => inner.onEnd(trial, state),
      }
    },
  }
}

/** Some configurations report NaN from some level on. */
function diverges({ seed, disturbed }: SimulatorSetting, configuration: number, level: number): boolean {
  return disturbed && level > mix(mix(seed, configuration), 5) % 60
}

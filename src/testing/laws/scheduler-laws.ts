/** The law suite of a scheduler as plain data: what to check, under which name, or why it is left out. */
import * as fc from 'fast-check'
import type { z } from 'zod'
import { BenchError, messageOf, show } from '../../core/errors.js'
import type { Goal } from '../../core/objective.js'
import type { SchedulerDefinition, SchedulerLaws } from '../../core/schedulers/definition.js'
import type { SearcherDefinition } from '../../core/searchers/definition.js'
import { searchers } from '../../core/searchers/index.js'
import { type Law, declaredLaws, requiredLaws } from './laws.js'
import type { Setting } from './chance-backend.js'
import type { Pair } from './play.js'
import { checkOnSimulator, simulatorSettings } from './simulator-laws.js'

export interface LawOptions {
  /** How many made-up runs each law is checked on, default 50; fewer where many combinations are checked. */
  readonly runs?: number
  /** Of the draws of runs, to see a failure again; default another one every time. */
  readonly seed?: number
  /** Searchers beside the random one under which the laws that bind every scheduler are checked. Default none. */
  readonly searchers?: Readonly<Record<string, SearcherDefinition>>
}

/** One check. */
export interface LawCheck {
  /** The settings of the scheduler, or the searcher it is checked with. */
  readonly group: string
  readonly name: string
  /** Why this law does not hold, in the words of the definition; it is not checked then. */
  readonly skipped?: string
  /** @throws Error with the smallest run that breaks the law */
  run(): void
}

const goal = fc.constantFrom<Goal>('min', 'max')

/** Made-up runs for a scheduler that ranks by the first objective, or by two or three. */
function settingsFor({ objectives }: SchedulerDefinition): fc.Arbitrary<Setting> {
  return fc.record({
    key: fc.nat(),
    maxResource: fc.integer({ min: 1, max: 12 }),
    workers: fc.integer({ min: 1, max: 4 }),
    trials: fc.integer({ min: 1, max: 25 }),
    grain: fc.constantFrom(4, 1 << 20),
    goals: objectives === 'all' ? fc.array(goal, { minLength: 2, maxLength: 3 }) : fc.tuple(goal),
    disturbed: fc.boolean(),
  })
}

/**
 * All laws of a scheduler: with its defaults and each of its variants under the random searcher, with its defaults under
 * other searchers, and on the simulator.
 *
 * @example
 * for (const { group, name, skipped, run } of lawsOf(definition)) test(`${group}: ${name}`, { skip: skipped }, run)
 * @throws BenchError if it is no definition
 */
export function lawsOf(definition: SchedulerDefinition, options: LawOptions = {}): LawCheck[] {
  checkDefinition(definition)
  const { runs = 50, seed } = options
  const random = searchers.random as unknown as SearcherDefinition
  const settings = settingsFor(definition)
  const checks: LawCheck[] = []
  const add = (group: string, pair: Pair, laws: readonly Law[], count: number): void => {
    for (const law of laws) {
      const reason = reasonAgainst(law, pair)
      checks.push({
        group,
        name: law.name,
        ...(reason !== undefined && { skipped: reason }),
        run: () => assert(settings, (setting) => law.check(pair, setting), count, seed),
      })
    }
  }
  const variants = [{}, ...(definition.variants ?? [])]
  for (const [i, variant] of variants.entries()) {
    const pair = { scheduler: definition, options: variant, searcher: random, searcherOptions: {} }
    const group = i === 0 ? 'defaults' : JSON.stringify(variant)
    const count = i === 0 ? runs : Math.ceil(runs / 2)
    add(group, pair, [...requiredLaws, ...declaredLaws], count)
    checks.push({
      group,
      name: 'on the simulator: with delays, faults and diverged trainings',
      run: () => assert(simulatorSettings, (setting) => checkOnSimulator(pair, setting), Math.ceil(count / 4), seed),
    })
  }
  for (const [name, searcher] of Object.entries(options.searchers ?? {}))
    for (const searcherOptions of [{}, ...(searcher.variants ?? [])]) {
      const pair = { scheduler: definition, options: {}, searcher, searcherOptions }
      const group = `with the searcher ${name} ${JSON.stringify(searcherOptions)}`
      checks.push({
        group,
        name: 'what binds every scheduler',
        run() {
          for (const law of requiredLaws)
            assert(settings, (setting) => named(law, () => law.check(pair, setting)), Math.ceil(runs / 10), seed)
        },
      })
    }
  return checks
}

/** @throws BenchError naming what a definition lacks; from untyped code anything may come, a module's namespace for one */
function checkDefinition(given: unknown): void {
  const { options, laws, create } = Object(given) as {
    options?: Partial<z.ZodObject>
    laws?: unknown
    create?: unknown
  }
  const lacks = [
    typeof options?.parse === 'function' ? [] : ['options (a zod schema)'],
    typeof laws === 'object' && laws !== null ? [] : ['laws'],
    typeof create === 'function' ? [] : ['create()'],
  ].flat()
  if (lacks.length > 0)
    throw new BenchError(
      `lawsOf needs the definition of a scheduler, got ${show(given)} without ${lacks.join(', ')}; ` +
        'give what defineScheduler returns',
    )
}

/** Where several laws are one check, a breach says which it is. */
function named(law: Law, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (error instanceof Error) error.message = `${law.name}: ${error.message}`
    throw error
  }
}

function reasonAgainst(law: Law, pair: Pair): string | undefined {
  if (law.declared === undefined) return law.skip?.(pair)
  const { laws } = pair.scheduler
  const declared: SchedulerLaws[keyof SchedulerLaws] =
    law.declared === 'rescale' ? (laws.rescale ?? laws.monotone) : laws[law.declared]
  return declared === true ? undefined : declared
}

/** Draws runs; of those that break the law the smallest is told. */
function assert<T>(
  settings: fc.Arbitrary<T>,
  check: (setting: T) => void,
  numRuns: number,
  seed: number | undefined,
): void {
  const property = fc.property(settings, (setting) => {
    check(setting)
  })
  const {
    failed,
    counterexample,
    errorInstance,
    seed: drawn,
  } = fc.check(property, {
    numRuns,
    ...(seed !== undefined && { seed }),
  })
  if (!failed) return
  const run = JSON.stringify(counterexample?.[0])
  throw new Error(`${messageOf(errorInstance)}\nin the run ${run}; { seed: ${drawn} } draws it again`, {
    cause: errorInstance,
  })
}

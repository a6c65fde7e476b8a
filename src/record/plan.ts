/** The trainings of a recording: which configurations, with which seeds, in which order. */
import { SpaceSource, UniqueDraws } from '../core/config-source.js'
import { BenchError } from '../core/errors.js'
import { type Random, RandomStreams, mix } from '../core/random.js'
import { type Config, type Space, configKey, constant } from '../core/space.js'
import type { Recording, RecordingGroup } from './recording.js'

/** One training. */
export interface Training {
  /** Position in the table: sorted by (configuration, repetition). */
  readonly index: number
  /** Position in {@link Plan.configurations}. */
  readonly configuration: number
  /** 0, 1, ... within a configuration */
  readonly repetition: number
  /** What the program gets as its seed; see {@link trainingSeed}. */
  readonly seed: number
  readonly config: Config
}

/** All trainings of a recording. */
export interface Plan {
  /** Distinct; the default first, then the groups in their order. */
  readonly configurations: readonly Config[]
  /** By {@link Training.index}. */
  readonly trainings: readonly Training[]
  /** The order in which they are run: a seeded shuffle, so that a machine that slows down favours no configuration. */
  readonly order: readonly number[]
  /**
   * The same trainings, a configuration's repetitions together: the default first, which every comparison needs, then the
   * others in a seeded shuffle. What is finished when time runs out is a random sample of whole configurations.
   */
  readonly wholeOrder: readonly number[]
}

/**
 * The seed of a repetition, the same for every configuration of a recording, so that repetitions are paired: 31 bits
 * mixed from the recording's seed and the repetition.
 */
export function trainingSeed(recordingSeed: number, repetition: number): number {
  return mix(new RandomStreams(recordingSeed).key('training'), repetition) >>> 1
}

/** Expands the plan of a recording; the same recording gives the same trainings. @throws BenchError if a group is too small */
export function planRecording(recording: Recording): Plan {
  const { plan, space, defaultConfig } = recording
  const random = new RandomStreams(plan.seed)
  const inSpaceOrder = (config: Config): Config =>
    Object.freeze(Object.fromEntries(Object.keys(space).map((name) => [name, config[name]!])))
  const configurations = [inSpaceOrder(defaultConfig)]
  const taken = new Set([configKey(defaultConfig)])
  for (const [i, group] of plan.groups.entries()) {
    const source = new SpaceSource(fixedSpace(space, group))
    const wanted = plan.draw === 'grid' ? source.size : group.configurations!
    if (!Number.isFinite(wanted))
      throw new BenchError(
        `recording ${recording.name}: plan.groups.${i} is no grid: a real hyperparameter varies; fix it or draw "random"`,
      )
    const draws =
      plan.draw === 'grid'
        ? source.all()[Symbol.iterator]()
        : iterator(new UniqueDraws(source, random.stream(`configurations/${configKey(group.fixed as Config)}`)))
    let drawn = 0
    while (drawn < wanted) {
      const next = draws.next()
      if (next.done === true) break
      const key = configKey(next.value)
      if (taken.has(key)) continue
      taken.add(key)
      configurations.push(inSpaceOrder(next.value))
      drawn++
    }
    if (plan.draw === 'random' && drawn < wanted)
      throw new BenchError(
        `recording ${recording.name}: plan.groups.${i} has only ${drawn} configurations that are not taken, ` +
          `${wanted} were asked for; lower configurations`,
      )
  }
  const trainings: Training[] = []
  for (const [configuration, config] of configurations.entries()) {
    const repetitions = configuration === 0 ? plan.defaultRepetitions : plan.repetitions
    for (let repetition = 0; repetition < repetitions; repetition++)
      trainings.push({
        index: trainings.length,
        configuration,
        repetition,
        seed: trainingSeed(plan.seed, repetition),
        config,
      })
  }
  const order = shuffled(trainings.length, random.stream('order'))
  const others = shuffled(configurations.length - 1, random.stream('order of configurations'))
  const first = configurations.map((_, i) => (i === 0 ? 0 : plan.defaultRepetitions + (i - 1) * plan.repetitions))
  const wholeOrder = [0, ...others.map((i) => i + 1)].flatMap((i) =>
    trainings.slice(first[i], first[i + 1] ?? trainings.length).map(({ index }) => index),
  )
  return { configurations, trainings, order, wholeOrder }
}

function shuffled(length: number, stream: Random): number[] {
  const order = Array.from({ length }, (_, index) => index)
  for (let i = order.length - 1; i > 0; i--) {
    const j = stream.int(i + 1)
    const other = order[i]!
    order[i] = order[j]!
    order[j] = other
  }
  return order
}

function fixedSpace(space: Space, group: RecordingGroup): Space {
  const fixed = group.fixed as Partial<Config>
  return Object.fromEntries(
    Object.entries(space).map(([name, domain]) => [name, fixed[name] === undefined ? domain : constant(fixed[name])]),
  )
}

function* iterator(draws: UniqueDraws): Generator<Config, undefined> {
  for (let config = draws.next(); config !== undefined; config = draws.next()) yield config
  return undefined
}

/** Makes searchers for tests, and lists what they suggest. */
import { type ConfigSource, SpaceSource } from '../../../src/core/config-source.js'
import type { Objective } from '../../../src/core/objective.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { Searcher } from '../../../src/core/searcher.js'
import { type SearcherDefinition, searchers } from '../../../src/core/searchers/index.js'
import type { Config, Space } from '../../../src/core/space.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import { TableSource } from '../../../src/surrogates/table-source.js'
import { makeTable } from '../../surrogates/make-table.js'

export interface Make {
  readonly seed?: number | string
  readonly objectives?: number
  readonly maxResource?: number
  /** Default: the first configuration of the source. */
  readonly defaultConfig?: Config
}

export const objectives = (count: number): Objective[] =>
  Array.from({ length: count }, (_, i) => ({ metric: `loss${i}`, goal: 'min', report: `loss${i}` }))

export function makeSearcher(
  type: keyof typeof searchers,
  options: object,
  from: Space | ConfigSource,
  make: Make = {},
): Searcher {
  const source = 'draw' in from ? (from as ConfigSource) : new SpaceSource(from as Space)
  const definition = searchers[type] as unknown as SearcherDefinition
  const random = new RandomStreams(make.seed ?? 0)
  return definition.create(definition.options.parse(options), {
    source,
    defaultConfig: make.defaultConfig ?? source.draw(random.stream('default')),
    objectives: objectives(make.objectives ?? 1),
    maxResource: make.maxResource ?? 1,
    random,
  })
}

/** The first suggestions; fewer if the space is used up. */
export function take(searcher: Searcher, count: number): Config[] {
  const configs: Config[] = []
  while (configs.length < count) {
    const config = searcher.suggest()
    if (config === undefined) break
    if (config === 'wait') throw new Error('waits')
    configs.push(config)
  }
  return configs
}

/** A source of a table with these rows. */
export function rows(space: Space, configurations: readonly Config[]): TableSource {
  return new TableSource(new SurrogateTable(makeTable({ space, configurations, repetitions: 1 })))
}

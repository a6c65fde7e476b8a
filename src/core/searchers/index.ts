/** The searchers by name. To add one: a file beside this one, and an entry here. */
import type { z } from 'zod'
import type { Searcher, SearcherContext } from '../searcher.js'
import { FixedSearcher, fixedOptions } from './fixed.js'
import { RandomSearcher, randomOptions } from './random.js'

/** What the registry knows about a searcher. */
export interface SearcherDefinition<O extends z.ZodObject = z.ZodObject> {
  readonly summary: string
  readonly reference: string
  readonly options: O
  create(options: z.infer<O>, context: SearcherContext): Searcher
}

function searcher<O extends z.ZodObject>(definition: SearcherDefinition<O>): SearcherDefinition<O> {
  return definition
}

export const searchers = {
  random: searcher({
    summary: 'Random draws from the search space, after configurations to try first.',
    reference: 'Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization',
    options: randomOptions,
    create: (options, context) => new RandomSearcher(options, context),
  }),
  fixed: searcher({
    summary: 'One fixed configuration, by default the default one, once or again and again.',
    reference: 'none: a baseline',
    options: fixedOptions,
    create: (options, context) => new FixedSearcher(options, context),
  }),
}

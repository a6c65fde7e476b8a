/** What a registry knows about a searcher. Each searcher's file exports one; `index.ts` lists them. */
import type { z } from 'zod'
import type { Searcher, SearcherContext } from '../searcher.js'

/** A searcher as it is registered, or given to an experiment by value or by module path. */
export interface SearcherDefinition<O extends z.ZodObject = z.ZodObject> {
  /** One sentence for lists. */
  readonly summary: string
  /** The paper, or the system whose behaviour this is. */
  readonly reference: string
  /** Options with their defaults; each `.describe`s itself. */
  readonly options: O
  /** Settings beside the defaults under which the laws are tested. */
  readonly variants?: readonly z.input<O>[]
  create(options: z.infer<O>, context: SearcherContext): Searcher
}

/** Types a definition by its options. */
export function defineSearcher<O extends z.ZodObject>(definition: SearcherDefinition<O>): SearcherDefinition<O> {
  return definition
}

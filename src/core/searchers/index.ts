/** The searchers by name. To add one: a file beside this one that exports its definition, and a line here. */
import { fixed } from './fixed.js'
import { random } from './random.js'

export { type SearcherDefinition, defineSearcher } from './definition.js'

export const searchers = {
  random,
  fixed,
}

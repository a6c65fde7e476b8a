/** Every scheduler of the registry is held to the laws, under every searcher of the registry: a new entry at once. */
import type { SearcherDefinition } from '../../src/core/searchers/index.js'
import { searchers } from '../../src/core/searchers/index.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { schedulerLaws } from '../../src/testing/vitest.js'

const all = searchers as unknown as Record<string, SearcherDefinition>
for (const [name, definition] of Object.entries(schedulers))
  schedulerLaws(name, definition, { runs: 30, searchers: all })

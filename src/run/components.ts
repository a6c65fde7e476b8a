/** Finds schedulers and searchers: in the registries, in a module of the user's, or given by value. */
import { BenchError, messageOf, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { type SchedulerDefinition, schedulers } from '../core/schedulers/index.js'
import { type SearcherDefinition, searchers } from '../core/searchers/index.js'
import { importModule } from './import-module.js'

/** The scheduler of a type. @throws BenchError with the nearest known name */
export async function findScheduler(type: string | SchedulerDefinition): Promise<SchedulerDefinition> {
  return (await find(
    type,
    schedulers as unknown as Record<string, SchedulerDefinition>,
    'scheduler',
  )) as SchedulerDefinition
}

/** The searcher of a type. @throws BenchError with the nearest known name */
export async function findSearcher(type: string | SearcherDefinition): Promise<SearcherDefinition> {
  return (await find(
    type,
    searchers as unknown as Record<string, SearcherDefinition>,
    'searcher',
  )) as SearcherDefinition
}

async function find(
  type: string | SchedulerDefinition | SearcherDefinition,
  known: Readonly<Record<string, SchedulerDefinition | SearcherDefinition>>,
  role: string,
): Promise<SchedulerDefinition | SearcherDefinition> {
  if (typeof type !== 'string') return type
  if (Object.hasOwn(known, type)) return known[type]!
  if (!type.startsWith('file:'))
    throw new BenchError(`unknown ${role} ${show(type)}${suggestion(type, Object.keys(known))}`)
  let module: { default?: unknown }
  try {
    module = await importModule(type)
  } catch (error) {
    throw new BenchError(`the ${role} module ${type} cannot be loaded: ${messageOf(error)}`, { cause: error })
  }
  const definition = module.default as Partial<SchedulerDefinition> | undefined
  if (typeof definition?.create !== 'function' || typeof definition.options?.safeParse !== 'function')
    throw new BenchError(
      `the ${role} module ${type} must default-export { summary, reference, options, create }; see "add a ${role}" in CONTRIBUTING.md`,
    )
  return definition as SchedulerDefinition
}

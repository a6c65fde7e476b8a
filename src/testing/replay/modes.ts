/** Which registered scheduler, with which options, made the decisions of a recorded case. */
import { BenchError, invalid, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import type { Goal } from '../../core/objective.js'
import type { RunCase } from './recorded.js'

/** How a recorded case is decided again. */
export interface ReplayMode {
  /** Name in the registry. */
  readonly scheduler: string
  readonly options: Readonly<Record<string, unknown>>
  /** One per objective. */
  readonly goals: readonly Goal[]
  /** Whether its levels are not rounded. */
  readonly realLevels: boolean
  /** Whether the recorded answer at the maximum level is S(top) by definition; here such a trial completes. */
  readonly stopsAtMaximum: boolean
}

type Params = RunCase['params']
type Mode = (params: Params) => { scheduler: string; options: Record<string, unknown>; stopsAtMaximum?: boolean }

function asha({ grace_period: gracePeriod, reduction_factor: reductionFactor }: Params): Record<string, unknown> {
  if (gracePeriod === undefined || reductionFactor === undefined)
    throw new BenchError('params must have grace_period and reduction_factor')
  return { gracePeriod, reductionFactor }
}
const ashaOf13 = (params: Params): Record<string, unknown> => ({ ...asha(params), compat: 'syne-tune-0.13' })
/** Reports are filed at one level, the highest open one, and the last one once more at the end. */
const ashaOf15 = (params: Params): Record<string, unknown> => ({ ...asha(params), skipped: 'late', refileLast: true })

/** The priorities of recorded MO-ASHA. The first is the reference's default, which takes an order for ranks. */
const priorities: Readonly<Record<string, Record<string, unknown>>> = {
  nondominated: { priority: 'nondominated', compat: 'syne-tune' },
  nondominated_ranked: { priority: 'nondominated' },
  linear: { priority: 'linear' },
  fixed0: { priority: 'fixed', objective: 0 },
}
function moAsha(params: Params): ReturnType<Mode> {
  const name = String(params['priority'])
  const priority = Object.hasOwn(priorities, name) ? priorities[name] : undefined
  if (priority === undefined)
    throw invalid('params.priority', name, `must be one of ${Object.keys(priorities).join(', ')}`)
  return { scheduler: 'mo-asha-stopping', options: { ...ashaOf15(params), ...priority, scale: 'none' } }
}

const modes: Readonly<Record<string, Mode>> = {
  asha_stopping: (params) => ({ scheduler: 'asha-stopping', options: { ...ashaOf13(params), skipped: 'ignore' } }),
  asha_promotion: (params) => ({ scheduler: 'asha-promotion', options: { ...ashaOf13(params), skipped: 'ignore' } }),
  'asha_stopping_0.15': (params) => ({ scheduler: 'asha-stopping', options: { ...ashaOf15(params), rule: 'rank' } }),
  rush_stopping: (params) => ({
    scheduler: 'rush-stopping',
    options: { ...ashaOf13(params), skipped: 'ignore', candidates: params['num_threshold_candidates'] },
  }),
  rush_promotion: (params) => ({
    scheduler: 'rush-promotion',
    options: { ...ashaOf13(params), skipped: 'ignore', candidates: params['num_threshold_candidates'] },
  }),
  pasha: (params) => ({ scheduler: 'pasha', options: ashaOf13(params) }),
  pasha_sorted: (params) => ({ scheduler: 'pasha', options: ashaOf13(params) }),
  moasha: moAsha,
  moasha_ranked: moAsha,
  median: (params) => ({
    scheduler: 'median-stopping',
    options: {
      runningAverage: params['running_average'],
      graceTime: params['grace_time'],
      gracePopulation: params['grace_population'],
      rankCutoff: params['rank_cutoff'],
    },
    stopsAtMaximum: false,
  }),
}

/** The mode of a case. @throws BenchError for a scheduler of which no decisions can be replayed */
export function replayMode({ id, scheduler, params }: RunCase): ReplayMode {
  if (!Object.hasOwn(modes, scheduler))
    throw new BenchError(
      `case ${show(id)}: decisions of ${show(scheduler)} cannot be replayed${suggestion(scheduler, Object.keys(modes))}`,
    )
  const goals = Array.isArray(params.mode) ? params.mode : [params.mode]
  const several = scheduler.startsWith('moasha')
  if (!several && goals.length > 1)
    throw invalid(`case ${show(id)}: params.mode`, goals, `must be one goal for ${scheduler}`)
  const mode = modes[scheduler]!(params)
  return { stopsAtMaximum: true, realLevels: mode.options['skipped'] === 'late', ...mode, goals }
}

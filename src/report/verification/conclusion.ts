/** Does what the simulation concluded stand with real values? Comparison by comparison, then in one word. Pure. */
import type { Manifest } from '../../store/manifest.js'
import type { RunSet, RunSummary } from '../../store/run-set.js'
import { digestOf } from '../../store/run-log.js'
import { type Comparison, compareRuns, verdictOf, whyUnclaimed } from '../comparison.js'
import { formatPercent, formatSize, plural } from '../format.js'

export type Standing = 'stands' | 'contradicted' | 'cannot be said'

/** One comparison, as simulated and as it came out. */
export interface ComparedConclusion {
  readonly table: string
  readonly workers: number
  readonly method: string
  readonly baseline: string
  readonly simulated: Comparison
  /** undefined where there is no real run of the two. */
  readonly real: Comparison | undefined
  readonly standing: Standing
  /** In words. */
  readonly why: string
}

/** Runs as a set that comparisons can be made of. */
export function setOf(runs: readonly RunSummary[], details?: RunSet['details']): RunSet {
  return {
    runs,
    ...(details && { details }),
    failures: [],
    digest: digestOf(runs.map(({ digest }) => digest)),
    simulatedSeconds: runs.reduce((sum, { simulatedSeconds }) => sum + simulatedSeconds, 0),
    reports: runs.reduce((sum, { reports }) => sum + reports, 0),
  }
}

/**
 * @param missing why nothing can be said of a comparison whatever its numbers, if so
 */
export function compareConclusions(
  manifests: { readonly simulated: Manifest; readonly real: Manifest },
  simulated: RunSet,
  real: RunSet,
  missing: (comparison: Comparison) => string | undefined = () => undefined,
): ComparedConclusion[] {
  const others = compareRuns(manifests.real, real).flatMap(({ comparisons }) => comparisons)
  return compareRuns(manifests.simulated, simulated).flatMap(({ comparisons }) =>
    comparisons.map((one): ComparedConclusion => {
      const { table, workers, method, baseline } = one
      const other = others.find((each) => keyOf(each) === keyOf(one))
      const lacking = missing(one)
      const [standing, why] = lacking === undefined ? standingOf(one, other) : (['cannot be said', lacking] as const)
      return { table, workers, method, baseline, simulated: one, real: other, standing, why }
    }),
  )
}

/**
 * A claim is an interval that excludes 0. It stands where the real interval makes the same claim, and is contradicted where
 * that makes the opposite one or excludes what the simulation found; where the simulation claimed nothing, that stands unless
 * the real interval lies wholly outside the simulated one. Everything else cannot be said.
 */
export function standingOf(simulated: Comparison, real: Comparison | undefined): readonly [Standing, string] {
  const [was, now] = [simulated.relativeImprovement, real?.relativeImprovement]
  if (real === undefined || now === undefined || real.seeds === 0) return ['cannot be said', 'no real run of the two']
  if (was.mean === null || now.mean === null) return ['cannot be said', 'no relative improvement is defined']
  if (was.ci95 === null) return ['cannot be said', 'the simulation has no interval']
  if (now.ci95 === null) return ['cannot be said', `no interval over ${plural(real.seeds, 'real seed')}`]
  if ([simulated, real].some((one) => whyUnclaimed(one) === 'survivors'))
    return ['cannot be said', 'in some seeds one of the two has no result']
  const [before, after] = [verdictOf(simulated), verdictOf(real)]
  const found = `${formatPercent(now.mean)} for real`
  if (before === 'open') {
    const apart = now.ci95[0] > was.ci95[1] || now.ci95[1] < was.ci95[0]
    if (apart) return ['contradicted', `no difference in the simulation, ${found}, outside its interval`]
    return [
      'stands',
      after === 'open' ? 'no difference is shown either way' : `left open by the simulation, ${after} for real`,
    ]
  }
  if (after === before)
    return ['stands', `${before} both ways: ${formatSize(was.mean)} simulated, ${formatSize(now.mean)} real`]
  if (after !== 'open') return ['contradicted', `${before} in the simulation, ${after} for real`]
  if (was.mean < now.ci95[0] || was.mean > now.ci95[1])
    return ['contradicted', `the real interval excludes the simulated ${formatPercent(was.mean)}`]
  return [
    'cannot be said',
    `the real interval over ${plural(real.seeds, 'seed')} holds both 0 and the simulated ${formatPercent(was.mean)}`,
  ]
}

/** Of all comparisons: contradicted if one is, else unknown if one is. */
export function overall(conclusions: readonly ComparedConclusion[]): Standing {
  const found = new Set(conclusions.map(({ standing }) => standing))
  if (found.has('contradicted')) return 'contradicted'
  return found.has('cannot be said') || found.size === 0 ? 'cannot be said' : 'stands'
}

function keyOf({ table, workers, method, budget }: Comparison): string {
  return JSON.stringify([table, workers, method, budget])
}

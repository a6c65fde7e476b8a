/** A searcher that is used up after a number of configurations: how a limit on the number of trials reaches any scheduler. */
import type { Searcher } from './searcher.js'

/** `searcher` with at most `trials` suggestions; hooks are passed on. */
export function limitTrials(searcher: Searcher, trials: number): Searcher {
  let left = trials
  return {
    suggest() {
      if (left <= 0) return undefined
      const suggestion = searcher.suggest()
      if (suggestion !== 'wait') left--
      return suggestion
    },
    ...(searcher.onStart && { onStart: searcher.onStart.bind(searcher) }),
    ...(searcher.onResume && { onResume: searcher.onResume.bind(searcher) }),
    ...(searcher.onReport && { onReport: searcher.onReport.bind(searcher) }),
    ...(searcher.onEnd && { onEnd: searcher.onEnd.bind(searcher) }),
  }
}

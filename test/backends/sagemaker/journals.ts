/** What the journals of runs on SageMaker say, and what a fresh scheduler makes of it. */
import { SpaceSource } from '../../../src/core/config-source.js'
import { limitTrials } from '../../../src/core/limited-searcher.js'
import { RandomStreams } from '../../../src/core/random.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import { searchers } from '../../../src/core/searchers/index.js'
import type { Config, Space } from '../../../src/core/space.js'
import { type JournalReplay, replayJournal } from '../../../src/run/replay-events.js'
import { type RunEvent, runEvent } from '../../../src/store/journal-recorder.js'
import { readJournal } from '../../../src/store/journal.js'
import type { Emulator } from '../../sagemaker/emulator/emulator.js'

/** What a run of seed 0 is decided by; the one objective is `loss`. */
export interface Given {
  readonly scheduler: 'asha-stopping' | 'asha-promotion'
  readonly options: object
  readonly space: Space
  readonly defaultConfig: Config
  readonly maxResource: number
  readonly trials: number
}

export function eventsOf(journal: string): RunEvent[] {
  return readJournal(journal).entries.flatMap((line) => runEvent(line) ?? [])
}

/** What a fresh scheduler decides at the events of a journal. */
export function decidedAgain(events: readonly RunEvent[], given: Given): JournalReplay {
  const { space, defaultConfig, maxResource, trials } = given
  const objectives = [{ metric: 'loss', goal: 'min', report: 'loss' }] as const
  const context = { source: new SpaceSource(space), objectives, maxResource, random: new RandomStreams(0) }
  const options = searchers.random.options.parse({})
  const searcher = limitTrials(searchers.random.create(options, { ...context, defaultConfig }), trials)
  const definition = schedulers[given.scheduler]
  const parsed = definition.options.parse(given.options) as never
  const scheduler = definition.create(parsed, { ...context, searcher, maxTrials: trials })
  return replayJournal(events, { scheduler, searcher, objectives, maxResource })
}

/** Levels by trial, in the order of their reports. */
export function levelsOf(events: readonly RunEvent[]): number[][] {
  const levels: number[][] = []
  for (const event of events) {
    if (event.event === 'start') levels[event.trial] = []
    if (event.event === 'report') levels[event.trial]!.push(event.resource)
  }
  return levels
}

/** As many levels, each once and in order. */
export const inOrder = (levels: readonly number[]): number[] => levels.map((_, i) => i + 1)

/** Pairs of jobs of one trial that ran at the same time. */
export function doubled(emulator: Emulator): string[] {
  const jobs = [...emulator.sagemaker.jobs.values()].sort((a, b) => a.created - b.created)
  const trialOf = (name: string): string => /-t(\d+)-/.exec(name)![1]!
  return jobs.flatMap((job, i) =>
    jobs
      .slice(i + 1)
      .filter(({ name, created }) => trialOf(name) === trialOf(job.name) && created < (job.ended ?? Infinity))
      .map(({ name }) => `${job.name} and ${name}`),
  )
}

/** What the journals of runs on SageMaker say, and what a fresh scheduler makes of it. */
import { SpaceSource } from '../../../src/core/config-source.js'
import type { Objective } from '../../../src/core/objective.js'
import { limitTrials } from '../../../src/core/limited-searcher.js'
import { RandomStreams } from '../../../src/core/random.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import { searchers } from '../../../src/core/searchers/index.js'
import type { Config, Space } from '../../../src/core/space.js'
import type { Cell } from '../../../src/run/cell.js'
import { type JournalReplay, replayJournal } from '../../../src/run/replay-events.js'
import { type RunEvent, runEvent } from '../../../src/store/journal-recorder.js'
import { readJournal } from '../../../src/store/journal.js'
import type { Emulator } from '../../sagemaker/emulator/emulator.js'

/** What a run of seed 0 is decided by; the one objective is `loss`. */
export interface Given {
  readonly scheduler: 'asha-stopping' | 'asha-promotion' | 'population-based-training'
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
  const { scheduler, options, trials, ...rest } = given
  const objectives: Objective[] = [{ metric: 'loss', goal: 'min', report: 'loss' }]
  const stop = { trials }
  return decidedInCell(events, {
    ...rest,
    objectives,
    stop,
    scheduler: { type: scheduler, options: schedulers[scheduler].options.parse(options) as object as Options },
    searcher: { type: 'random', options: searchers.random.options.parse({}) },
  })
}

type Options = Cell['scheduler']['options']
type Deciding = 'scheduler' | 'searcher' | 'space' | 'defaultConfig' | 'objectives' | 'maxResource' | 'stop'

/** The same for a run of seed 0 of a plan's cell. */
export function decidedInCell(events: readonly RunEvent[], cell: Pick<Cell, Deciding>): JournalReplay {
  const { space, defaultConfig, objectives, maxResource, stop } = cell
  const context = { source: new SpaceSource(space), objectives, maxResource, random: new RandomStreams(0) }
  const drawing = searchers[cell.searcher.type as keyof typeof searchers]
  const searcher = limitTrials(
    drawing.create(cell.searcher.options as never, { ...context, defaultConfig }),
    stop.trials!,
  )
  const definition = schedulers[cell.scheduler.type as keyof typeof schedulers]
  const maxTrials = stop.trials!
  const scheduler = definition.create(cell.scheduler.options as never, { ...context, searcher, maxTrials })
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

/** The journal of a recording: a header that says what is recorded, then one line per session and per training. */
import { z } from 'zod'
import { BenchError } from '../core/errors.js'
import { firstDifference } from '../core/first-difference.js'
import { type Journal, type JournalLine, JournalWriter, readJournal } from '../store/journal.js'
import type { Machine } from './machine.js'
import { overlaps } from './overlaps.js'
import type { TrainingResult } from './training-result.js'

const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0']).transform(Number)])
const texts = z.record(z.string(), z.string())

const headerSchema = z.object({
  journal: z.literal('rungbench-recording'),
  version: z.literal(1),
  recording: z.string(),
  /** `recordingKey` of the recording. */
  key: z.string(),
  program: z.string(),
  data: texts,
  /** On SageMaker: a tag of all its training jobs, and part of their names. */
  jobs: z.string().optional(),
  /** On SageMaker: what of its configuration makes trainings what they are. Journals that were begun before it was kept lack it. */
  settings: z.record(z.string(), z.unknown()).optional(),
  /** On SageMaker: addresses instead of the public ones. */
  endpoints: z.record(z.string(), z.string().optional()).optional(),
})
/** What a recording's trainings have in common. */
export type RecordingHeader = z.infer<typeof headerSchema>

const sessionSchema = z.object({
  event: z.literal('session'),
  at: z.string(),
  workers: z.number(),
  // Further entries are kept: a driver on a GPU machine says what GPUs it used.
  hardware: z.looseObject({
    cpu: z.string(),
    cores: z.number(),
    memoryGiB: z.number(),
    platform: z.string(),
    gpu: z.string().optional(),
  }),
  versions: texts,
  driver: z.string().optional(),
  env: texts.optional(),
})
/** One run of the recorder. */
export interface RecordingSession extends Machine {
  readonly event: 'session'
  /** ISO 8601, UTC */
  readonly at: string
  readonly workers: number
  /** What ran the trainings, where it was not this package. */
  readonly driver?: string | undefined
  /** What the user added to the environment of trainings. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

const trainingSchema = z.object({
  event: z.literal('training'),
  index: z.int().nonnegative(),
  configuration: z.int().nonnegative(),
  repetition: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  config: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  ended: z.enum(['completed', 'diverged', 'failed']),
  reason: z.string(),
  reached: z.int().nonnegative(),
  curves: z.record(z.string(), z.array(number)),
  statics: z.record(z.string(), number),
  elapsed: z.array(number),
  elapsedSource: z.enum(['elapsed_time', 'st_worker_time', 'arrival', 'log']),
  startup: number,
  startupSource: z.enum(['startup_time', 'arrival', 'none', 'service', 'service-and-log']),
  cpu: number,
  data: z.record(z.string(), z.unknown()).optional(),
  startedAt: z.string(),
  endedAt: z.string(),
  worker: z.int().nonnegative(),
  load: z.tuple([number, number]),
  shared: z.int().nonnegative().optional(),
  device: z.string().min(1).optional(),
})
/** One finished training. */
export interface RecordedTraining extends TrainingResult {
  readonly event: 'training'
  readonly index: number
  readonly configuration: number
  readonly repetition: number
  readonly seed: number
  readonly config: Readonly<Record<string, number | string | boolean>>
  /** What the program said about its data, where this differs from the training before. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** ISO 8601, UTC */
  readonly startedAt: string
  readonly endedAt: string
  readonly worker: number
  /** Load average of the machine at start and end. */
  readonly load: readonly [number, number]
  /** Most other trainings that ran on the same device at any moment of it; 0: it had the device to itself. */
  readonly shared: number
  /** What it ran on, e.g. `cpu` or `cuda:0`, where that is known. */
  readonly device?: string | undefined
  /** Which of {@link RecordedJournal.sessions} it ran in; not part of its line. */
  readonly session: number
}

const aloneSchema = z.object({
  ...trainingSchema.omit({ ended: true, reached: true, curves: true, cpu: true, data: true }).shape,
  event: z.literal('alone'),
  ended: z.enum(['completed', 'failed']),
})
/** One training of the pass in which nothing ran beside it: its times, no curves. */
export interface AloneTraining extends Omit<
  RecordedTraining,
  'event' | 'ended' | 'reached' | 'curves' | 'cpu' | 'data' | 'session'
> {
  readonly event: 'alone'
  /** `completed`: as many levels as that pass was to measure. */
  readonly ended: 'completed' | 'failed'
}

/** A recording's journal as read. */
export interface RecordedJournal {
  readonly header: RecordingHeader
  readonly sessions: readonly RecordingSession[]
  /** In the order in which they ended; a training that was retried occurs again. */
  readonly trainings: readonly RecordedTraining[]
  /** In the order in which they ended. */
  readonly alone: readonly AloneTraining[]
}

/** Reads the journal of a recording. @throws BenchError if it is none or damaged */
export function readRecordingJournal(path: string): RecordedJournal {
  return parseJournal(path, readJournal(path))
}

/**
 * Opens the journal of a recording to go on, or begins it.
 *
 * @throws BenchError if it belongs to another program, other data or another plan
 */
export function openRecordingJournal(
  path: string,
  header: RecordingHeader,
): { readonly writer: JournalWriter; readonly journal: RecordedJournal } {
  const accept = (journal: Journal): void => {
    const difference = differenceOf(parseJournal(path, journal).header, header)
    if (difference !== undefined)
      throw new BenchError(
        `journal ${path} was recorded with ${difference}; record to another file or delete it to start over`,
      )
  }
  const { writer, journal } = JournalWriter.open(path, header, { accept })
  return { writer, journal: parseJournal(path, journal) }
}

/** In words what differs between two recordings, or undefined. */
export function differenceOf(was: RecordingHeader, is: RecordingHeader): string | undefined {
  if (was.recording !== is.recording) return `the recording "${was.recording}", not "${is.recording}"`
  if (was.program !== is.program)
    return `another version of the program (sha256 ${was.program.slice(0, 12)}..., now ${is.program.slice(0, 12)}...)`
  const changed = dataDifference(was.data, is.data)
  if (changed !== undefined) return changed
  if (was.key !== is.key) return 'another plan, space or set of arguments'
  const setting = was.settings && firstDifference(was.settings, JSON.parse(JSON.stringify(is.settings ?? {})))
  return setting && `another configuration (${setting})`
}

/** In words which data file differs, or undefined. */
export function dataDifference(
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): string | undefined {
  const file = [...Object.keys(was), ...Object.keys(is)].find((name) => was[name] !== is[name])
  if (file === undefined) return undefined
  const short = (sum: string | undefined): string => (sum === undefined ? 'not used' : `sha256 ${sum.slice(0, 12)}...`)
  return `other data (${file}: ${short(was[file])}, now ${short(is[file])})`
}

function parseJournal(path: string, journal: Journal): RecordedJournal {
  const header = headerSchema.safeParse(journal.header)
  if (!header.success) throw new BenchError(`${path} is not the journal of a recording`)
  const sessions: RecordingSession[] = []
  const trainings: RecordedTraining[] = []
  const alone: AloneTraining[] = []
  let lines: TrainingLine[] = []
  const endSession = (): void => {
    const session = sessions.length - 1
    for (const line of withShared(lines)) trainings.push({ ...line, session })
    lines = []
  }
  for (const [i, entry] of journal.entries.entries()) {
    if (entry['event'] === 'session') {
      endSession()
      sessions.push(parse(sessionSchema, entry, path, i) as RecordingSession)
    } else if (sessions.length === 0) {
      throw new BenchError(`journal ${path} is damaged: line ${i + 2}: a training before the first session`)
    } else if (entry['event'] === 'alone') {
      alone.push(parse(aloneSchema, entry, path, i) as AloneTraining)
    } else lines.push(parse(trainingSchema, entry, path, i) as TrainingLine)
  }
  endSession()
  return { header: header.data, sessions, trainings, alone }
}

/** A line as read: journals that were begun before `shared` was kept lack it. */
type TrainingLine = Omit<RecordedTraining, 'shared' | 'session'> & { readonly shared?: number | undefined }

/** The lines of a session with `shared`, counted from their times where they lack it. */
function withShared(trainings: readonly TrainingLine[]): Omit<RecordedTraining, 'session'>[] {
  const counted = overlaps(
    trainings.map(({ startedAt, endedAt }) => [Date.parse(startedAt), Date.parse(endedAt)] as const),
  )
  return trainings.map((training, i) => ({ ...training, shared: training.shared ?? counted[i]! }))
}

function parse(schema: z.ZodType, entry: JournalLine, path: string, index: number): unknown {
  const parsed = schema.safeParse(entry)
  if (parsed.success) return parsed.data
  const { path: field, message } = parsed.error.issues[0]!
  // Lines are counted from 1 and the first is the header.
  throw new BenchError(`journal ${path} is damaged: line ${index + 2}: ${field.join('.')}: ${message}`)
}

/** The journal of a verification: a header, then a line per session and per training, so that nothing is trained twice. */
import { z } from 'zod'
import { BenchError } from '../../core/errors.js'
import { dataDifference } from '../../record/record-journal.js'
import { type Journal, JournalWriter } from '../../store/journal.js'

const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0']).transform(Number)])
const numbers = z.array(number)

const header = z.object({
  journal: z.literal('rungbench-verify'),
  version: z.literal(1),
  /** Of the manifest. */
  key: z.string(),
  /** By table: checksums of program and data. */
  tables: z.record(z.string(), z.object({ program: z.string(), data: z.record(z.string(), z.string()) })),
})
export type VerifyHeader = z.infer<typeof header>

const training = z.object({
  event: z.literal('training'),
  table: z.string(),
  row: z.int().nonnegative(),
  until: z.int().positive(),
  reached: z.int().nonnegative(),
  failure: z.string(),
  startup: number,
  elapsed: numbers,
  curves: z.record(z.string(), numbers),
  statics: z.record(z.string(), number),
  /** Seconds that it took, from its start to its end. */
  seconds: number,
})
/** One training as it came out for real. */
export type RealTraining = z.infer<typeof training>

/** Opens the journal to go on, or begins it. @throws BenchError if it is of another run, program or data */
export function openVerifyJournal(
  path: string,
  is: VerifyHeader,
): { writer: JournalWriter; trainings: RealTraining[] } {
  const accept = (journal: Journal): void => {
    const was = header.safeParse(journal.header)
    const difference = was.success ? differenceOf(was.data, is) : 'something else'
    if (difference !== undefined)
      throw new BenchError(`${path} holds trainings of ${difference}; remove its folder to verify anew`)
  }
  const { writer, journal } = JournalWriter.open(path, is, { accept })
  const trainings = journal.entries.map((line, i) => {
    const parsed = training.safeParse(line)
    if (parsed.success) return parsed.data
    writer.close()
    throw new BenchError(`journal ${path} is damaged: line ${i + 2}: ${parsed.error.issues[0]!.message}`)
  })
  return { writer, trainings }
}

function differenceOf(was: VerifyHeader, is: VerifyHeader): string | undefined {
  if (was.key !== is.key) return 'another run'
  for (const [table, { program, data }] of Object.entries(is.tables)) {
    const before = was.tables[table]
    if (before?.program !== program) return `another version of the program of ${table}`
    const changed = dataDifference(before.data, data)
    if (changed !== undefined) return changed
  }
  return undefined
}

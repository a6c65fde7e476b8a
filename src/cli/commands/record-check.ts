/** `bench record --check`: trains rows of a table again and compares. */
import { BenchError } from '../../core/errors.js'
import { plural } from '../../report/format.js'
import { interruptible } from '../interrupt.js'
import { resourcesGiven } from '../local-flags.js'
import { type RecordFlags, checkData, optionName } from '../record-flags.js'
import type { Session } from '../session.js'

export async function checkTable(
  table: string,
  name: string | undefined,
  flags: RecordFlags,
  session: Session,
): Promise<number> {
  const { terminal } = session
  for (const option of ['out', 'limit', 'allowPartial', 'alone'] as const)
    if (flags[option] !== undefined) throw new BenchError(`${optionName(option)} is for recording, not for --check`)
  const { findTable, loadRecording } = await import('../../run/catalogue.js')
  const { readTable } = await import('../../surrogates/read.js')
  const { checkRecordedTable, describeDifference } = await import('../../record/check.js')
  const data = readTable(findTable(table))
  const { name: tableName, provenance } = data.metadata
  if (provenance.kind !== 'recorded')
    throw new BenchError(`table ${tableName} is ${provenance.kind}, not recorded; there is nothing to train again`)
  const recording = await loadRecording(name ?? tableName)
  checkData(recording, flags.data)
  const rows = flags.rows ?? 5
  let trained = 0
  const check = (signal: AbortSignal): ReturnType<typeof checkRecordedTable> =>
    checkRecordedTable({
      table: data,
      recording,
      dataDir: flags.data,
      rows,
      workers: flags.workers,
      resources: resourcesGiven(flags),
      timeLimit: flags.trialTimeout,
      signal,
      onRow: ({ row, difference, timeRatio, timeAgrees }) => {
        trained++
        const metrics = difference === undefined ? 'equal' : `DIFFERS: ${describeDifference(difference)}`
        const times = Number.isNaN(timeRatio)
          ? ''
          : `; ${timeRatio.toFixed(2)} times the seconds${timeAgrees ? '' : ' (more than a factor of two)'}`
        terminal.err(`row ${row}: ${metrics}${times}\n`)
      },
    })
  const result = await interruptible(check, {
    onFirst: () => terminal.err('\nstopping\n'),
    hint: () => `${trained} of ${plural(rows, 'row')} were checked`,
    finished: ({ rows: checked }) => checked.length >= Math.min(rows, data.rows),
  })
  const count = result.rows.length
  // One training may meet a busy moment of the machine; the median says whether the recorded times still hold here.
  const ratios = result.rows.map(({ timeRatio }) => timeRatio).filter((ratio) => !Number.isNaN(ratio))
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 1
  const timesHold = median >= 0.5 && median <= 2
  terminal.out(
    `${result.equal} of ${plural(count, 'row')} trained again came out equal to the last bit; the median training took ` +
      `${median.toFixed(2)} times the recorded seconds${timesHold ? '' : ', more than a factor of two off'}\n`,
  )
  return result.equal === count && timesHold ? 0 : 1
}

/** `bench record NAME`: trains what its journal does not hold yet, and writes the table. */
import type { RecordOptions, RecordResult } from '../../record/record.js'
import type { Recording } from '../../record/recording.js'
import { formatDuration, plural } from '../../report/format.js'
import { quoted } from '../arguments.js'
import { interruptible } from '../interrupt.js'
import { resourcesGiven } from '../local-flags.js'
import { ProgressBar } from '../progress.js'
import { type RecordFlags, checkData, checkOut } from '../record-flags.js'
import type { Session } from '../session.js'

export async function recordTable(name: string, flags: RecordFlags, session: Session): Promise<number> {
  const { terminal } = session
  const { loadRecording } = await import('../../run/catalogue.js')
  const recorder = await import('../../record/record.js')
  const loaded: Recording = await loadRecording(name)
  const out = flags.out ?? `${loaded.name}.arrow`
  checkOut(out)
  const bar = new ProgressBar(terminal.errIsTerminal ? terminal.raw.err : undefined, 'trainings')
  const onWarning = (text: string): void => {
    bar.clear()
    terminal.err(`${text}\n`)
  }
  const { recording, place } =
    flags.backend === 'sagemaker'
      ? await (
          await import('./record-on-sagemaker.js')
        ).begin(loaded, { ...flags, config: flags.config!, out, onWarning }, terminal)
      : { recording: loaded, place: undefined }
  if (place === undefined) checkData(recording, flags.data)
  const again = [terminal.command, ...session.argv.map((argument) => quoted(argument))].join(' ')
  const options: RecordOptions = {
    recording,
    dataDir: flags.data,
    workers: flags.workers ?? 1,
    resources: resourcesGiven(flags),
    timeLimit: flags.trialTimeout,
    out,
    allowPartial: flags.allowPartial,
    aloneLevels: flags.alone && (flags.aloneLevels ?? recording.resource.levels),
    onWarning,
    place,
  }
  let ended = 0
  const work = (signal: AbortSignal): Promise<RecordResult> => {
    const limit = new AbortController()
    signal.addEventListener('abort', () => limit.abort())
    return recorder.record({
      ...options,
      signal: limit.signal,
      onProgress: ({ done, total, failed, secondsLeft }) => {
        if (ended === 0) bar.begin(done - 1)
        ended++
        bar.update(done, total, failed === 0 ? '' : `  ${failed} failed`)
        if (!terminal.errIsTerminal && (done === total || done % 100 === 0))
          terminal.err(`${done}/${total} trainings, ${formatDuration(Math.ceil(secondsLeft))} left\n`)
        if (ended === flags.limit) limit.abort()
      },
    })
  }
  let result: RecordResult
  try {
    result = await interruptible(work, {
      onFirst: () =>
        terminal.err(
          place === undefined
            ? '\nstopping; what is finished is kept\n'
            : `\nstopping all training jobs; Ctrl-C again leaves them running: stop them with ${terminal.command} stop ${quoted(out)}\n`,
        ),
      hint: () => `what is finished is kept, go on with: ${again}`,
      finished: ({ status, alone }) =>
        (alone === undefined ? status === 'complete' : alone.done === alone.total) || ended === flags.limit,
    })
  } finally {
    bar.clear()
  }
  const { done, total, failed, table, lacks, journal, alone } = result
  if (alone !== undefined) {
    terminal.out(`${alone.done} of ${plural(alone.total, 'configuration')} measured alone\n`)
    if (alone.failed > 0) terminal.err(`bench: ${plural(alone.failed, 'configuration')} failed; see ${journal}\n`)
  }
  const look = table === undefined ? '' : `Look at it: ${terminal.command} show ${quoted(table)}\n`
  terminal.out(
    lacks === undefined
      ? `${plural(done, 'training')} recorded in ${table}\n${look}`
      : `${done} of ${plural(total, 'training')} recorded; they are in ${journal}\n` +
          (flags.allowPartial === undefined ? '' : `${table ?? 'No table was written'}: ${lacks}\n${look}`) +
          `Go on: ${again}\n`,
  )
  if (failed > 0) terminal.err(`bench: ${plural(failed, 'training')} failed; the journal says why: ${journal}\n`)
  return failed > 0 ? 1 : 0
}

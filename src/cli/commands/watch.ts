/** `bench watch`: how a run on real processes or training jobs gets on, seen from another terminal. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { BenchError } from '../../core/errors.js'
import type { DirectoryView } from '../../report/live/directory-view.js'
import { quoted } from '../arguments.js'
import { endEarlyInterrupt } from '../early-interrupt.js'
import { type Session, examples, printJson } from '../session.js'

interface WatchFlags {
  readonly once?: true
  readonly json?: true
}

/** A run whose manifest is younger than this is taken to be about to begin; milliseconds. */
const ABOUT_TO_BEGIN = 30_000

export function addWatch(program: Command, session: Session): void {
  program
    .command('watch')
    .description('follow a run with --backend local or sagemaker from another terminal')
    .argument('<dir>', 'its run directory')
    .option('--once', 'print where it stands, and end')
    .option('--json', 'with --once: print it as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['watch results/my-run', 'until all runs are finished; Ctrl-C leaves the run alone'],
        ['watch results/my-run --once', 'where it stands now'],
        ['watch results/my-run > progress.log', 'a line with its time for whatever happens'],
      ]),
    )
    .action(async (directory: string, flags: WatchFlags) => {
      session.exitCode = await watchRun(directory, flags, session)
    })
}

async function watchRun(directory: string, { once, json }: WatchFlags, session: Session): Promise<number> {
  if (json === true && once !== true) throw new BenchError('--json is for one look at a run; add --once')
  const { terminal } = session
  const { readManifest } = await import('../../store/run-directory.js')
  const { DirectoryFollower } = await import('../live/directory-follower.js')
  const { LiveView } = await import('../live/live-view.js')
  const manifest = readManifest(directory)
  if (manifest.backend === 'simulated')
    throw new BenchError(
      `${directory} holds simulated runs, which are not followed; see ${terminal.command} report ${quoted(directory)}`,
    )
  const follower = new DirectoryFollower(directory, manifest)
  const draw = terminal.outIsTerminal && once !== true
  const view = new LiveView(follower, {
    write: (text) => terminal.raw.out(text),
    size: draw ? () => terminal.size() : undefined,
    columns: terminal.outIsTerminal ? terminal.size().columns : 120,
    colors: terminal.colors,
    advice: `go on with the command that began it, --out ${quoted(directory)} and --resume`,
  })
  const age = Date.now() - statSync(join(directory, 'manifest.json')).mtimeMs
  let interrupted = false
  const onSignal = (): void => {
    interrupted = true
    view.stop()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  endEarlyInterrupt()
  try {
    await view.catchUp()
    if (interrupted) return 0
    const first = follower.view(Date.now())
    if (json === true) {
      printJson(terminal, { directory, ...first })
      return 0
    }
    if (!draw) view.print(first)
    if (once === true) return 0
    const begun = performance.now()
    const over = ({ state }: DirectoryView): boolean =>
      state === 'finished' ||
      state === 'unfinished' ||
      (state === 'waiting' && age + performance.now() - begun > ABOUT_TO_BEGIN)
    const last = await view.follow(over)
    if (interrupted) return 0
    if (draw || last.state !== first.state) view.print(last)
    return last.state === 'finished' ? 0 : 1
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

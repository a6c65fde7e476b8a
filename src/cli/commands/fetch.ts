/** `bench fetch`: brings home the results of a launched run. */
import { setTimeout } from 'node:timers/promises'
import type { Command } from 'commander'
import { plural } from '../../report/format.js'
import type { FetchedRun } from '../../run/launch/fetch-run.js'
import { quoted } from '../arguments.js'
import { endAtSignal } from '../interrupt.js'
import { type Session, examples, printJson } from '../session.js'

interface FetchFlags {
  readonly wait?: true
  readonly json?: true
}

/** Lines of the log of a tuner that failed. */
const LOG_LINES = 20

export function addFetch(program: Command, session: Session): void {
  program
    .command('fetch')
    .description('bring home the results of a launched run, as far as it is')
    .argument('<dir>', 'the directory that "bench launch" made')
    .option('--wait', 'again and again, until the tuner has ended')
    .option('--json', 'print how it stands as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['fetch results/far', 'what there is now'],
        ['fetch results/far --wait', 'until it has ended; Ctrl-C leaves the tuner alone'],
      ]),
    )
    .action(async (directory: string, flags: FetchFlags) => {
      session.exitCode = await fetchResults(directory, flags, session)
    })
}

async function fetchResults(directory: string, { wait, json }: FetchFlags, { terminal }: Session): Promise<number> {
  const { readLaunch } = await import('../../run/launch/launch-record.js')
  const { RunFetcher } = await import('../../run/launch/fetch-run.js')
  const { connectedCalls } = await import('../../run/launch/connected-calls.js')
  const launched = readLaunch(directory)
  // Files are written whole or not at all, and the tuner is far away: nothing needs to come to an end first.
  const answered = endAtSignal(terminal, `what was fetched is in ${directory}; the tuner goes on`)
  const calls = await connectedCalls(launched, (text) => terminal.err(`${text}\n`))
  const fetcher = new RunFetcher(directory, calls)
  let said = ''
  const work = async (): Promise<FetchedRun> => {
    for (;;) {
      const run = await fetcher.fetch()
      const now = `${run.job}: ${run.status}, ${plural(run.files, 'file')}`
      if (now !== said && json !== true) terminal.err(`${(said = now)}\n`)
      if (run.ended || wait !== true) return run
      await setTimeout(launched.pollSeconds * 1000)
    }
  }
  const run = await work().finally(answered)
  if (json === true) printJson(terminal, { directory, ...run })
  else terminal.out(outcome(directory, run, terminal.command))
  if (run.reason !== '') for (const line of await fetcher.lastLines(LOG_LINES)) terminal.err(`  ${line}\n`)
  return run.ended && !run.status.startsWith('Completed') ? 1 : 0
}

function outcome(directory: string, { ended, status, reason, open }: FetchedRun, command: string): string {
  const here = quoted(directory)
  if (!ended) return `It goes on; so far: ${here}\n`
  const missing =
    open === 0
      ? ''
      : `${plural(open, 'training job')} of it had not ended when the tuner did: what they cost is not in its figures until it goes on; ` +
        `"${command} stop ${here}" ends what still runs\n`
  if (status.startsWith('Completed')) return `Result: ${here}\n${missing}Look at it: ${command} report ${here} --open\n`
  const why = reason === '' ? `The tuner ended as ${status}` : `The tuner failed: ${reason}`
  return `${why}\n${missing}What it wrote is in ${here}; the same "${command} launch" with --out ${here} --resume goes on\n`
}

/** `bench compare`: whether a newer run is worse than an older one, for automatic checks. */
import type { Command } from 'commander'
import pc from 'picocolors'
import { BenchError } from '../../core/errors.js'
import { type FailCondition, regressions } from '../../report/regressions.js'
import { parseFailOn } from '../fail-on.js'
import { type Session, examples, printJson } from '../session.js'

interface CompareFlags {
  readonly failOn?: readonly FailCondition[]
  readonly json?: true
}

export function addCompare(program: Command, session: Session): void {
  program
    .command('compare')
    .description('compare the outcome of run directory B with that of A, method by method')
    .argument('<A>', 'a run directory: what was before')
    .argument('<B>', 'another one: what is now')
    .option(
      '--fail-on <condition>',
      "exit with 1 where it holds, judged on the mean: 'regret>2%' or 'hypervolume<-2%'; may be repeated",
      (text: string, before: readonly FailCondition[] = []) => [...before, parseFailOn(text)],
    )
    .option('--json', 'print the comparison as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['compare results/before results/after', 'how much every method changed'],
        ["compare results/before results/after --fail-on 'regret>2%'", 'fails a build where one got 2 % worse'],
      ]),
    )
    .action(async (a: string, b: string, { failOn = [], json }: CompareFlags) => {
      const { terminal } = session
      const { RunDirectory } = await import('../../store/run-directory.js')
      const result = regressions(new RunDirectory(a), new RunDirectory(b), failOn)
      for (const { text, measure } of failOn)
        if (!result.changes.some((change) => change.measure === measure))
          throw new BenchError(`--fail-on ${text}: the runs have one objective and so no hypervolume; use regret`)
      session.exitCode = result.failures.length === 0 ? 0 : 1
      if (json === true) return printJson(terminal, result)
      const { regressionsText } = await import('../../report/regressions-text.js')
      terminal.styled(regressionsText(result, failOn, pc.createColors(terminal.colors)))
    })
}

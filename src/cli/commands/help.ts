/** `bench help`, and what `bench` alone prints. */
import type { Command } from 'commander'
import { BenchError, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import type { Session } from '../session.js'

export function addHelp(program: Command, session: Session): void {
  program
    .command('help')
    .description('explain a command, with examples')
    .argument('[command]')
    .action((name: string | undefined) => {
      if (name === undefined) return program.outputHelp()
      const command = program.commands.find((one) => one.name() === name)
      const names = program.commands.map((one) => one.name())
      if (command === undefined) throw new BenchError(`unknown command ${show(name)}${suggestion(name, names)}`)
      return command.outputHelp()
    })
  program.addHelpText('after', () => `\n${session.terminal.command} alone shows how to begin.`)
}

/** What to do first. */
export function overview({ terminal: { command } }: Session, version: string): string {
  const steps = [
    [
      'Compare methods by replaying recorded trainings; a few seconds for days of training',
      'run asha-vs-default --seeds 5',
    ],
    ['See every decision of one run, and why it was made', 'trace asha-vs-default --method asha --explain'],
    ['See which experiments, tables and recordings there are', 'list'],
    ['Look into a table: search space, best and default configuration, learning curves', 'show ngram-mrpc'],
    [
      'Bring your own learning curves, and compare on them',
      'import csv curves.csv --map map.json --out mine.arrow',
      'run ./my-experiment.ts --tables ./mine.arrow',
    ],
    ['Record a training program into a table of your own', 'record ./my-recording.ts --data DIR --out mine.arrow'],
  ]
  const text = steps.map(
    ([what, ...commands]) => `${what!}:\n${commands.map((one) => `    ${command} ${one}\n`).join('')}`,
  )
  return (
    `rungbench ${version} compares hyperparameter-optimisation schedulers on recorded learning curves.\n\n` +
    `${text.join('\n')}\n` +
    `${command} help COMMAND explains a command; --json on run, list and show prints JSON.\n`
  )
}

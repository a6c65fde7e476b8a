/** `bench record --plan-out` and `--from-journal`: what goes to a machine without Node, and what comes back from it. */
import { tableFromJournal } from '../../record/from-journal.js'
import { planFile, writePlanFile } from '../../record/plan-file.js'
import { programDirectory } from '../../record/recording.js'
import { describeMissing } from '../../record/whole-configurations.js'
import { plural } from '../../report/format.js'
import { loadRecording } from '../../run/catalogue.js'
import { writeTable } from '../../surrogates/write.js'
import { quoted } from '../arguments.js'
import type { Terminal } from '../terminal.js'

/** Writes the plan and says what to carry along. */
export async function writePlan(
  name: string,
  { planOut, data }: { readonly planOut: string; readonly data: string | undefined },
  terminal: Terminal,
): Promise<number> {
  const recording = await loadRecording(name)
  const plan = planFile(recording, data)
  writePlanFile(planOut, plan)
  const files = Object.keys(plan.header.data)
  terminal.out(
    `${planOut} holds ${plural(plan.trainings.length, 'training')} of ${recording.name}\n` +
      `Carry with it trainer/drive.py, and below ${programDirectory(recording.program)}: ${plan.program.paths.join(', ')}\n` +
      (files.length === 0 ? '' : `and below ${data}: ${files.join(', ')}\n`) +
      `There: python3 drive.py plan.json --program DIR${files.length === 0 ? '' : ' --data DIR'} --journal journal.jsonl\n` +
      `Here again: ${terminal.command} record ${quoted(name)} --from-journal journal.jsonl --out ${recording.name}.arrow\n`,
  )
  return 0
}

/** Makes a table of a journal. */
export async function tableOfJournal(
  name: string,
  options: {
    readonly journal: string
    readonly out: string
    readonly data: string | undefined
    readonly allowPartial: boolean | undefined
  },
  terminal: Terminal,
): Promise<number> {
  const { journal, out, data, allowPartial } = options
  const recording = await loadRecording(name)
  const made = tableFromJournal({ recording, journal, dataDir: data, allowPartial })
  writeTable(out, made.table)
  const lacks = describeMissing(made)
  terminal.out(
    `${out} holds ${plural(made.table.rows, 'training')}${lacks === undefined ? '' : ` of ${made.total}: ${lacks}`}\n` +
      `Look at it: ${terminal.command} show ${quoted(out)}\n`,
  )
  if (made.failed > 0)
    terminal.err(`bench: ${plural(made.failed, 'training')} failed; the journal says why: ${journal}\n`)
  return made.failed > 0 ? 1 : 0
}

/** Golden traces: everything that a run decided, one line an event, in a form that people can read and tools can compare. */
import type { Scheduler } from '../core/scheduler.js'
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import type { Cell } from '../run/cell.js'
import { simulateWith } from '../run/simulate.js'
import { EVENT_KINDS } from '../store/run-log.js'
import type { RunSummary } from '../store/run-set.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { TraceSetup, TraceStep } from './trace-step.js'
import { columnLine, endLine, headerLines, stepLine } from './trace-text.js'

/**
 * What one simulated run decided. `String(trace)` is its text; the same arguments give the same text on every machine,
 * as far as the table's values are the same to the last bit.
 */
export class Trace {
  /** The text, line by line: a header, one line an event (with explanations indented below), and how it ended. */
  readonly lines: readonly string[]
  readonly steps: readonly TraceStep[]
  readonly summary: RunSummary
  readonly #setup: TraceSetup
  #explained: Trace | undefined

  constructor(setup: TraceSetup, explain = false) {
    const { table, seed, until = Infinity } = setup
    const notes: (string | undefined)[] = []
    const scheduler = explain ? explaining(setup.scheduler, notes) : setup.scheduler
    const { seconds = Infinity } = setup.cell.stop
    const cell = until < seconds ? { ...setup.cell, stop: { ...setup.cell.stop, seconds: until } } : setup.cell
    const batch = simulateWith(cell, table, [seed], scheduler, setup.searcher)
    this.#setup = setup
    this.summary = batch.summaries[0]!
    this.steps = stepsOf(batch, cell, table, notes)
    this.lines = [
      ...headerLines(setup),
      columnLine(cell.objectives),
      ...this.steps.flatMap((step) => [stepLine(step, cell.objectives.length), ...indented(step.explanation)]),
      endLine(this.summary),
    ]
  }

  /** Why the decision at a step was made: the run is repeated up to there. Undefined where the scheduler does not explain. */
  explain(step: number): string | undefined {
    this.#explained ??= new Trace(this.#setup, true)
    return this.#explained.steps[step]?.explanation
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`
  }
}

function stepsOf(
  { events, trials }: ReturnType<typeof simulateWith>,
  cell: Cell,
  table: SurrogateTable,
  notes: readonly (string | undefined)[],
): TraceStep[] {
  const columns = events.values.slice(0, cell.objectives.length)
  let decisions = 0
  return Array.from(events.kind, (code, i) => {
    const kind = EVENT_KINDS[code]!
    const trial = events.trial[i]!
    const level = events.resource[i]!
    const report = kind === 'continue' || kind === 'pause' || kind === 'stop'
    const explanation = report || kind === 'start' || kind === 'resume' ? notes[decisions++] : undefined
    return {
      time: events.time[i]!,
      trial,
      kind,
      level,
      values: report ? columns.map((column) => column[i]!) : [],
      ...(kind === 'start' && {
        config: trials.configs?.[trial] ?? table.configuration(table.configurationOf[trials.row[trial]!]!),
      }),
      // What a scheduler says of a report at the maximum resource is ignored, and so is why.
      ...(explanation !== undefined && !(report && level === table.levels) && { explanation }),
    }
  })
}

/** A scheduler that is asked for the reason after every answer. One that was given for the answer before says nothing new. */
function explaining(definition: SchedulerDefinition, notes: (string | undefined)[]): SchedulerDefinition {
  return {
    ...definition,
    create(options, context): Scheduler {
      const scheduler = definition.create(options, context)
      let last: string | undefined
      const note = (): void => {
        const text = scheduler.explain?.()
        notes.push(text === last ? undefined : text)
        last = text
      }
      return {
        next(trial) {
          const job = scheduler.next(trial)
          if (typeof job !== 'string') note()
          return job
        },
        onReport(trial, resource, values) {
          const decision = scheduler.onReport(trial, resource, values)
          note()
          return decision
        },
        onEnd: (trial, state) => scheduler.onEnd(trial, state),
      }
    },
  }
}

function indented(explanation: string | undefined): string[] {
  return explanation === undefined ? [] : explanation.split('\n').map((line) => `    ${line}`)
}

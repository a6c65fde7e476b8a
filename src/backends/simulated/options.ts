/** What a simulation assumes about the machinery around a training. Everything is zero unless it is said otherwise. */
import { z } from 'zod'

const seconds = z.number().min(0).finite()

/** A fault that is injected on purpose. */
const faultSchema = z.strictObject({
  /** Share of attempts that suffer it, drawn per (trial, attempt). */
  rate: z.number().min(0).max(1).default(0),
  /** Attempts that suffer it for certain, by trial. */
  trials: z.array(z.int().min(0)).default([]),
  /**
   * `fail`: the program ends with an error; `hang`: it never reports again and keeps its worker;
   * `lost`: its machine is gone, and the worker comes back after `replaceSeconds`.
   */
  kind: z.enum(['fail', 'hang', 'lost']).default('fail'),
  replaceSeconds: seconds.default(0),
})

export const simulationSchema = z.strictObject({
  /** Seconds from the start of an attempt to the beginning of training: `table` takes the recorded ones. */
  startup: z.union([z.literal('table'), seconds]).default('table'),
  /** Seconds for which a worker stays busy after a trial was stopped or paused; nobody else waits. */
  stopDelay: seconds.default(0),
  /** Seconds by which a report arrives late; the training goes on meanwhile. */
  resultDelay: seconds.default(0),
  /** Whether a paused trial goes on where it was (true) or starts over at full cost (false). */
  checkpoints: z.boolean().default(true),
  /** Seconds to save a checkpoint at each pause (the worker stays busy) and to restore it at each resumption. */
  checkpointSave: seconds.default(0),
  checkpointRestore: seconds.default(0),
  /** Seconds that each new start waits for the scheduler's decision; `measured` takes the real time, so runs differ. */
  decision: z.union([z.literal('none'), z.literal('measured'), seconds]).default('none'),
  /**
   * Emulates a tuner that looks at its trials only every so many seconds (Syne Tune: 5): at multiples of it all reports
   * since the last look arrive, trial by trial, and then workers are filled. 0: at once.
   */
  pollInterval: seconds.default(0),
  /** Which configurations a table can answer for. */
  lookup: z
    .union([z.literal('exact'), z.strictObject({ nearest: z.int().min(1).max(64) })])
    .default('exact')
    .describe('exact: draw among the rows; nearest: draw from the space, answer by the mean of the k nearest rows'),
  faults: faultSchema.prefault({}),
})

/** Options of a simulation; see {@link simulationSchema} for their meaning. */
export type SimulationOptions = z.infer<typeof simulationSchema>

/** The options with every default filled in. */
export function simulationOptions(options: z.input<typeof simulationSchema> = {}): SimulationOptions {
  return simulationSchema.parse(options)
}

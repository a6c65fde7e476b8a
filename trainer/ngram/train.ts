/**
 * The training program: reads its arguments, trains one model, prints one report line per epoch.
 * Exit status 0: done; 1: failed; 2: an argument or the data has to be put right.
 */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Arguments, parseArguments } from './arguments.js'
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.js'
import { FAMILIES } from './families.js'
import { FeatureHasher } from './features.js'
import { type GlueData, readGlue } from './glue-data.js'
import { measureLatency } from './latency.js'
import { type Prepared, prepare } from './prepared.js'
import { reportLine, writeNow } from './report-line.js'
import { TASKS } from './tasks.js'
import { Trainer } from './trainer.js'
import { UsageError } from './usage-error.js'

/** Where the program's lines go. */
export interface Output {
  /** Receives text for standard output; false: nobody reads it any more. */
  readonly out: (text: string) => boolean
  /** Receives lines for standard error. */
  readonly error: (line: string) => void
}

/**
 * Runs the program.
 * @param argv arguments after the program's name
 * @returns exit status
 */
export function main(argv: readonly string[], output: Output): number {
  try {
    train(parseArguments(argv), output)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      output.error(`train: ${error.message}`)
      return 2
    }
    output.error(`train: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return 1
  }
}

function train(args: Arguments, output: Output): void {
  const task = TASKS[args.task]!
  const family = FAMILIES[args.model]!
  const data = readGlue(args.data, task)
  output.out(dataLine(data))
  const hasher = new FeatureHasher(family)
  const prepared = prepare(data, hasher)
  const trainer = new Trainer(args, task, family)
  const { parameters } = trainer.model
  const latency_ms = round(measureLatency(trainer.model, hasher, data))
  const directory = args.st_checkpoint_dir
  const identity = identityOf(args, data)
  let elapsed = 0
  if (directory !== undefined) elapsed = restoreCheckpoint(directory, identity, trainer, output.error) ?? 0
  const startup_time = round(performance.now() / 1000)

  while (trainer.epoch < args.epochs) {
    const start = performance.now()
    const results = runEpoch(trainer, prepared)
    // Reported to the microsecond, and later than the epoch before whatever the resolution of the clock.
    elapsed = round(elapsed + Math.max(1e-6, (performance.now() - start) / 1000))
    if (directory !== undefined) saveCheckpoint(directory, identity, trainer, elapsed)
    const times = { elapsed_time: elapsed, cpu_time: round(cpuSeconds()), startup_time }
    if (!output.out(reportLine({ epoch: trainer.epoch, ...times, ...results, latency_ms, parameters }))) return
  }
}

/** Trains and evaluates one epoch. A diverged training goes no further: its epochs are counted, its results are NaN. */
function runEpoch(trainer: Trainer, prepared: Prepared): Record<string, number> {
  const results: Record<string, number> = {}
  const train_loss = trainer.diverged ? trainer.skipEpoch() : trainer.trainEpoch(prepared.train)
  for (const part of ['validation', 'test'] as const) {
    for (const [name, value] of Object.entries(trainer.evaluate(prepared[part]))) results[`${part}_${name}`] = value
  }
  results.train_loss = train_loss
  if (trainer.diverged) for (const name of Object.keys(results)) results[name] = Number.NaN
  return results
}

function dataLine(data: GlueData): string {
  const { train: trained, validation, test, testFile, sha256 } = data
  const counts = { train: trained.gold.length, validation: validation.gold.length, test: test.gold.length }
  return `[data]: ${JSON.stringify({ ...counts, test_file: testFile, sha256 })}\n`
}

/** What a checkpoint must agree with: every argument but the places, and the content of the data. */
function identityOf(args: Arguments, data: GlueData): string {
  const { data: _data, st_checkpoint_dir: _directory, ...rest } = args
  return JSON.stringify({ ...rest, sha256: data.sha256 })
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

function isMain(): boolean {
  try {
    return realpathSync(process.argv[1]!) === realpathSync(fileURLToPath(import.meta.url))
  } catch {
    return false
  }
}

if (isMain()) {
  process.exitCode = main(process.argv.slice(2), { out: writeNow, error: (line) => process.stderr.write(`${line}\n`) })
}

import { FAMILIES } from './families.js'
import { TASKS } from './tasks.js'
import { UsageError } from './usage-error.js'

/** The arguments of one training. */
export interface Arguments {
  /** Key of {@link TASKS}; must be given. */
  readonly task: string
  /** Directory that holds the task folders; must be given. */
  readonly data: string
  /** Key of {@link FAMILIES}. */
  readonly model: string
  /** Peak step size of Adam, above 0. */
  readonly learning_rate: number
  /** Examples per step, an integer of at least 1. */
  readonly batch_size: number
  /** Share of all steps in which the learning rate climbs, 0 to 1. */
  readonly warmup_ratio: number
  /** Decoupled weight decay, at least 0. */
  readonly weight_decay: number
  /** Share of head inputs that are dropped in training, at least 0 and below 1. */
  readonly dropout: number
  /** Passes over the training part, an integer of at least 1; also sets the length of the schedule. */
  readonly epochs: number
  /** Integer from 0 to 2^53 - 1: initial values, order of examples, dropout. */
  readonly seed: number
  /** Where to keep a checkpoint; absent: none is kept. */
  readonly st_checkpoint_dir?: string
}

/** Values of the arguments that may be left out. */
export const DEFAULTS = {
  model: 'words',
  learning_rate: 0.003,
  batch_size: 32,
  warmup_ratio: 0.1,
  weight_decay: 0.01,
  dropout: 0.1,
  epochs: 27,
  seed: 0,
} as const

interface Rule {
  readonly says: string
  readonly cure: string
  readonly parse: (text: string) => string | number | undefined
}

function numeric(says: string, cure: string, allowed: (value: number) => boolean): Rule {
  return {
    says,
    cure,
    parse: (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return Number.isFinite(value) && allowed(value) ? value : undefined
    },
  }
}

function choice(names: readonly string[]): Rule {
  return {
    says: `must be one of ${names.join(', ')}`,
    cure: `give one of these names, such as ${names[0]}`,
    parse: (text) => (names.includes(text) ? text : undefined),
  }
}

const directory: Rule = {
  says: 'must be a directory name',
  cure: 'give the path of a directory',
  parse: (text) => (text === '' ? undefined : text),
}

const RULES: Readonly<Record<string, Rule>> = {
  task: choice(Object.keys(TASKS)),
  data: directory,
  model: choice(Object.keys(FAMILIES)),
  learning_rate: numeric('must be a number above 0', 'give a value such as 0.003', (value) => value > 0),
  batch_size: numeric(
    'must be an integer of at least 1',
    'give a value such as 32',
    (value) => Number.isInteger(value) && value >= 1,
  ),
  warmup_ratio: numeric(
    'must be a number from 0 to 1',
    'give a value such as 0.1',
    (value) => value >= 0 && value <= 1,
  ),
  weight_decay: numeric('must be a number of at least 0', 'give a value such as 0.01', (value) => value >= 0),
  dropout: numeric('must be at least 0 and below 1', 'give a value such as 0.1', (value) => value >= 0 && value < 1),
  epochs: numeric(
    'must be an integer of at least 1',
    'give a value such as 27',
    (value) => Number.isInteger(value) && value >= 1,
  ),
  seed: numeric(
    'must be an integer from 0 to 2^53 - 1',
    'give a value such as 0',
    (value) => Number.isSafeInteger(value) && value >= 0,
  ),
  st_checkpoint_dir: directory,
}

/**
 * Reads `--name value` pairs.
 * @throws UsageError naming the argument, the value got, the rule and the cure
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const values: Record<string, string | number> = { ...DEFAULTS }
  const given = new Set<string>()
  for (let i = 0; i < argv.length; i += 2) {
    const flag = argv[i]!
    const name = flag.slice(2)
    const rule = flag.startsWith('--') && Object.hasOwn(RULES, name) ? RULES[name] : undefined
    if (rule === undefined) {
      const known = Object.keys(RULES).map((key) => `--${key}`)
      throw new UsageError(`${flag}: is not an argument of this program; use "--name value" with ${known.join(', ')}`)
    }
    if (given.has(name)) throw new UsageError(`${flag}: is given twice; give it once`)
    given.add(name)
    const text = argv[i + 1]
    if (text === undefined) throw new UsageError(`${flag}: has no value; ${rule.cure}`)
    const value = rule.parse(text)
    if (value === undefined) throw new UsageError(`${flag}: ${rule.says}, got "${text}"; ${rule.cure}`)
    values[name] = value
  }
  for (const name of ['task', 'data']) {
    if (!given.has(name)) throw new UsageError(`--${name}: is missing and ${RULES[name]!.says}; ${RULES[name]!.cure}`)
  }
  return values as unknown as Arguments
}

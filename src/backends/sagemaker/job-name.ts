/** Names of training jobs: unique in account and region for ever, so that one that exists is known to be ours. */
import { invalid } from '../../core/errors.js'

/** Of CreateTrainingJob: `^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`. Source: SageMaker API reference, CreateTrainingJob. */
const PATTERN = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/
const LONGEST = 63

/** Which job of which trial. */
export interface JobPlace {
  readonly trial: number
  readonly attempt: number
  /** How often the attempt was given a job before. */
  readonly restarts: number
}

/** What the names of all jobs of an experiment begin with. @param id letters and digits, unique to the experiment */
export function experimentPrefix(experiment: string, id: string): string {
  const slug = experiment
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 16)
    .replace(/-+$/, '')
  return `${slug === '' ? 'rungbench' : slug}-${id}-`
}

/** What the names of all jobs of one run begin with. */
export function runPrefix(prefix: string, cell: number, seed: number): string {
  return `${prefix}c${cell}-s${seed}-`
}

/** @throws BenchError if it would be too long */
export function jobName(prefix: string, { trial, attempt, restarts }: JobPlace): string {
  const name = `${prefix}t${trial}-a${attempt}-r${restarts}`
  if (name.length > LONGEST || !PATTERN.test(name))
    throw invalid('the name of a training job', name, `must have ${LONGEST} letters, digits and dashes at most`)
  return name
}

/** Back from a name; undefined for a job of something else. */
export function jobPlace(prefix: string, name: string): JobPlace | undefined {
  if (!name.startsWith(prefix)) return undefined
  const found = /^t(\d+)-a(\d+)-r(\d+)$/.exec(name.slice(prefix.length))
  return found === null ? undefined : { trial: Number(found[1]), attempt: Number(found[2]), restarts: Number(found[3]) }
}

/** The laws of schedulers, each as a check of one made-up run; see section "Laws" of docs/testing.md for their meaning. */
import { mix } from '../../core/random.js'
import type { SchedulerLaws } from '../../core/schedulers/definition.js'
import { traitsOf } from '../../core/schedulers/traits.js'
import { type Setting, chance } from './chance-backend.js'
import { type Change, type Pair, type Turn, lastTurns, lossOf, play } from './play.js'

export interface Law {
  readonly name: string
  /** The law that a scheduler declares; undefined for laws that bind every scheduler. */
  readonly declared?: keyof SchedulerLaws
  /** Undefined, or why the law says nothing of a scheduler. */
  readonly skip?: (pair: Pair) => string | undefined
  /** @throws Error if the law is broken */
  check(pair: Pair, setting: Setting): void
}

/** Laws that bind every scheduler under every searcher. */
export const requiredLaws: readonly Law[] = [
  {
    name: 'same seed, same decisions, whether explained or not',
    check(pair, setting) {
      same(play(pair, setting), play(pair, setting), 'the same run decided twice differs')
      same(play(pair, setting), play(pair, setting, { explain: true }), 'explain() changes what is decided')
    },
  },
  {
    name: 'a trial that was stopped, failed or completed never runs again',
    check(pair, setting) {
      const ended = new Map<number, string>()
      const turns = play(pair, setting)
      for (const [i, { trial, kind }] of turns.entries()) {
        if (ended.has(trial))
          broken(`trial ${trial} runs again after it ended (${ended.get(trial)!})`, turns.slice(0, i + 1))
        if (kind === 'stop' || kind === 'completed' || kind === 'failed') ended.set(trial, kind)
      }
    },
  },
  {
    name: 'at most the announced number of trials run, and something does',
    check(pair, setting) {
      const turns = play(pair, setting)
      const started = turns.filter(({ kind }) => kind === 'start').length
      if (started === 0 || started > setting.trials) broken(`${started} of ${setting.trials} trials ran`, turns)
    },
  },
  {
    name: 'a scheduler that says it never pauses a trial never does',
    check(pair, setting) {
      if (traitsOf(pair.scheduler, pair.options as Readonly<Record<string, unknown>>).pauses) return
      const turns = play(pair, setting)
      const paused = turns.findIndex(({ kind }) => kind === 'pause')
      if (paused >= 0) broken('a trial is paused', turns.slice(0, paused + 1))
    },
  },
  {
    name: 'a trial that reports no number never goes on',
    check(pair, given) {
      // There are levels before the last, and every other trial has NaN in one objective.
      const setting = { ...given, maxResource: given.maxResource + 1 }
      const turns = play(pair, setting, {
        loss: (trial, level, objective) =>
          trial % 2 === 0 && objective === setting.key % setting.goals.length
            ? Number.NaN
            : lossOf(setting, trial, level, objective),
      })
      // What is said of a report at the last level is ignored; that may be the only level of a copy.
      const wrong = turns.findIndex(
        ({ trial, kind, level }) => trial % 2 === 0 && GOING_ON.includes(kind) && level < setting.maxResource,
      )
      if (wrong >= 0) broken('a trial goes on after NaN', turns.slice(0, wrong + 1))
    },
  },
  {
    name: 'a number never loses to NaN',
    check(pair, setting) {
      // Until the first decision that differs both runs are the same but for the values of one trial, and that trial
      // is the one that turned worst; whoever is judged first after it can only be judged as before or better.
      const bad = setting.key % setting.trials
      const before = play(pair, setting)
      const after = play(pair, setting, {
        loss: (trial, level, objective) =>
          trial === bad && objective === mix(setting.key, 7) % setting.goals.length
            ? Number.NaN
            : lossOf(setting, trial, level, objective),
      })
      const at = before.findIndex(({ text }, i) => text !== after[i]?.text)
      const [was, is] = [before[at], after[at]]
      if (was === undefined || is === undefined || was.trial !== is.trial) return
      const own = was.trial === bad
      // With several objectives the place of another trial may hang on distances that the bad one was a part of.
      if (!own && pair.scheduler.objectives === 'all') return
      const [rankWas, rankIs] = [JUDGEMENTS.indexOf(was.kind), JUDGEMENTS.indexOf(is.kind)]
      if (rankWas < 0 || rankIs < 0) return
      if (own ? rankIs > rankWas : rankIs < rankWas)
        broken(
          `trial ${is.trial} is judged ${own ? 'better' : 'worse'} because trial ${bad} reported NaN: ` +
            `${was.kind} became ${is.kind}`,
          after.slice(0, at + 1),
        )
    },
  },
]

/** What a trial that has reported NaN must not do. */
const GOING_ON: readonly Turn['kind'][] = ['resume', 'continue', 'pause']

/** Decisions on a report, worst first. */
const JUDGEMENTS: readonly Turn['kind'][] = ['stop', 'pause', 'continue']

/** Laws that a scheduler declares, and what follows from what it ranks by. */
export const declaredLaws: readonly Law[] = [
  {
    name: 'dominance: a trial better than every other in every objective is never stopped',
    declared: 'dominance',
    check(pair, given) {
      const setting = { ...given, disturbed: false }
      const best = setting.key % setting.trials
      const turns = play(pair, setting, {
        loss: (trial, level, objective) => (trial === best ? -level : lossOf(setting, trial, level, objective)),
      })
      const stopped = turns.findIndex(({ trial, kind }) => trial === best && kind === 'stop')
      if (stopped >= 0) broken(`trial ${best} is better than every other and is stopped`, turns.slice(0, stopped + 1))
      // Where fewer than eta trials came to its level it may stay paused: one of eta passes.
      const mine = turns.findLast(({ trial }) => trial === best)
      const { reductionFactor = 3 } = pair.options as { readonly reductionFactor?: number }
      const others = turns.filter(
        ({ trial, level, kind }) => trial !== best && level === mine?.level && kind === 'pause',
      )
      if (mine?.kind === 'pause' && others.length >= Math.max(3, reductionFactor))
        broken(`trial ${best} is better than every other and stays paused at level ${mine.level} for good`, turns)
    },
  },
  {
    name: 'monotone: decisions do not change under an increasing transform of an objective',
    declared: 'monotone',
    check(pair, setting) {
      const before = play(pair, setting)
      const increasing = (f: (loss: number) => number): Change => ({
        report: (value, objective) => (objective === chosen(setting) ? Math.sign(value) * f(Math.abs(value)) : value),
      })
      same(
        before,
        play(
          pair,
          setting,
          increasing((x) => x ** 3),
        ),
        'the cube of an objective changes a decision',
      )
      // On (0, 3], and falling losses stay falling on the other side of zero.
      const logarithm: Change = {
        report: (value, objective) =>
          objective === chosen(setting) ? Math.sign(value) * (Math.log(Math.abs(value)) * 3 - 7) : value,
      }
      same(before, play(pair, setting, logarithm), 'the logarithm of an objective changes a decision')
    },
  },
  {
    name: 'mirror: decisions do not change when an objective and its goal are turned round',
    declared: 'mirror',
    check(pair, setting) {
      const mirrored: Change = {
        goals: setting.goals.map((goal, i) => (i === chosen(setting) ? (goal === 'min' ? 'max' : 'min') : goal)),
      }
      same(play(pair, setting), play(pair, setting, mirrored), 'turning an objective round changes a decision')
    },
  },
  {
    name: 'rescale: decisions do not change when an objective is multiplied by a positive number',
    declared: 'rescale',
    check(pair, setting) {
      // By a power of two, which is exact in floating point.
      const factor = 2 ** ((mix(setting.key, 3) % 41) - 20)
      const rescaled: Change = {
        report: (value, objective) => (objective === chosen(setting) ? value * factor : value),
      }
      same(play(pair, setting), play(pair, setting, rescaled), `an objective times ${factor} changes a decision`)
    },
  },
  {
    name: 'ranks by the first objective only',
    skip: ({ scheduler }) => (scheduler.objectives === 'all' ? 'it ranks by all objectives' : undefined),
    check(pair, setting) {
      const alone = play(pair, setting)
      for (const goal of ['min', 'max'] as const) {
        const two = play(
          pair,
          { ...setting, goals: [setting.goals[0]!, goal] },
          {
            loss: (trial, level, objective) =>
              objective === 0 ? lossOf(setting, trial, level, 0) : anyNumber(setting, trial, level),
          },
        )
        same(alone, two, `a second objective changes a decision (its goal: ${goal})`)
      }
    },
  },
]

/** Of either sign, from 0.001 to 1000: whatever number a rule compares with, values lie on both sides of it. */
function anyNumber(setting: Setting, trial: number, level: number): number {
  const size = 10 ** (6 * chance(setting, trial, level, 21) - 3)
  return chance(setting, trial, level, 22) < 0.5 ? size : -size
}

/** Which objective a law changes. */
function chosen({ key, goals }: Setting): number {
  return mix(key, 1) % goals.length
}

function same(a: readonly Turn[], b: readonly Turn[], what: string): void {
  const at = a.findIndex(({ text }, i) => text !== b[i]?.text)
  if (at < 0 && a.length === b.length) return
  const end = at < 0 ? a.length : at
  const lines = [lastTurns(a.slice(0, end), 6), `- ${a[end]?.text ?? 'the end'}`, `+ ${b[end]?.text ?? 'the end'}`]
  throw new Error(`${what}\n${lines.filter((line) => line !== '').join('\n')}`)
}

function broken(what: string, turns: readonly Turn[]): never {
  throw new Error(`${what}\n${lastTurns(turns)}`)
}

import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Random } from '../../../trainer/ngram/random.js'
import { main } from '../../../trainer/ngram/train.js'

const WORDS = 'the a red blue cat dog house river runs sleeps sees finds slowly never often under over near'.split(' ')

/** Real data beside the repository, where there is any. */
export const REAL_DATA = resolve('..', 'shared', 'data', 'glue')

/** Why tests of real data do not run here, or undefined where they do. */
export const noRealData = existsSync(join(REAL_DATA, 'MRPC', 'train.tsv')) ? undefined : `no GLUE data in ${REAL_DATA}`

/** Writes small made-up data in GLUE's layout: a label follows from the words, so that there is something to learn. */
export function writeFixture(examples = 60): string {
  const directory = mkdtempSync(join(tmpdir(), 'ngram-glue-'))
  const random = Random.stream(5, 'fixture')
  const word = (): string => WORDS[Math.floor(random.uniform() * WORDS.length)]!
  const sentence = (): string[] => Array.from({ length: 4 + Math.floor(random.uniform() * 6) }, word)
  const pair = (): [string, string, number] => {
    const first = sentence()
    const kept = random.uniform()
    const second = first.map((each) => (random.uniform() < kept ? each : word()))
    return [first.join(' '), second.join(' '), first.filter((each, i) => each === second[i]).length / first.length]
  }
  const rows = <T>(count: number, row: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => row(i))
  const write = (folder: string, file: string, lines: readonly string[]): void => {
    mkdirSync(join(directory, folder), { recursive: true })
    writeFileSync(join(directory, folder, file), `${lines.join('\n')}\n`)
  }
  const mrpc = (i: number): string => {
    const [a, b, same] = pair()
    return `${same > 0.6 ? 1 : 0}\t${i}\t${i + 1}\t${a}\t${b}`
  }
  const stsb = (i: number): string => {
    const [a, b, same] = pair()
    return `${i}\tmade\tup\t2024\t${i}\tnone\tnone\t${a}\t${b}\t${(5 * same).toFixed(3)}`
  }
  const cola = (): string => {
    const words = sentence()
    const right = !words.includes('never')
    return `xx01\t${right ? 1 : 0}\t${right ? '' : '*'}\t${words.join(' ')}.`
  }
  const mrpcHeader = '\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String'
  const stsbHeader = 'index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore'
  write('MRPC', 'train.tsv', [mrpcHeader, ...rows(examples, mrpc)])
  write('MRPC', 'test.tsv', [mrpcHeader, ...rows(20, mrpc)])
  write('CoLA', 'train.tsv', rows(examples, cola))
  write('CoLA', 'dev.tsv', rows(20, cola))
  write('STS-B', 'train.tsv', [stsbHeader, ...rows(examples, stsb)])
  write('STS-B', 'dev.tsv', [stsbHeader, ...rows(20, stsb)])
  write('STS-B', 'test.tsv', [stsbHeader, ...rows(20, stsb)])
  return directory
}

/** What a run of the program in this process gave. */
export interface Run {
  readonly status: number
  readonly lines: readonly string[]
  readonly errors: readonly string[]
}

/** Calls the program; with `stopAfter`, nobody reads after so many report lines, as when the reader has gone. */
export function run(argv: readonly string[], stopAfter = Infinity): Run {
  const lines: string[] = []
  const errors: string[] = []
  const out = (text: string): boolean => {
    lines.push(text)
    return lines.length <= stopAfter
  }
  const status = main(argv, { out, error: (line) => errors.push(line) })
  return { status, lines, errors }
}

/** The reports of a run, NaN as such. */
export function reports(lines: readonly string[]): Record<string, number>[] {
  const tag = '[tune-metric]: '
  return lines
    .filter((line) => line.startsWith(tag))
    .map((line) => JSON.parse(line.slice(tag.length).replaceAll(':NaN', ':"NaN"')) as Record<string, number | string>)
    .map((values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)])))
}

/** Reports without what a clock gave. */
export function withoutTimes(all: readonly Record<string, number>[]): Record<string, number>[] {
  return all.map(({ elapsed_time: _e, cpu_time: _c, startup_time: _s, latency_ms: _l, ...rest }) => rest)
}

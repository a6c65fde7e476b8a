/** Where a table's numbers come from, in words. */
import { formatCount, plural } from './format.js'

/** As it stands in a table's metadata. */
export type ProvenanceDocument = Readonly<Record<string, unknown>> & { readonly kind: string }

/** As a table says it: of how many trainings it is known, how many shared a device, most others beside one. */
export interface SharedTrainings {
  readonly known: number
  readonly trainings: number
  readonly most: number
}

/** What each kind of provenance says first; what else it holds is left to `--json`. */
export function provenanceFacts(given: ProvenanceDocument): [string, string][] {
  const entries: [string, unknown][] = [['kind', given.kind]]
  const at = (value: unknown, key: string): unknown => (value as Record<string, unknown> | undefined)?.[key]
  switch (given.kind) {
    case 'recorded': {
      const { program, data, hardware, from, to, workers } = given
      entries.push(
        ['program', `${String(at(program, 'name'))}, sha256 ${String(at(program, 'sha256')).slice(0, 16)}`],
        ['data', at(data, 'name')],
        ['when', `${minute(from)} to ${minute(to)} UTC`],
        [
          'machine',
          [
            processor(at(hardware, 'cpu'), at(hardware, 'cores')),
            ...(at(hardware, 'gpu') === undefined ? [] : [String(at(hardware, 'gpu'))]),
            `${plural(Number(workers), 'training')} at a time`,
          ].join(', '),
        ],
      )
      for (const [i, part] of list(given['parts']).entries()) entries.push([`part ${i + 1}`, partText(part)])
      break
    }
    case 'imported':
      entries.push(['source', given['source']], ['licence', given['licence']])
      break
    case 'modelled':
      entries.push(['from', given['from']], ['rule', given['rule']], ['prices', pricesText(given['prices'])])
      break
    default:
      entries.push(['generator', given['generator']], ['seed', given['seed']])
  }
  for (const warning of list(given['warnings'])) entries.push(['warning', warning])
  return entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)])
}

/** The columns whose numbers come from elsewhere than the rest, e.g. times by a rule. */
export function columnFacts(columns: Readonly<Record<string, ProvenanceDocument>> = {}): [string, string][] {
  return Object.entries(columns).map(([name, origin]) => {
    const source = { modelled: 'rule', imported: 'source', synthetic: 'generator' }[origin.kind]
    const text = source === undefined ? undefined : origin[source]
    return [name, text === undefined ? origin.kind : `${origin.kind}: ${String(text)}`]
  })
}

/** @param cores 0 where nobody knows */
function processor(cpu: unknown, cores: unknown): string {
  return Number(cores) > 0 ? `${String(cpu)}, ${plural(Number(cores), 'core')}` : String(cpu)
}

/** A table that a merged one was made of. */
function partText(part: unknown): string {
  const { table, trainings, from, to, hardware, workers, sha256 } = part as Record<string, unknown>
  const { cpu, cores, gpu } = (hardware ?? {}) as Record<string, unknown>
  const machine = gpu === undefined ? processor(cpu, cores) : String(gpu)
  return (
    `${String(table)}: ${plural(Number(trainings), 'training')}, ${minute(from)} to ${minute(to)} UTC, ${machine}, ` +
    `${plural(Number(workers), 'training')} at a time, sha256 ${String(sha256).slice(0, 16)}`
  )
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** How many trainings did not have their device to themselves. */
export function besideOthers({ known, trainings, most }: SharedTrainings): string {
  if (trainings === 0) return `none of ${plural(known, 'training')} shared its device`
  const others = most === 1 ? 'one other' : `up to ${formatCount(most)} others`
  return `${formatCount(trainings)} of ${plural(known, 'training')} shared the device with ${others}`
}

/** `a list, 2026-01`; undefined where a table has none. */
function pricesText(prices: unknown): string | undefined {
  if (prices === undefined) return undefined
  const { source, date } = prices as { readonly source?: unknown; readonly date?: unknown }
  return `${String(source)}, ${date == null ? 'no date given' : String(date)}`
}

/** `2026-01-02 03:04` */
function minute(time: unknown): string {
  return String(time).slice(0, 16).replace('T', ' ')
}

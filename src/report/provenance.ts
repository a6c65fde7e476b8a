/** Where a table's numbers come from, in words. */
import { plural } from './format.js'

/** As it stands in a table's metadata. */
export type ProvenanceDocument = Readonly<Record<string, unknown>> & { readonly kind: string }

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
          `${String(at(hardware, 'cpu'))}, ${plural(Number(at(hardware, 'cores')), 'core')}, ${plural(Number(workers), 'training')} at a time`,
        ],
      )
      break
    }
    case 'imported':
      entries.push(['source', given['source']], ['licence', given['licence']])
      break
    case 'modelled':
      entries.push(['from', given['from']], ['rule', given['rule']])
      break
    default:
      entries.push(['generator', given['generator']], ['seed', given['seed']])
  }
  return entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)])
}

/** `2026-01-02 03:04` */
function minute(time: unknown): string {
  return String(time).slice(0, 16).replace('T', ' ')
}
